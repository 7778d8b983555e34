"""The settings dialog. Changes apply at once."""

from granite_live.gui.settings_dialog.dialog import SettingsDialog

__all__ = ["SettingsDialog"]
