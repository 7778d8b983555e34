"""Move a session's events from its threads to the GUI thread."""

from __future__ import annotations

import threading
import time
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.session.events import Draft, Event, Level

# Deliver events for at most this long, then let the window paint.
_HELPING_S = 0.010


class Bridge(QObject):
    """Receives a session's events in any thread and emits them in the GUI thread.

    Only the newest level, and the newest draft of each utterance, wait. So the queue is bounded by
    the number of utterances, however long the GUI thread is busy.
    """

    told = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[Event] = deque()
        self._is_awake = False
        self.replaced = 0
        """The number of levels and drafts that a newer one replaced."""
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def tell(self, event: Event) -> None:
        """Queue an event, from any thread. Never blocks."""
        with self._lock:
            if not self._replace(event):
                self._waiting.append(event)
            wakes, self._is_awake = not self._is_awake, True
        if wakes:
            self._woken.emit()

    def _replace(self, event: Event) -> bool:
        """Replace a waiting event of the same kind; return whether there was one."""
        if not isinstance(event, Level | Draft) or not self._waiting:
            return False
        for at in range(len(self._waiting) - 1, -1, -1):
            waiting = self._waiting[at]
            if isinstance(event, Level):
                if not isinstance(waiting, Level):
                    continue
                # Keep the louder of two levels, so that a clipped moment stays visible.
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
