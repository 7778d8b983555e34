"""Measure progress, rate and remaining time of a download."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from granite_live.models.download.events import Event, Progress

_TELL_EVERY_S = 0.1
_WINDOW_S = 10.0
_SOONEST_S = 0.5  # earlier rates only show network buffers


class Meter:
    """Counts bytes on the disk and bytes transferred, and sends rate-limited progress."""

    def __init__(
        self,
        total_bytes: int,
        have_bytes: int,
        tell: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total_bytes = total_bytes
        self.done_bytes = have_bytes
        self.fetched_bytes = 0
        self._tell = tell
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque(((clock(), 0),))
        self._told_s = clock()

    def here(self, count: int) -> None:
        """Count bytes found on the disk; negative for discarded bytes."""
        self.done_bytes += count

    def fetched(self, file: str, count: int) -> None:
        """Count transferred bytes of `file`."""
        self.done_bytes += count
        self.fetched_bytes += count
        now_s = self._clock()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self.tell(file)

    def tell(self, file: str) -> None:
        """Send a progress event."""
        now_s = self._told_s = self._clock()
        self._samples.append((now_s, self.fetched_bytes))
        while len(self._samples) > 2 and now_s - self._samples[0][0] > _WINDOW_S:
            self._samples.popleft()
        then_s, then_bytes = self._samples[0]
        rate = left_s = None
        if now_s - then_s >= _SOONEST_S:
            rate = (self.fetched_bytes - then_bytes) / (now_s - then_s)
        if rate:
            left_s = max(0, self.total_bytes - self.done_bytes) / rate
        # If the source does not state sizes, the total grows.
        total = max(self.total_bytes, self.done_bytes)
        self._tell(Progress(file, self.done_bytes, total, rate, left_s))

    def restart_clock(self) -> None:
        """Reset the rate after an intended pause."""
        self._samples = deque(((self._clock(), self.fetched_bytes),))
