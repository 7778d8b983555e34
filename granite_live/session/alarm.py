"""Wake a thread by a signal or at a time, and detect that the program was suspended."""

from __future__ import annotations

import threading
import time

# A later wake-up means more than a busy processor: a signal stopped the program, or the computer
# slept. Mistaking a very busy machine for that does no harm.
_SUSPENDED_S = 0.5


class Alarm:
    """An event that any thread sets and one thread waits for, with a deadline."""

    def __init__(self) -> None:
        self._news = threading.Event()

    def set(self) -> None:
        """Wake the waiting thread, or let its next `wait` return at once."""
        self._news.set()

    def wait(self, until_s: float | None) -> float:
        """Wait until `set` is called or until a `time.monotonic` time (None: no deadline).

        Return for how many seconds the program was suspended meanwhile, 0.0 if it was not.
        """
        if until_s is None:
            self._news.wait()
            late_s = 0.0
        else:
            wake_s = max(until_s, time.monotonic())
            self._news.wait(wake_s - time.monotonic())
            late_s = time.monotonic() - wake_s
        self._news.clear()
        return late_s if late_s > _SUSPENDED_S else 0.0
