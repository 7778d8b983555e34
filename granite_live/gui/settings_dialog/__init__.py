"""The settings: what is changed is in force at once."""

from granite_live.gui.settings_dialog.dialog import SettingsDialog

__all__ = ["SettingsDialog"]
