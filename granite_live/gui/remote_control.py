"""Commands of other programs for the window: the same as its buttons and keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from granite_live import __version__
from granite_live.app.control import (
    ControlAnswer,
    ControlRequest,
    RefusedError,
    Status,
    Verb,
)
from granite_live.gui.dictation.controller import DictationController
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.main_controller import MainController
from granite_live.messages.control import ControlMessage

Answer = Callable[[ControlAnswer], None]

_STATES = {
    SessionActivity.IDLE: "idle",
    SessionActivity.STARTING: "starting",
    SessionActivity.RUNNING: "listening",
    SessionActivity.PAUSED: "paused",
    SessionActivity.STANDBY: "paused",
    SessionActivity.STOPPING: "stopping",
}


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An answer that is sent when the session has one of these activities."""

    activities: frozenset[SessionActivity]
    answer: Answer


class RemoteControl(QObject):
    """Does what other programs ask, and answers when that has happened."""

    def __init__(
        self,
        live: LiveSession,
        controller: MainController,
        dictation: DictationController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._live, self._controller, self._dictation = live, controller, dictation
        self._waiting: list[_Waiting] = []
        live.activity_changed.connect(lambda _activity: self._answer_waiting())
        live.failed.connect(self._start_failed)
        live.ended.connect(lambda _id: self._answer_all())

    def handle(self, request: ControlRequest, answer: Answer) -> None:
        """Do what was asked; `answer` is called with the new state or the reason."""
        try:
            awaited = self._do(request)
        except RefusedError as error:
            answer(ControlAnswer.refused(error))
            return
        if not awaited or self._live.activity in awaited:
            answer(ControlAnswer(self.status()))
        else:
            self._waiting.append(_Waiting(awaited, answer))

    def status(self) -> Status:
        """Return what the window does now."""
        return Status(
            program="window",
            state=_STATES[self._live.activity],
            hears=self._live.is_hearing,
            captions=self._controller.captions.is_shown,
            dictates=self._dictation.dictation.is_down,
            pid=os.getpid(),
            version=__version__,
        )

    def _do(self, request: ControlRequest) -> frozenset[SessionActivity]:
        """Start what was asked; return the activities that end it, none if it is done already."""
        match request.verb:
            case Verb.START:
                return self._start()
            case Verb.STOP:
                return self._stop()
            case Verb.TOGGLE:
                is_free = self._live.activity in (SessionActivity.IDLE, SessionActivity.STANDBY)
                return self._start() if is_free else self._stop()
            case Verb.PAUSE:
                return self._pause()
            case Verb.CANCEL:
                if not self._dictation.dictation.is_cancelable:
                    raise RefusedError(ControlMessage.NO_DICTATION)
                self._dictation.dictation.cancel()
            case Verb.CAPTIONS:
                self._show_captions(request.action)
            case Verb.DICTATE:
                self._dictate(request.action)
            case Verb.STATUS:
                pass
        return frozenset()

    def _start(self) -> frozenset[SessionActivity]:
        match self._live.activity:
            case SessionActivity.IDLE | SessionActivity.STANDBY:
                self._controller.start()
            case SessionActivity.PAUSED:
                self._live.resume()
            case SessionActivity.STOPPING:
                raise RefusedError(ControlMessage.STOPPING)
            case SessionActivity.STARTING:
                # A session for dictation begins paused.
                return frozenset({SessionActivity.RUNNING, SessionActivity.STANDBY})
        return frozenset({SessionActivity.RUNNING})

    def _stop(self) -> frozenset[SessionActivity]:
        if not self._live.is_active:
            return frozenset()
        if self._live.activity is not SessionActivity.STOPPING:
            self._live.stop()
        return frozenset({SessionActivity.STOPPING, SessionActivity.IDLE})

    def _pause(self) -> frozenset[SessionActivity]:
        if self._live.activity is SessionActivity.STANDBY:
            return frozenset()  # nothing is recorded
        if self._live.activity not in (SessionActivity.RUNNING, SessionActivity.PAUSED):
            raise RefusedError(ControlMessage.NO_SESSION)
        self._live.pause()
        return frozenset({SessionActivity.PAUSED})

    def _show_captions(self, action: str) -> None:
        captions = self._controller.captions
        if action == "show":
            captions.open()
        elif action == "hide":
            captions.close()
        else:
            captions.toggle()

    def _dictate(self, action: str) -> None:
        if action == "hold":
            self._dictation.hold()
        elif action == "release":
            self._dictation.release()
        else:
            self._dictation.toggle_dictation()

    def _answer_waiting(self) -> None:
        activity = self._live.activity
        reached = [one for one in self._waiting if activity in one.activities]
        self._waiting = [one for one in self._waiting if activity not in one.activities]
        for one in reached:
            one.answer(ControlAnswer(self.status()))

    def _answer_all(self) -> None:
        """Answer at the end of a session: what is still awaited does not happen any more."""
        if self._live.is_followed:
            return
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.answer(ControlAnswer(self.status()))

    def _start_failed(self, sentence: str) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.answer(ControlAnswer(error="not_started", message=sentence))
