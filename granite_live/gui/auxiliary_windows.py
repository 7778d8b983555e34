"""The dictation window and the tray icon beside the main window, and how the program closes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from granite_live.gui import notices
from granite_live.gui.background import Background
from granite_live.gui.dictation.controller import DictationController
from granite_live.gui.dictation.platform import PlatformServices, system_services
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.main_controller import MainController
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import status
from granite_live.gui.notices import NoticeBar
from granite_live.gui.preferences import Preferences
from granite_live.gui.tray import TrayIcon, TrayMode
from granite_live.session import events
from granite_live.settings import Settings

FINISH_MS = 3000
"""The longest time that closing waits for the last text. The rest is left to recovery."""

_BUSY = (
    SessionActivity.RUNNING,
    SessionActivity.PAUSED,
    SessionActivity.STANDBY,
    SessionActivity.STOPPING,
)


class SpeechFinisher(QObject):
    """Holds the program open until what was said has its text. Emits `finished` once then."""

    finished = Signal()

    def __init__(self, live: LiveSession, bar: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._bar = live, bar
        self._is_over = False
        self._timer = QTimer(self, singleShot=True, interval=FINISH_MS)
        self._timer.timeout.connect(self._finish)
        live.activity_changed.connect(self._handle_activity)

    def hold(self) -> bool:
        """Stop listening; return whether closing must wait. A second request does not wait."""
        if self._is_over or self._timer.isActive() or self._live.activity not in _BUSY:
            self.give_up()
            return False
        self._bar.show_message(
            self.tr("Finishing the last text. The window then closes by itself."),
            subject=notices.CLOSING,
        )
        self._timer.start()
        if self._live.activity is not SessionActivity.STOPPING:
            self._live.stop()
        return True

    def give_up(self) -> None:
        """Wait no more: the computer shuts down, or the user insists."""
        self._is_over = True
        self._timer.stop()

    def _handle_activity(self, activity: SessionActivity) -> None:
        if activity is SessionActivity.IDLE and self._timer.isActive():
            self._finish()

    def _finish(self) -> None:
        self.give_up()
        self.finished.emit()


_END_S = 1.0


class AuxiliaryWindows(QObject):
    """Connects the dictation window and the tray icon with the main window and its session."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        live: LiveSession,
        controller: MainController,
        preferences: Preferences,
        background: Background,
        services: PlatformServices | None = None,
    ) -> None:
        super().__init__(window)
        self._app, self._window, self._preferences = app, window, preferences
        self.dictation = DictationController(
            live,
            lambda: controller.start(is_dictation=True),
            preferences,
            background,
            window.ui_state,
            services or system_services(),
            self,
        )
        self.tray = TrayIcon(self)
        self.tray_mode = TrayMode(app, window, self.tray)
        self.finisher = SpeechFinisher(live, window.session_view.notices, self)
        self.finisher.finished.connect(self._close)
        window.actions_by_id.bind("quit", self.tray_mode.quit)
        window.must_stay_open = self.finisher.hold
        self._connect_dictation(controller)
        self._connect_tray(live, controller)
        self.apply_settings(preferences.settings)

    def begin(self, *, in_tray: bool = False) -> None:
        """Show the main window or only the tray icon, and the dictation window if configured."""
        self.tray_mode.begin(in_tray=in_tray)
        # The packages for the keyboard are imported when the window has been painted.
        QTimer.singleShot(0, self.dictation, self.dictation.begin)
        if self._preferences.settings.dictation_at_start:
            self.dictation.open()

    def apply_settings(self, settings: Settings) -> None:
        """Apply the settings."""
        self.tray_mode.apply_settings(settings)

    def allow_end_at_once(self) -> None:
        """Let the program end at once: a window that stays open would stop the shutdown."""
        self.tray_mode.allow_close()
        self.finisher.give_up()

    def end(self) -> bool:
        """End everything; return whether nothing is left running."""
        self.tray_mode.end()
        return self.dictation.end(_END_S)

    def _close(self) -> None:
        self._window.close()
        if not self._app.quitOnLastWindowClosed():
            self._app.quit()

    def _connect_dictation(self, controller: MainController) -> None:
        dictation, window, table = self.dictation, self._window, self._window.actions_by_id
        dictation.indicator.keep_free = window.control_bar_on_screen
        table.bind("dictate", dictation.toggle_dictation)
        window.closing.connect(dictation.close)
        table.bind("dictation", dictation.toggle)
        controller.first_start.connect_dictation(dictation)
        dictation.message_posted.connect(window.session_view.notices.show_message)
        for action in (self.tray.dictation, table["dictation"]):
            dictation.open_changed.connect(action.setChecked)

    def _connect_tray(self, live: LiveSession, controller: MainController) -> None:
        tray, window, table = self.tray, self._window, self._window.actions_by_id
        tray.window.triggered.connect(window.bring_forward)
        tray.settings.triggered.connect(window.bring_forward)
        for action, name in (
            (tray.start_stop, "start_stop"),
            (tray.pause, "pause"),
            (tray.captions, "captions"),
            (tray.dictation, "dictation"),
            (tray.settings, "settings"),
            (tray.quit, "quit"),
        ):
            action.triggered.connect(table[name].trigger)
        controller.captions.visibility_changed.connect(tray.captions.setChecked)
        live.activity_changed.connect(tray.set_activity)
        live.hearing_changed.connect(tray.set_hearing)
        live.failed.connect(self._notify_in_tray)
        live.event_received.connect(self._handle_event)

    def _handle_event(self, event: events.SessionEvent) -> None:
        # Notes on the model are not problems; the main window shows them.
        if not isinstance(event, events.ModelReady):
            self._notify_in_tray(status.problem(event))

    def _notify_in_tray(self, sentence: str) -> None:
        """Show a problem in the tray if the main window is hidden."""
        if sentence and self.tray_mode.is_in_tray and not self._window.isVisible():
            self.tray.show_message(sentence)
