"""The settings page for the program: tray icon and autostart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QSystemTrayIcon

from granite_live.desktop import autostart
from granite_live.gui.settings_dialog.form import Change, FormPage
from granite_live.settings import Settings
from granite_live.util.errors import GraniteError


class ProgramPage(FormPage):
    """Changes apply at once."""

    def __init__(self, settings: Settings, change: Change, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell
        self.tray = QCheckBox(self.tr("Stay in the tray when closed"), self)
        self.tray.setChecked(settings.stay_in_tray)
        self.tray.toggled.connect(lambda is_on: change(stay_in_tray=is_on))
        self.wide(self.tray)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self.hint(self.tr("This desktop has no tray: closing the window ends the program."))
        self.autostart = QCheckBox(self.tr("Start when I log in"), self)
        self._show_autostart()
        self.autostart.toggled.connect(self._set_autostart)
        self.wide(self.autostart)
        self.hint(self.tr("It starts in the tray if it may stay there, else with its window."))

    def _set_autostart(self, is_on: bool) -> None:
        try:
            if is_on:
                autostart.turn_on(autostart.program_command())
            else:
                autostart.turn_off()
        except GraniteError as error:
            self._tell(str(error))
            self._show_autostart()
        else:
            self._tell("")

    def _show_autostart(self) -> None:
        """Show the system's autostart state, which other programs may change."""
        with QSignalBlocker(self.autostart):
            try:
                self.autostart.setChecked(autostart.is_on())
            except GraniteError as error:
                self._tell(str(error))
                self.autostart.setEnabled(False)
