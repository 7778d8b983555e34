"""The file of the settings: whole, private, never misread."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from granite_live import paths
from granite_live.errors import SettingsError
from granite_live.settings.model import Settings
from granite_live.whole_file import write_whole


class DamagedSettingsError(SettingsError):
    """The file is there and can be read, but does not hold settings. `reason` says why not."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason.rstrip(".")
        super().__init__(
            f"The settings in {path} cannot be used ({self.reason}): mend the file or delete it."
        )


def settings_path() -> Path:
    """Return the settings' file. It need not exist yet."""
    return paths.config_dir() / "settings.json"


def load_settings() -> Settings:
    """Return the stored settings, or the usual ones where nothing is stored.

    Raises:
        SettingsError: The file cannot be read, or holds something else.
    """
    path = settings_path()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"The settings in {path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise DamagedSettingsError(path, str(error)) from error
    if not isinstance(stored, dict):
        raise DamagedSettingsError(path, "it does not hold a JSON object")
    try:
        return Settings.from_stored(stored)
    except SettingsError as error:
        raise DamagedSettingsError(path, str(error)) from error


def load_or_set_aside() -> tuple[Settings, str]:
    """Return the stored settings and "", or the usual ones and a sentence to show.

    A file that holds something else is renamed, with the time in its name; one that cannot be
    read stays where it is. Never raises because of the file.
    """
    try:
        return load_settings(), ""
    except DamagedSettingsError as error:
        path = settings_path()
        stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")
        aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
        try:
            path.replace(aside)
        except OSError as refused:
            return Settings(), f"{error} Until then the usual settings are used ({refused})."
        return Settings(), (
            f"The settings could not be used ({error.reason}), so the usual ones are in force. "
            f"The old file is '{aside}'."
        )
    except SettingsError as error:
        return Settings(), f"{error} Until then the usual settings are in force."


def save_settings(settings: Settings) -> None:
    """Write the settings, whole or not at all, readable by their owner only.

    Raises:
        SettingsError: They cannot be written.
    """
    path = settings_path()
    # Half a surrogate pair, as in a file's name of a broken encoding, is escaped by JSON.
    text = json.dumps(settings.stored(), indent=2, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise SettingsError(
            f"The settings cannot be written to {path} ({error.strerror}): check the disk and your "
            f"rights to that folder."
        ) from error
