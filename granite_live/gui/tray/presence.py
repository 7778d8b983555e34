"""Keep the program running in the tray without its window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from granite_live.gui.main_window import MainWindow
from granite_live.gui.tray.tray import Tray
from granite_live.settings import Settings


class Program(QApplication):
    """The QApplication. Emits `leaving` when the system or the menu asks it to quit.

    Without that, a window that only hides on closing would block quitting.
    """

    leaving = Signal()

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))

    def event(self, event: QEvent) -> bool:
        """Emit `leaving` on a quit event."""
        if event.type() is QEvent.Type.Quit:
            self.leaving.emit()
        return super().event(event)


class Presence(QObject):
    """If the user wants it and there is a tray, closing the window only hides it."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        tray: Tray,
        is_available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(window)
        self._app, self._window, self._tray = app, window, tray
        self._is_available = is_available
        self._has_begun = False
        self.is_in_tray = False
        """Whether the icon is shown, so that the program outlives its window."""

    def begin(self, *, in_tray: bool) -> None:
        """Show the window, unless it starts in an available tray."""
        if not (in_tray and self.is_in_tray):
            self._window.show()
        self._has_begun = True

    def take_over(self, settings: Settings) -> None:
        """Apply the settings."""
        self.is_in_tray = settings.stay_in_tray and self._is_available()
        self._window.stays = self.is_in_tray
        self._app.setQuitOnLastWindowClosed(not self.is_in_tray)
        self._tray.show(self.is_in_tray)
        if self._has_begun and not self.is_in_tray and not self._window.isVisible():
            self._window.bring_forward()  # there is no other way to the window

    def let_go(self) -> None:
        """Let closing the window close it, because the program ends."""
        self._window.stays = False

    def leave(self) -> None:
        """Quit the program."""
        self.let_go()
        self._app.closeAllWindows()
        self._app.quit()

    def end(self) -> None:
        """Remove the icon."""
        self.let_go()
        self._app.setQuitOnLastWindowClosed(True)
        self._tray.close()
