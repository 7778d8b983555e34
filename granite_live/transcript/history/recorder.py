"""Writes a running session into the library as it is made."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from granite_live.errors import HistoryError
from granite_live.live import events
from granite_live.transcript.history.database import DamagedHistoryError
from granite_live.transcript.history.library import Library
from granite_live.transcript.history.records import (
    NewSession,
    NewUtterance,
    SessionState,
    UtteranceState,
)

_log = logging.getLogger(__name__)

# A session must not wait for its list: what cannot be written now is written later.
_WAIT_S = 0.25
# At the end nobody is kept from anything.
_LAST_WAIT_S = 5.0
# Hours of speech. Beyond it the oldest are left to the journal, which has them all.
_MAX_WAITING = 10_000
_SAMPLE_RATE_HZ = 16_000

Write = Callable[[Library], object]


class Recorder:
    """A listener of one session's events. To be closed when the session is over.

    It never raises because of the library, and needs none to begin with: what cannot be written,
    the session's own line included, is tried again with the next result, and once more at
    `close`. A damaged library is replaced by a new one at the beginning. Commits survive a kill of
    the program at once and a power cut as soon as the system has written them; the journal has
    everything either way.
    """

    def __init__(
        self,
        session: int | NewSession,
        path: Path | None = None,
        on_trouble: Callable[[str], None] = _log.warning,
    ) -> None:
        """Open the library for a session.

        Args:
            session: One that `Library.create_session` made, or one to be made.
            path: The library's file, usually the program's own.
            on_trouble: Told, from the session's threads, a sentence when the library does
                not take something, and one when it takes everything again.
        """
        self.session_id = session if isinstance(session, int) else 0
        """The session's id, 0 as long as the library did not take it."""
        self.is_renewed = False
        """Whether the library was damaged, so that a new one has this session alone."""
        self._new = None if isinstance(session, int) else session
        self._path = path
        self._on_trouble = on_trouble
        self._library: Library | None = None
        self._lock = threading.Lock()
        self._waiting: deque[Write] = deque(maxlen=_MAX_WAITING)
        self._in_trouble = self._is_closed = False
        self.left_out = 0
        """How many results the library did not take; they are in the journal."""
        with self._lock:
            self._write(_WAIT_S)

    def __call__(self, event: events.Event) -> None:
        """Store what is to be kept of the event, if anything."""
        write = self._write_for(event)
        if write is None:
            return
        with self._lock:
            if self._is_closed:
                return
            if len(self._waiting) == _MAX_WAITING:
                self.left_out += 1
            self._waiting.append(write)
            self._write(_WAIT_S)

    def withdraw(self) -> None:
        """Take a session that did not begin out of the library, and close."""
        with self._lock:
            if self._library is not None and self._new is not None and self.session_id:
                with contextlib.suppress(HistoryError):
                    self._library.set_state(self.session_id, SessionState.FINISHED)
                    self._library.delete_session(self.session_id)
            self._new = None
            self._waiting.clear()
        self.close()

    def close(self) -> None:
        """Write what still waits, and close. Doing so twice does no harm."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            if self._waiting or (self._new is not None and not self.session_id):
                self._write(_LAST_WAIT_S)
            self.left_out += len(self._waiting)
            if self._library is not None:
                self._library.close()

    def _write(self, wait_s: float) -> None:
        try:
            library = self._opened(wait_s)
            library.set_wait(wait_s)
            while self._waiting:
                self._waiting[0](library)
                self._waiting.popleft()
        except HistoryError as error:
            if not self._in_trouble:
                self._in_trouble = True
                self._on_trouble(f"{error} The session itself is recorded all the same.")
        else:
            if self._in_trouble:
                self._in_trouble = False
                self._on_trouble("The list of sessions is complete again.")

    def _opened(self, wait_s: float) -> Library:
        """Return the library, which has the session from then on.

        Raises:
            HistoryError: It cannot be opened, or does not take the session.
        """
        if self._library is None:
            self._library = self._open(wait_s, checks=False)
        if not self.session_id and self._new is not None:
            try:
                self.session_id = self._library.create_session(self._new)
            except DamagedHistoryError:
                self._library.close()
                self._library = None
                self._library = self._open(wait_s, checks=True)
                self.session_id = self._library.create_session(self._new)
        return self._library

    def _open(self, wait_s: float, *, checks: bool) -> Library:
        library, sentence = Library.open_or_renew(
            self._path, wait_s=wait_s, durable=False, any_thread=True, checks=checks
        )
        if sentence:
            self.is_renewed = True
            self._on_trouble(sentence)
        return library

    def _write_for(self, event: events.Event) -> Write | None:
        match event:
            case events.Provisional() | events.Final() | events.Failed():
                new = utterance_of(event)
                return lambda library: library.put_utterance(self.session_id, new)
            case events.ModelReady(model=model):
                return lambda library: library.set_model(self.session_id, model)
            case events.Closed(failed=failed, needs_recovery=unfinished, samples_received=samples):
                # Without all its texts, or its end, it can be recovered.
                is_whole = not failed and not unfinished
                state = SessionState.FINISHED if is_whole else SessionState.INTERRUPTED
                duration_s = samples / _SAMPLE_RATE_HZ
                return lambda library: library.set_state(self.session_id, state, duration_s)
        return None


def utterance_of(event: events.Provisional | events.Final | events.Failed) -> NewUtterance:
    """Return the result that an event tells, as the library takes it."""
    number, start_s, end_s = event.utterance, event.start_s, event.end_s
    if isinstance(event, events.Failed):
        state = UtteranceState.FAILED
        return NewUtterance(number, start_s, end_s, state=state, reason=event.reason)
    if isinstance(event, events.Provisional):
        return NewUtterance(
            *(number, start_s, end_s, event.text, event.words),
            state=UtteranceState.PROVISIONAL,
        )
    return NewUtterance(
        *(number, start_s, end_s, event.text, event.words, event.confidence, event.draft_text),
    )
