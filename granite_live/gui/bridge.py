"""A session's events, from its threads into the window's."""

from __future__ import annotations

import threading
import time
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.live.events import Draft, Event, Level

# The window paints between two helpings of news; a helping takes no longer than this.
_HELPING_S = 0.010


class Bridge(QObject):
    """Takes a session's events from any thread and tells them in the window's own.

    Of levels, and of an utterance's drafts, only the newest waits: so what waits is bounded by
    what is said, however long the window is busy.
    """

    told = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[Event] = deque()
        self._is_awake = False
        self.replaced = 0
        """How many levels and drafts a newer one took the place of."""
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def tell(self, event: Event) -> None:
        """Take an event, from any thread. Never waits for the window."""
        with self._lock:
            if not self._replace(event):
                self._waiting.append(event)
            wakes, self._is_awake = not self._is_awake, True
        if wakes:
            self._woken.emit()

    def _replace(self, event: Event) -> bool:
        """Put the event where an older one of its kind waits; say whether there was one."""
        if not isinstance(event, Level | Draft) or not self._waiting:
            return False
        for at in range(len(self._waiting) - 1, -1, -1):
            waiting = self._waiting[at]
            if isinstance(event, Level):
                if not isinstance(waiting, Level):
                    continue
                # The louder one is kept for the eye: a clipped moment must not get lost.
                if waiting.peak_dbfs <= event.peak_dbfs:
                    self._waiting[at] = event
            elif isinstance(waiting, Draft) and waiting.utterance == event.utterance:
                self._waiting[at] = event
            else:
                continue
            self.replaced += 1
            return True
        return False

    def _deliver(self) -> None:
        until_s = time.perf_counter() + _HELPING_S
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_awake = False
                    return
                event = self._waiting.popleft()
            self.told.emit(event)
            if time.perf_counter() > until_s:
                self._woken.emit()
                return
