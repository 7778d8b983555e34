"""Mono pieces of any length and rate in, even blocks of one sample rate out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

# Two blocks a second: small enough for a lively progress bar, large enough that
# the work per block does not show.
_BLOCKS_PER_SECOND = 2


class Blocks:
    """Resamples mono pieces and hands them on as blocks of half a second.

    Pieces that have the wanted rate already pass bit for bit. The rate may change
    from piece to piece: what is still inside the resampler comes out first.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._sample_rate_hz = sample_rate_hz
        self._block_samples = max(1, sample_rate_hz // _BLOCKS_PER_SECOND)
        self._resampler: soxr.ResampleStream | None = None
        self._resampler_rate_hz = sample_rate_hz
        self._waiting: list[NDArray[np.float32]] = []
        self._waiting_samples = 0

    def add(
        self, samples: NDArray[np.float32], sample_rate_hz: int
    ) -> Iterator[NDArray[np.float32]]:
        """Take a piece [shape=(samples,), float32] and yield the blocks that are full."""
        if sample_rate_hz != self._resampler_rate_hz:
            yield from self._emit(self._drained())
            self._resampler_rate_hz = sample_rate_hz
            if sample_rate_hz != self._sample_rate_hz:
                self._resampler = soxr.ResampleStream(
                    sample_rate_hz, self._sample_rate_hz, 1, dtype="float32", quality="HQ"
                )
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        yield from self._emit(samples)

    def finish(self) -> Iterator[NDArray[np.float32]]:
        """Yield what is left; the last block may be shorter than the others."""
        yield from self._emit(self._drained())
        if self._waiting_samples:
            yield np.concatenate(self._waiting)
            self._waiting, self._waiting_samples = [], 0

    def _drained(self) -> NDArray[np.float32]:
        """Return what the resampler still holds, and drop the resampler."""
        empty = np.zeros(0, dtype=np.float32)
        if self._resampler is None:
            return empty
        rest: NDArray[np.float32] = self._resampler.resample_chunk(empty, last=True)
        self._resampler = None
        return rest

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
