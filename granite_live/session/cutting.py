"""Cut utterances of a microphone where only the echo of the other side held them together.

Utterances are found while sound arrives, with the echo in it. Without the echo an utterance may be
two, with the other side's turn between them, or begin long after the echo did.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.sound_reader import Bounds


class RecordBounds(Protocol):
    """Records the bounds of an utterance."""

    def __call__(self, utterance: int, start_sample: int, stop_sample: int, track: int) -> None:
        """Record them in the journal."""


class UtteranceCutter:
    """Makes several utterances of one of the first track.

    Args:
        find_bounds: Returns where to cut an utterance that begins at a sample and sounds so.
        numbers: Numbers of new utterances.
        record: Records the bounds of utterances that are new or were changed.
    """

    def __init__(
        self,
        find_bounds: Callable[[int, NDArray[np.int16]], list[Bounds]],
        numbers: Iterator[int],
        record: RecordBounds,
    ) -> None:
        self.added = 0
        """How many utterances there are more than were found."""
        self._find_bounds = find_bounds
        self._numbers, self._record = numbers, record
        self._parts: set[int] = set()

    def find(self, job: Job, sound: NDArray[np.int16]) -> list[Bounds]:
        """Return where to cut the utterance of a job, nothing if it is to stay as it is.

        What came of a cut stays: a second search may begin later in the first word.
        """
        if job.track or job.kind == "draft" or job.utterance in self._parts:
            return []
        return self._find_bounds(job.start_sample, sound)

    def cut(
        self,
        cuts: Sequence[tuple[Job, Sequence[Bounds]]],
        scheduler: Scheduler,
        lock: threading.Lock,
    ) -> None:
        """Cut the utterances of jobs within bounds. `lock` guards the scheduler."""
        for job, bounds in cuts:
            with lock:
                parts = scheduler.cut(job, bounds, self._numbers)
            self.added += max(0, len(parts) - 1)
            self._parts.update(one.utterance for one in parts)
            for one in parts:
                self._record(one.utterance, one.start_sample, one.stop_sample, one.track)
