"""The user's settings, in a small file that all front ends share."""

from granite_live.settings.file import (
    load_or_set_aside,
    load_settings,
    read_settings,
    save_settings,
    settings_path,
)
from granite_live.settings.kinds import Keep, Retention
from granite_live.settings.model import MOST_EDITING_PASSES, Settings

__all__ = [
    "MOST_EDITING_PASSES",
    "Keep",
    "Retention",
    "Settings",
    "load_or_set_aside",
    "load_settings",
    "read_settings",
    "save_settings",
    "settings_path",
]
