"""Deliver a session's events to its listener, in a thread that nothing else waits for.

A listener may be slow (a terminal that was stopped with Ctrl-S), hang or fail (a full disk behind
standard output). That must affect neither the recording nor the recognizer.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from granite_live.session.events import Backlog, Closed, Draft, Event, Level
from granite_live.util.threads import ReportingThread

_log = logging.getLogger(__name__)

LISTENER_S = 2.0
"""How long to wait for a listener that hangs when a session stops without its last texts."""
_MOST_WAITING = 10_000
"""About ten hours of speech. Events beyond this are dropped; the journal has them all."""


class EventQueue:
    """A queue of events to one listener, in order, from any thread.

    Levels, backlogs and drafts of one utterance replace an older one of their kind.
    """

    def __init__(self, listener: Callable[[Event], None], most_waiting: int = _MOST_WAITING):
        """Create the queue; events wait until `start`."""
        self._listener = listener
        self._most_waiting = most_waiting
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Hashable, Event] = OrderedDict()
        self._numbers = itertools.count()
        self._is_closed = False
        self._patience_s: float | None = None
        self._given_up_at_s: float | None = None
        self._thread = ReportingThread(self._deliver, name="events", daemon=True)
        self.failure: Exception | None = None
        """The first exception that the listener raised."""
        self.undelivered = 0
        """Number of events that the listener did not take: it raised, or the queue was full."""

    def start(self) -> None:
        """Begin to call the listener."""
        self._thread.start()

    def put(self, event: Event) -> None:
        """Add an event. Never waits and never fails."""
        with self._changed:
            key = self._key(event)
            self._waiting.pop(key, None)
            if len(self._waiting) >= self._most_waiting and not isinstance(event, Closed):
                self.undelivered += 1
                return
            self._waiting[key] = event
            self._changed.notify()

    def close(self) -> None:
        """Let the thread end after it has delivered the queued events; return at once."""
        with self._changed:
            self._is_closed = True
            self._set_deadline()
            self._changed.notify()

    def give_up_after(self, seconds: float) -> None:
        """Let `join` wait no longer than this for the listener, from `close` on.

        Before `close` the last event is not queued yet, so that a slow ending takes no time from
        the listener.
        """
        with self._changed:
            self._patience_s = seconds
            self._set_deadline()

    def _set_deadline(self) -> None:
        if self._is_closed and self._patience_s is not None and self._given_up_at_s is None:
            self._given_up_at_s = time.monotonic() + self._patience_s

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is delivered after `close`; return whether the wait is over.

        It is also over after the time of `give_up_after`: then the thread is left behind.
        """
        if self._given_up_at_s is not None:
            left_s = max(0.0, self._given_up_at_s - time.monotonic())
            timeout_s = left_s if timeout_s is None else min(timeout_s, left_s)
        self._thread.join(timeout_s)
        if not self._thread.is_alive():
            return True
        return self._given_up_at_s is not None and time.monotonic() >= self._given_up_at_s

    def _key(self, event: Event) -> Hashable:
        if isinstance(event, Level | Backlog):
            return type(event).__name__
        if isinstance(event, Draft):
            return "draft", event.utterance
        return next(self._numbers)

    def _deliver(self) -> None:
        while (event := self._next()) is not None:
            try:
                self._listener(event)
            except Exception as error:
                self.undelivered += 1
                if self.failure is None:
                    self.failure = error
                    _log.critical("The listener of a session failed.", exc_info=True)
        if self.undelivered:
            _log.error("%d events of a session were not delivered.", self.undelivered)

    def _next(self) -> Event | None:
        """Wait for the oldest event; return None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            return self._waiting.popitem(last=False)[1] if self._waiting else None
