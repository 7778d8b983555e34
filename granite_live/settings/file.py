"""The file of the settings: whole, private, never misread."""

from __future__ import annotations

import json
import logging
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

from granite_live import paths
from granite_live.errors import SettingsError
from granite_live.settings.model import Settings
from granite_live.whole_file import write_whole

_log = logging.getLogger(__name__)


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


def read_settings() -> tuple[Settings, tuple[str, ...]]:
    """Return the stored settings, and what in the file cannot be used.

    A value that cannot be used, as one of a newer version, costs no other: the usual value stands
    for it, and a clause such as "the setting tier cannot be 'int4': choose ..." names it. Where
    nothing is stored all values are the usual ones.

    Raises:
        DamagedSettingsError: The file holds something else.
        SettingsError: The file cannot be read.
    """
    path = settings_path()
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)  # reading a named pipe would never end
        content = path.read_bytes() if is_file else b""
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        raise SettingsError(f"The settings in {path} cannot be read ({error.strerror}).") from error
    if not is_file:
        raise SettingsError(f"The settings in {path} cannot be read (it is not a file).")
    if not content:
        raise DamagedSettingsError(path, "the file is empty")
    try:
        # From bytes: json knows UTF-8 with a byte order mark, UTF-16 and UTF-32 too.
        stored = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedSettingsError(path, str(error)) from error
    if not isinstance(stored, dict):
        raise DamagedSettingsError(path, "it does not hold a JSON object")
    return Settings.from_stored(stored)


def load_settings() -> Settings:
    """Return the stored settings; what cannot be used is as usual, and is logged. Never raises.

    For whoever needs them in the middle of the work: a front end has told the user at its start.
    """
    try:
        settings, unusable = read_settings()
    except SettingsError as error:
        _log.warning("the usual settings are in force: %s", error)
        return Settings()
    for clause in unusable:
        _log.warning("the usual value is in force: %s", clause)
    return settings


def load_or_set_aside() -> tuple[Settings, str]:
    """Return the stored settings, and a sentence for the user if not all of them can be used.

    What cannot be used is set aside under a name with the time, once: a file that holds something
    else is renamed; one with some values that cannot be used is copied, and its other values stay
    stored. A file that cannot be read stays where it is. Never raises because of the file.
    """
    path = settings_path()
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        settings, unusable = read_settings()
    except DamagedSettingsError as error:
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
    if not unusable:
        return settings, ""
    reasons = "; ".join(unusable)
    try:
        shutil.copy2(path, aside)
        save_settings(settings)
    except (OSError, SettingsError):
        return settings, f"Some settings are as usual, because they cannot be used ({reasons})."
    return settings, (
        f"Some settings are as usual, because they could not be used ({reasons}). The old file is "
        f"'{aside}'."
    )


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
