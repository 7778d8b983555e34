"""Read and write the settings file, atomically and privately."""

from __future__ import annotations

import json
import logging
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

from granite_live.messages import joined
from granite_live.messages.settings import SettingsMessage
from granite_live.settings.model import Settings
from granite_live.util import paths
from granite_live.util.errors import SettingsError
from granite_live.util.private_file import write_atomically

_log = logging.getLogger(__name__)


class DamagedSettingsError(SettingsError):
    """The file can be read but does not contain settings. `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason.rstrip(".")
        super().__init__(SettingsMessage.DAMAGED(path=path, reason=self.reason))


def settings_path() -> Path:
    """Return the path of the settings file. It may not exist yet."""
    return paths.config_dir() / "settings.json"


def read_settings() -> tuple[Settings, tuple[str, ...]]:
    """Return the stored settings, and clauses on values that cannot be used.

    An invalid value, such as one of a newer version, does not affect the others: it is replaced by
    its default, and a clause such as "the setting tier cannot be 'int4': choose ..." describes it.
    Without a file all values are defaults.

    Raises:
        DamagedSettingsError: The file has other content.
        SettingsError: The file cannot be read.
    """
    path = settings_path()
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)  # reading a named pipe would block forever
        content = path.read_bytes() if is_file else b""
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        raise SettingsError(SettingsMessage.UNREADABLE(path=path, reason=error.strerror)) from error
    if not is_file:
        raise SettingsError(SettingsMessage.NOT_A_FILE(path=path))
    if not content:
        raise DamagedSettingsError(path, SettingsMessage.FILE_EMPTY())
    try:
        # From bytes, because json detects UTF-8 with a byte order mark, UTF-16 and UTF-32.
        stored = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedSettingsError(path, str(error)) from error
    if not isinstance(stored, dict):
        raise DamagedSettingsError(path, SettingsMessage.NOT_JSON_OBJECT())
    return Settings.from_stored(stored)


def load_settings() -> Settings:
    """Return the stored settings; invalid values are logged and replaced by defaults. Never raises.

    For use after the start of a front end, which has informed the user already.
    """
    try:
        settings, unusable = read_settings()
    except SettingsError as error:
        _log.warning("the usual settings are in force: %s", error)
        return Settings()
    for clause in unusable:
        _log.warning("the usual value is in force: %s", clause)
    return settings


def load_or_back_up() -> tuple[Settings, str]:
    """Return the stored settings, and a sentence for the user if they are partly unusable.

    The unusable file is kept once under a name with the time: a file with other content is renamed;
    one with some invalid values is copied, and its other values stay stored. A file that cannot be
    read stays. Never raises because of the file.
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
            return Settings(), SettingsMessage.DEFAULTS_NOT_SET_ASIDE(reason=error, refused=refused)
        return Settings(), SettingsMessage.ALL_REPLACED(reason=error.reason, aside=aside)
    except SettingsError as error:
        return Settings(), SettingsMessage.DEFAULTS_UNTIL_THEN(reason=error)
    if not unusable:
        return settings, ""
    reasons = joined(unusable, "; ")
    try:
        shutil.copy2(path, aside)
        save_settings(settings)
    except (OSError, SettingsError):
        return settings, SettingsMessage.SOME_UNUSABLE(reasons=reasons)
    return settings, SettingsMessage.SOME_REPLACED(reasons=reasons, aside=aside)


def save_settings(settings: Settings) -> None:
    """Write the settings atomically, readable by their owner only.

    Raises:
        SettingsError: They cannot be written.
    """
    path = settings_path()
    # JSON escapes unpaired surrogates, as in file names of a broken encoding.
    text = json.dumps(settings.stored(), indent=2, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise SettingsError(SettingsMessage.UNWRITABLE(path=path, reason=error.strerror)) from error
