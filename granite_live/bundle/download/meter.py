"""How far, how fast, how long still: told a few times a second at most."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from granite_live.bundle.download.events import Event, Progress

_TELL_EVERY_S = 0.1
_WINDOW_S = 10.0
_SOONEST_S = 0.5  # earlier rates are those of the buffers on the way


class Meter:
    """Counts the bytes that are here, and those that came over the line."""

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
        """Count bytes that were here from before; below zero for those that are of no use."""
        self.done_bytes += count

    def fetched(self, file: str, count: int) -> None:
        """Count bytes of `file` that just came."""
        self.done_bytes += count
        self.fetched_bytes += count
        now_s = self._clock()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self.tell(file)

    def tell(self, file: str) -> None:
        """Tell how far it is."""
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
        # A source that does not say its sizes makes the total grow.
        total = max(self.total_bytes, self.done_bytes)
        self._tell(Progress(file, self.done_bytes, total, rate, left_s))

    def restart_clock(self) -> None:
        """Forget the rate: nothing came for a while, and that was wanted."""
        self._samples = deque(((self._clock(), self.fetched_bytes),))
