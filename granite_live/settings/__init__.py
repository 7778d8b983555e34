"""The user's settings, in a small file that all front ends share."""

from granite_live.settings.kinds import Keep, Retention
from granite_live.settings.model import (
    MAX_EDITING_PASSES,
    Settings,
    load_or_back_up,
    load_settings,
    read_settings,
    save_settings,
    settings_path,
)

__all__ = [
    "MAX_EDITING_PASSES",
    "Keep",
    "Retention",
    "Settings",
    "load_or_back_up",
    "load_settings",
    "read_settings",
    "save_settings",
    "settings_path",
]
