"""Where the program keeps its files: one place decides, `GRANITE_LIVE_HOME` overrides."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "granite-live"


def data_dir() -> Path:
    """Return the folder of models and sessions. It need not exist yet."""
    home = os.environ.get("GRANITE_LIVE_HOME")
    if home:
        return Path(home).expanduser().absolute()
    return platformdirs.user_data_path(_APP, appauthor=False)


def config_dir() -> Path:
    """Return the folder of the settings. It need not exist yet."""
    home = os.environ.get("GRANITE_LIVE_HOME")
    return data_dir() if home else platformdirs.user_config_path(_APP, appauthor=False)


def log_dir() -> Path:
    """Return the folder of the log files. It need not exist yet."""
    home = os.environ.get("GRANITE_LIVE_HOME")
    return data_dir() / "log" if home else platformdirs.user_log_path(_APP, appauthor=False)


def models_dir() -> Path:
    """Return the folder that holds the installed bundles, one folder each."""
    return data_dir() / "models"
