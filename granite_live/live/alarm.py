"""Wakes a thread by news or at a time, and notices when the whole program stood still."""

from __future__ import annotations

import threading
import time

# A thread that wakes later than this did not only wait for the processor: the program was stopped
# by a signal, or the computer slept. To take a very busy machine for that does no harm.
_SUSPENDED_S = 0.5


class Alarm:
    """One thread waits, any thread sets."""

    def __init__(self) -> None:
        self._news = threading.Event()

    def set(self) -> None:
        """Wake the thread that waits, or the next one that would."""
        self._news.set()

    def wait(self, until_s: float | None) -> float:
        """Wait for news, or until a time [time.monotonic]; None waits for news alone.

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
