"""Cache the recent samples of a recording in front of its journal.

The journal owns all samples, including those it could not write yet. With this cache the newest
speech never waits for a slow disk.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from granite_live.util.errors import AudioError

ReadJournal = Callable[[int, int], NDArray[np.int16]]
"""Returns samples start..stop of the recording [shape=(stop - start,)]; raises AudioError."""


class RecentSound:
    """Keeps the newest samples in memory, up to a limit.

    One thread adds, another reads. Positions count from the first sample of the recording.
    """

    def __init__(self, max_samples: int, older: ReadJournal) -> None:
        self._max = max_samples
        self._older = older
        self._chunks: deque[NDArray[np.int16]] = deque()
        self._start = self._stop = 0
        self._lock = threading.Lock()

    @property
    def total(self) -> int:
        """Number of samples added so far."""
        return self._stop

    def add(self, samples: NDArray[np.int16]) -> None:
        """Append samples [shape=(any,)], which must not change afterwards."""
        with self._lock:
            self._chunks.append(samples)
            self._stop += len(samples)
            while self._chunks and self._stop - self._start - len(self._chunks[0]) >= self._max:
                self._start += len(self._chunks.popleft())

    def get(self, start: int, stop: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            AudioError: They were not added yet, or the journal cannot read older ones.
        """
        with self._lock:
            first, chunks = self._start, list(self._chunks)
        pieces = [self._older(start, min(stop, first))] if start < first else []
        at = first
        for chunk in chunks:
            begin, end = max(start - at, 0), min(stop - at, len(chunk))
            if begin < end:
                pieces.append(chunk[begin:end])
            at += len(chunk)
        found = np.concatenate([np.empty(0, np.int16), *pieces])
        if len(found) != stop - start:
            raise AudioError(
                f"Only {len(found)} of {stop - start} samples from sample {start} on can be read: "
                f"check the disk."
            )
        return found
