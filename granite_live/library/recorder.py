"""Write a running session into the library."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from granite_live.library.database import DamagedHistoryError
from granite_live.library.library import Library
from granite_live.library.records import NewSession, NewUtterance, SessionState, UtteranceState
from granite_live.messages import without
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.util.errors import HistoryError

_log = logging.getLogger(__name__)

# A session must not wait for the library: a failed write is repeated later.
_WAIT_S = 0.25
# At the end, waiting delays nothing.
_LAST_WAIT_S = 5.0
# Hours of speech. Beyond that, the oldest results exist only in the journal.
_MAX_WAITING = 10_000
_SAMPLE_RATE_HZ = 16_000

Write = Callable[[Library], object]


class LibraryRecorder:
    """A listener of one session's events. Close it when the session is over.

    It never raises `HistoryError`: failed writes, also of the session itself, are repeated with the
    next result and once more at `close`. A damaged library is replaced at the beginning. A commit
    survives a killed process at once and a power cut once the system has written it; the journal
    has everything either way.
    """

    def __init__(
        self,
        session: int | NewSession,
        path: Path | None = None,
        on_error: Callable[[str], None] = _log.warning,
    ) -> None:
        """Open the library for a session.

        Args:
            session: The id from `Library.create_session`, or a session to create.
            path: The library's file, by default the program's.
            on_error: Receives, from the session's threads, a sentence when writing fails and when
                it works again.
        """
        self.session_id = session if isinstance(session, int) else 0
        """The session's id, 0 until the library has stored it."""
        self.is_library_replaced = False
        """Whether the library was damaged and replaced, so that only this session is in it."""
        self._new = None if isinstance(session, int) else session
        self._path = path
        self._on_error = on_error
        self._library: Library | None = None
        self._lock = threading.Lock()
        self._pending: deque[Write] = deque(maxlen=_MAX_WAITING)
        self._is_failing = self._is_closed = False
        self.unsaved_results = 0
        """How many results were not stored; they are in the journal."""
        with self._lock:
            self._write(_WAIT_S)

    def __call__(self, event: events.SessionEvent) -> None:
        """Store the event's content, if it has any to store."""
        write = self._write_for(event)
        if write is None:
            return
        with self._lock:
            if self._is_closed:
                return
            if len(self._pending) == _MAX_WAITING:
                self.unsaved_results += 1
            self._pending.append(write)
            self._write(_WAIT_S)

    def discard(self) -> None:
        """Delete a session that did not start from the library, and close."""
        with self._lock:
            if self._library is not None and self._new is not None and self.session_id:
                with contextlib.suppress(HistoryError):
                    self._library.set_state(self.session_id, SessionState.FINISHED)
                    self._library.delete_session(self.session_id)
            self._new = None
            self._pending.clear()
        self.close()

    def close(self) -> None:
        """Write pending results and close. May be called twice."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            if self._pending or (self._new is not None and not self.session_id):
                self._write(_LAST_WAIT_S)
            self.unsaved_results += len(self._pending)
            if self._library is not None:
                self._library.close()

    def _write(self, wait_s: float) -> None:
        try:
            library = self._opened(wait_s)
            library.set_wait(wait_s)
            while self._pending:
                self._pending[0](library)
                self._pending.popleft()
        except HistoryError as error:
            if not self._is_failing:
                self._is_failing = True
                self._on_error(LibraryMessage.RECORDED_ALL_THE_SAME(reason=error))
        else:
            if self._is_failing:
                self._is_failing = False
                self._on_error(LibraryMessage.LIST_COMPLETE_AGAIN())

    def _opened(self, wait_s: float) -> Library:
        """Return the library, with the session stored in it.

        Raises:
            HistoryError: The library cannot be opened or written.
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
        library, sentence = Library.open_or_replace(
            self._path, wait_s=wait_s, durable=False, any_thread=True, check_integrity=checks
        )
        if sentence:
            self.is_library_replaced = True
            self._on_error(sentence)
        return library

    def _write_for(self, event: events.SessionEvent) -> Write | None:
        match event:
            case events.ProvisionalText() | events.FinalText() | events.TranscriptionFailed():
                new = result_of_event(event)
                return lambda library: library.put_utterances(self.session_id, (new,))
            case events.ModelReady(model=model):
                return lambda library: library.set_model(self.session_id, model)
            case events.StateChanged(state="stopping", detail=detail):
                if notes := without(detail, events.STOPPING_SENTENCE):
                    return lambda library: library.set_notes(self.session_id, notes)
            case events.SessionClosed(
                failed=failed, needs_recovery=unfinished, samples_received=samples
            ):
                # A session without all its texts, or its end, can be recovered.
                is_whole = not failed and not unfinished
                state = SessionState.FINISHED if is_whole else SessionState.INTERRUPTED
                duration_s = samples / _SAMPLE_RATE_HZ
                return lambda library: library.set_state(self.session_id, state, duration_s)
        return None


def result_of_event(
    event: events.ProvisionalText | events.FinalText | events.TranscriptionFailed,
) -> NewUtterance:
    """Return the event's result in the library's form."""
    number, start_s, end_s, track = event.utterance, event.start_s, event.end_s, event.track
    if isinstance(event, events.TranscriptionFailed):
        state = UtteranceState.FAILED
        return NewUtterance(number, start_s, end_s, state=state, reason=event.reason, track=track)
    if isinstance(event, events.ProvisionalText):
        return NewUtterance(
            *(number, start_s, end_s, event.text, event.words),
            state=UtteranceState.PROVISIONAL,
            track=track,
        )
    return NewUtterance(
        *(number, start_s, end_s, event.text, event.words, event.confidence, event.draft_text),
        track=track,
    )
