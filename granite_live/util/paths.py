"""Folders that the program uses: data, settings, logs, sockets, models, and the shipped assets."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

from granite_live.messages.session import AppMessage

_APP = "granite-live"


def data_dir() -> Path:
    """Return the folder of models and sessions. It may not exist yet."""
    home = os.environ.get("GRANITE_LIVE_HOME")
    if home:
        return Path(home).expanduser().absolute()
    return platformdirs.user_data_path(_APP, appauthor=False)


def config_dir() -> Path:
    """Return the folder of the settings. It may not exist yet."""
    home = os.environ.get("GRANITE_LIVE_HOME")
    return data_dir() if home else platformdirs.user_config_path(_APP, appauthor=False)


def log_dir() -> Path:
    """Return the folder of the log files. It may not exist yet."""
    home = os.environ.get("GRANITE_LIVE_HOME")
    return data_dir() / "log" if home else platformdirs.user_log_path(_APP, appauthor=False)


def runtime_dir() -> Path:
    """Return the folder of sockets, which belongs to this user alone. It may not exist yet.

    It is never a shared folder, in which another user could create a socket first.
    """
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_absolute() and _is_private(Path(given)):
        return Path(given) / _APP
    return data_dir() / "run"


def models_dir() -> Path:
    """Return the folder of the installed bundles, one folder each."""
    return data_dir() / "models"


def _is_private(folder: Path) -> bool:
    try:
        facts = folder.stat()
    except OSError:
        return False
    return sys.platform != "win32" and facts.st_uid == os.getuid() and not facts.st_mode & 0o077


def assets_dir() -> Path:
    """Return the folder of the files that ship with the program.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "assets", package.parent / "assets"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(AppMessage.ASSETS_MISSING(folder=package))


def demo_bundle_dir() -> Path:
    """Return the folder of the demo model that ships with the program."""
    return assets_dir() / "demo"
