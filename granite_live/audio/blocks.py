"""Convert mono pieces of any length and rate to equal blocks at one sample rate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.resample import Resampler

# Two blocks per second: small enough for a smooth progress bar, large enough that the cost per
# block is negligible.
_BLOCKS_PER_SECOND = 2


class Blocks:
    """Resamples mono pieces and returns them in blocks of half a second.

    Pieces that already have the target rate pass unchanged. The rate may change from piece to
    piece: the resampler is flushed first.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._resampler = Resampler(sample_rate_hz)
        self._block_samples = max(1, sample_rate_hz // _BLOCKS_PER_SECOND)
        self._waiting: list[NDArray[np.float32]] = []
        self._waiting_samples = 0

    def add(
        self, samples: NDArray[np.float32], sample_rate_hz: int
    ) -> Iterator[NDArray[np.float32]]:
        """Add a piece [shape=(samples,), float32] and yield the completed blocks."""
        yield from self._emit(self._resampler.feed(samples, sample_rate_hz))

    def finish(self) -> Iterator[NDArray[np.float32]]:
        """Yield the remaining samples; the last block may be shorter than the others."""
        yield from self._emit(self._resampler.flush())
        if self._waiting_samples:
            yield np.concatenate(self._waiting)
            self._waiting, self._waiting_samples = [], 0

    def _emit(self, samples: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        if not len(samples):
            return
        self._waiting.append(samples)
        self._waiting_samples += len(samples)
        if self._waiting_samples < self._block_samples:
            return
        whole = np.concatenate(self._waiting)
        full = len(whole) - len(whole) % self._block_samples
        self._waiting, self._waiting_samples = [whole[full:]], len(whole) - full
        for start in range(0, full, self._block_samples):
            yield whole[start : start + self._block_samples]
