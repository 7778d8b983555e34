"""Commands of other programs for a running `granite-live listen`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from granite_live import __version__
from granite_live.app.control import (
    ControlAnswer,
    ControlRequest,
    RefusedError,
    Status,
    Verb,
    open_control_server,
)
from granite_live.messages.control import ControlMessage
from granite_live.session import events

if TYPE_CHECKING:
    from granite_live.session.session import Session

_STATES = {
    "waiting": "starting",
    "listening": "listening",
    "catching_up": "listening",
    "recording_only": "listening",
    "paused": "paused",
    "stopping": "stopping",
}
_HEARING = frozenset({"listening", "catching_up", "recording_only"})
_STATE_S = 5.0
"""The session reports a pause within this time."""


class RemoteControl:
    """Follows a session's events, and pauses, resumes and stops it as other programs ask.

    `show` receives every event.
    """

    def __init__(self, show: Callable[[events.SessionEvent], None]) -> None:
        self._show = show
        self._session: Session | None = None
        self._state = "waiting"
        self._changed = threading.Condition()

    def show(self, event: events.SessionEvent) -> None:
        """Take a session's event and pass it on."""
        if isinstance(event, events.StateChanged):
            with self._changed:
                self._state = event.state
                self._changed.notify_all()
        self._show(event)

    @contextmanager
    def controlling(self, session: Session) -> Iterator[None]:
        """Take commands while the block runs, unless another `listen` already does."""
        self._session = session
        server = open_control_server(self.handle)
        try:
            yield
        finally:
            if server is not None:
                server.close()

    def handle(self, request: ControlRequest) -> ControlAnswer:
        """Do what was asked and return the new state. Called in the server's thread.

        Raises:
            RefusedError: The session cannot do this.
        """
        session, state = self._session, _STATES[self._state]
        assert session is not None
        is_paused = state == "paused"
        if request.verb in (Verb.CAPTIONS, Verb.DICTATE):
            raise RefusedError(ControlMessage.WINDOW_ONLY, verb=request.verb.value)
        if request.verb is Verb.CANCEL:
            raise RefusedError(ControlMessage.NO_DICTATION)
        if state == "stopping" and request.verb not in (Verb.STOP, Verb.STATUS):
            raise RefusedError(ControlMessage.STOPPING)
        if request.verb is Verb.STOP:
            session.stop()
        elif is_paused and request.verb in (Verb.START, Verb.TOGGLE):
            session.resume()
            self._wait_until(lambda: self._state != "paused")
        elif not is_paused and request.verb in (Verb.PAUSE, Verb.TOGGLE):
            session.pause()
            self._wait_until(lambda: self._state == "paused")
        return ControlAnswer(self._status())

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            self._changed.wait_for(condition, _STATE_S)

    def _status(self) -> Status:
        return Status(
            program="listen",
            state=_STATES[self._state],
            hears=self._state in _HEARING,
            captions=False,
            dictates=False,
            pid=os.getpid(),
            version=__version__,
        )
