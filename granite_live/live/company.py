"""Which utterances go to the worker together with the one that is due.

A device is not filled by one utterance. So the worker gets with it what will be asked for next,
transcribes all together, and has the others ready when they are asked for. Nothing else changes:
one job is in hand, and only it is counted as tried if the worker ends over it.
"""

from __future__ import annotations

from collections.abc import Sequence

from granite_live.live.scheduler import Job


class Company:
    """Chooses it, and remembers what the worker has ready."""

    def __init__(self, sample_rate_hz: int) -> None:
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

    def of(self, job: Job, waiting: Sequence[Job]) -> tuple[Job, ...]:
        """Return what may go with `job`; what does go is to be told to `went`.

        Args:
            job: Which is due.
            waiting: The finals that will be due after it, in order.
        """
        if job.kind != "final" or not self.is_welcome or job.utterance in self._ready:
            return ()
        total = job.stop_sample - job.start_sample
        company = []
        for one in waiting:
            total += one.stop_sample - one.start_sample
            if total > self._most_samples:
                break
            company.append(one)
        return tuple(company)

    def went(self, job: Job, company: Sequence[Job]) -> None:
        """Remember that the worker has got `job`, and `company` with it."""
        if job.utterance in self._ready:  # it has the text of the others, too
            self._ready.discard(job.utterance)
        elif job.kind == "final" and self.is_welcome:
            self._ready = {one.utterance for one in company}
