"""Choose further utterances to send to the worker in one batch with the one that is due.

One utterance does not fill a GPU. So the worker also gets the next ones, transcribes all together
and keeps their results until they are requested. Only the due job is in progress, and only its
attempts are counted if the worker dies.
"""

from __future__ import annotations

from collections.abc import Sequence

from granite_live.session.scheduler import Job


class Company:
    """Choose which queued utterances to send along in one batch."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._most_samples = 0
        self._ready: set[int] = set()
        self._is_alone = False

    @property
    def is_welcome(self) -> bool:
        """Whether this worker is faster with several utterances at once."""
        return self._most_samples > 0

    def worker_loaded(self, gather_s: float) -> None:
        """Start planning for a new worker, which prefers `gather_s` seconds of audio at once."""
        self._most_samples = 0 if self._is_alone else round(gather_s * self._rate)
        self._ready.clear()

    def worker_lost(self) -> None:
        """Forget the batch. If it had several utterances, send each alone from now on,
        because any of them may have ended the worker."""
        self._is_alone |= bool(self._ready)
        self._most_samples = 0
        self._ready.clear()

    def of(self, job: Job, waiting: Sequence[Job]) -> tuple[Job, ...]:
        """Return the jobs that may be sent with `job`; report what was sent to `went`.

        Args:
            job: The job that is due.
            waiting: The finals that are due after it, in order.
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
        """Remember that `job` was sent to the worker, and `company` with it."""
        if job.utterance in self._ready:  # : the worker has the transcripts of the others, too
            self._ready.discard(job.utterance)
        elif job.kind == "final" and self.is_welcome:
            self._ready = {one.utterance for one in company}
