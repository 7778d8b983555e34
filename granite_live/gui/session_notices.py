"""Notices about the running session: shown when something happens, removed when it is settled."""

from __future__ import annotations

from PySide6.QtCore import QObject

from granite_live.gui import notices
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.messages import status
from granite_live.gui.notices import NoticeBar
from granite_live.session import events


class SessionNotices(QObject):
    """Shows what a running session reports."""

    def __init__(self, live: LiveSession, bar: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._bar = live, bar
        self._is_silent = False
        live.activity_changed.connect(self._handle_activity)
        live.event_received.connect(self._handle_event)
        live.failed.connect(self._show_start_problem)

    def _show_start_problem(self, sentence: str) -> None:
        self._bar.show_message(sentence, is_problem=True, subject=notices.START)

    def _handle_activity(self, activity: SessionActivity) -> None:
        bar = self._bar
        match activity:
            case SessionActivity.STARTING:
                bar.withdraw_messages()
                bar.withdraw(notices.START, notices.SESSION, notices.DISK, notices.INPUT)
            case SessionActivity.PAUSED:
                bar.withdraw(notices.PLAYBACK)
                # A source may be silent while nothing is recorded.
                if self._is_silent:
                    bar.withdraw(notices.INPUT)
            case SessionActivity.IDLE:
                self._is_silent = False
                bar.withdraw(notices.INPUT, notices.DISK, notices.PLAYBACK)

    def _handle_event(self, event: events.SessionEvent) -> None:
        sentence = status.problem(event)
        match event:
            case events.DeviceLost(reason=reason):
                self._is_silent = status.is_silence(reason)
                is_paused = self._live.activity is SessionActivity.PAUSED
                if not (self._is_silent and is_paused):
                    self._bar.show_message(sentence, is_problem=True, subject=notices.INPUT)
            case events.DeviceRecovered(device=device):
                was_silent, self._is_silent = self._is_silent, False
                self._bar.withdraw(notices.INPUT)
                if not was_silent:
                    text = self.tr("{0} is back.").format(device)
                    self._bar.show_message(text, subject=notices.INPUT)
            case events.DiskChanged(unwritten_s=unwritten_s):
                is_problem = bool(unwritten_s)
                self._bar.show_message(sentence, is_problem=is_problem, subject=notices.DISK)
            case events.WorkerRestarted() | events.ModelReady() if sentence:
                self._bar.show_message(sentence)
            case _ if sentence:
                self._bar.show_message(sentence, is_problem=True, subject=notices.SESSION)
