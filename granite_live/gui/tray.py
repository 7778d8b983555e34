"""The tray icon, and whether the program goes on without its window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import status
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.widgets import pixmap
from granite_live.settings import Settings

_SIDE_PX = 32
_DOT_PX = 14


class TrayIcon(QObject):
    """The icon and its menu, whose actions do what the window's own ones do."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Create the hidden icon."""
        super().__init__(parent)
        self._activity = SessionActivity.IDLE
        self._is_hearing = False
        self.menu = QMenu()
        self.state = self.menu.addAction("")
        self.state.setEnabled(False)
        self.menu.addSeparator()
        self.start_stop = self.menu.addAction("")
        self.pause = self.menu.addAction("")
        self.menu.addSeparator()
        self.window = self.menu.addAction(self.tr("Show the window"))
        self.captions = self.menu.addAction(self.tr("Captions overlay"))
        self.dictation = self.menu.addAction(self.tr("Dictation pad"))
        for switch in (self.captions, self.dictation):
            switch.setCheckable(True)
        self.settings = self.menu.addAction(self.tr("Settings…"))
        self.menu.addSeparator()
        self.quit = self.menu.addAction(self.tr("Quit"))
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        follow_theme(self._draw)

    def _draw(self) -> None:
        self.set_activity(self._activity)

    def set_activity(self, activity: SessionActivity) -> None:
        """Show the session's activity."""
        self._activity = activity
        is_idle = activity in (SessionActivity.IDLE, SessionActivity.STANDBY)
        is_paused = activity is SessionActivity.PAUSED
        is_listening = activity is SessionActivity.RUNNING and self._is_hearing
        told = self.tr("Listening") if is_listening else status.activity(activity)
        self.state.setText(told)
        self.icon.setToolTip(self.tr("Granite Live: {0}").format(told))
        self.start_stop.setText(
            self.tr("Start listening") if is_idle else self.tr("Stop listening")
        )
        self.start_stop.setEnabled(activity is not SessionActivity.STOPPING)
        self.pause.setText(self.tr("Resume") if is_paused else self.tr("Pause"))
        self.pause.setVisible(activity in (SessionActivity.RUNNING, SessionActivity.PAUSED))
        self.icon.setIcon(self._picture())

    def set_hearing(self, is_hearing: bool) -> None:
        """Show whether sound arrives."""
        self._is_hearing = is_hearing
        self.set_activity(self._activity)

    def show(self, is_shown: bool) -> None:
        """Show or hide the icon."""
        self.icon.setVisible(is_shown)

    def show_message(self, sentence: str) -> None:
        """Show a sentence in a message beside the icon."""
        self.icon.showMessage(QApplication.applicationDisplayName(), sentence, self.icon.icon())

    def close(self) -> None:
        """Remove the icon."""
        self.icon.hide()
        self.menu.deleteLater()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.window.trigger()

    def _picture(self) -> QIcon:
        """Return the program's icon, with a dot while the microphone is in use."""
        drawn = pixmap("granite-live", "", _SIDE_PX, 2.0)
        colors = current_theme().colors
        ink = {
            SessionActivity.RUNNING: colors.danger_fill,
            SessionActivity.PAUSED: colors.warning,
            SessionActivity.STANDBY: colors.warning,
            SessionActivity.STARTING: colors.warning,
            SessionActivity.STOPPING: colors.warning,
        }.get(self._activity)
        if ink is not None:
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            at = _SIDE_PX - _DOT_PX
            painter.setBrush(QColor(colors.page))
            painter.drawEllipse(QRectF(at, at, _DOT_PX, _DOT_PX))
            painter.setBrush(QColor(ink))
            painter.drawEllipse(QRectF(at, at, _DOT_PX, _DOT_PX).adjusted(2, 2, -2, -2))
            painter.end()
        return QIcon(drawn)


class DesktopApplication(QApplication):
    """The QApplication. Emits `quit_requested` when the system or the menu asks it to quit.

    Without that, a window that only hides on closing would block quitting.
    """

    quit_requested = Signal()

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))

    def event(self, event: QEvent) -> bool:
        """Emit `quit_requested` on a quit event."""
        if event.type() is QEvent.Type.Quit:
            self.quit_requested.emit()
        return super().event(event)


class TrayMode(QObject):
    """If the user wants it and there is a tray, closing the window only hides it."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        tray: TrayIcon,
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

    def apply_settings(self, settings: Settings) -> None:
        """Apply the settings."""
        self.is_in_tray = settings.stay_in_tray and self._is_available()
        self._window.hides_on_close = self.is_in_tray
        self._app.setQuitOnLastWindowClosed(not self.is_in_tray)
        self._tray.show(self.is_in_tray)
        if self._has_begun and not self.is_in_tray and not self._window.isVisible():
            self._window.bring_forward()  # there is no other way to the window

    def allow_close(self) -> None:
        """Let closing the window close it, because the program ends."""
        self._window.hides_on_close = False

    def quit(self) -> None:
        """Quit the program."""
        self.allow_close()
        self._app.closeAllWindows()
        self._app.quit()

    def end(self) -> None:
        """Remove the icon."""
        self.allow_close()
        self._app.setQuitOnLastWindowClosed(True)
        self._tray.close()
