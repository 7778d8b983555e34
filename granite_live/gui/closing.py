"""Closing while a session listens: the last words get their text first."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from granite_live.gui import notices
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.notices import NoticeBar

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
