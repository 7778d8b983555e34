"""Whether the program goes on without its window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from granite_live.gui.main_window import MainWindow
from granite_live.gui.tray.tray import Tray
from granite_live.settings import Settings


class Program(QApplication):
    """Qt's application. `leaving` tells that the system, or its menu, wants to end it.

    Without that a window that only hides when it is closed would refuse.
    """

    leaving = Signal()

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))

    def event(self, event: QEvent) -> bool:
        """See what the system wants."""
        if event.type() is QEvent.Type.Quit:
            self.leaving.emit()
        return super().event(event)


class Presence(QObject):
    """Where the user wants it and there is a tray, closing the window hides it only."""

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
        """Whether the icon is there, and the program stays when its window is closed."""

    def begin(self, *, in_tray: bool) -> None:
        """Show the window, unless it is to stay in the tray and there is one."""
        if not (in_tray and self.is_in_tray):
            self._window.show()
        self._has_begun = True

    def take_over(self, settings: Settings) -> None:
        """Do as the settings say."""
        self.is_in_tray = settings.stay_in_tray and self._is_available()
        self._window.stays = self.is_in_tray
        self._app.setQuitOnLastWindowClosed(not self.is_in_tray)
        self._tray.show(self.is_in_tray)
        if self._has_begun and not self.is_in_tray and not self._window.isVisible():
            self._window.bring_forward()  # there is no other way to it any more

    def let_go(self) -> None:
        """Let the window be closed when the program ends."""
        self._window.stays = False

    def leave(self) -> None:
        """End the program, with the window or without."""
        self.let_go()
        self._app.closeAllWindows()
        self._app.quit()

    def end(self) -> None:
        """Take the icon away."""
        self.let_go()
        self._app.setQuitOnLastWindowClosed(True)
        self._tray.close()
