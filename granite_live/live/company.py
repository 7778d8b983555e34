"""Which utterances go to the worker together with the one that is due.

A device is not filled by one utterance. So the worker gets with it what will be asked for next,
transcribes all together, and has the others ready when they are asked for. Nothing else changes:
one job is in hand, and only it is counted as tried if the worker ends over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from granite_live.live.messages import Closed
from granite_live.live.scheduler import Job


class Company:
    """Chooses it, and remembers what the worker has ready."""

    def __init__(self, sound: Callable[[int, int], NDArray[np.int16]], sample_rate_hz: int) -> None:
        self._sound = sound
        self._rate = sample_rate_hz
        self._most_samples = 0
        self._ready: set[int] = set()
        self._is_alone = False

    @property
    def is_welcome(self) -> bool:
        """Whether the worker is quicker with several at once."""
        return self._most_samples > 0

    def worker_loaded(self, gather_s: float) -> None:
        """A worker begins, for which so much sound at once is best."""
        self._most_samples = 0 if self._is_alone else round(gather_s * self._rate)
        self._ready.clear()

    def worker_lost(self) -> None:
        """It ended. With several in hand nobody knows over which: from then on each goes alone."""
        self._is_alone |= bool(self._ready)
        self._most_samples = 0
        self._ready.clear()

    def of(self, job: Job, waiting: Sequence[Job]) -> tuple[Closed, ...]:
        """Return what goes with `job`.

        Args:
            job: Which is due.
            waiting: The finals that will be due after it, in order.
        """
        if job.kind != "final" or not self.is_welcome:
            return ()
        if job.utterance in self._ready:  # and what it came with
            self._ready.discard(job.utterance)
            return ()
        total = job.stop_sample - job.start_sample
        company = []
        for one in waiting:
            total += one.stop_sample - one.start_sample
            if total > self._most_samples:
                break
            company.append(Closed(one.utterance, self._sound(one.start_sample, one.stop_sample)))
        self._ready = {one.utterance for one in company}
        return tuple(company)
