"""Streaming conversion of sound to mono blocks of one sample rate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

# soxr's high quality: errors stay below -120 dB.
_QUALITY = "HQ"


class Resampler:
    """Converts any sample rate and number of channels to mono at one rate.
     Rate and channels may change from piece to piece: the buffered samples are returned first, so
    that every piece keeps its duration. Mono pieces of the target rate pass unchanged.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._input_rate_hz = sample_rate_hz
        self._stream: soxr.ResampleStream | None = None

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
        """Add a piece and return what is ready [shape=(samples,), float32].

        Args:
            samples: shape=(frames,) or (frames, channels), float32, full scale 1.0.
                Several channels are averaged. The result may be this very array.
            sample_rate_hz: The rate of the piece.
        """
        if samples.ndim == 2:
            samples = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
        if sample_rate_hz == self._input_rate_hz:
            return samples if self._stream is None else self._resampled(samples)
        rest = self.flush()
        self._input_rate_hz = sample_rate_hz
        if sample_rate_hz != self.sample_rate_hz:
            self._stream = soxr.ResampleStream(
                sample_rate_hz, self.sample_rate_hz, 1, dtype="float32", quality=_QUALITY
            )
            samples = self._resampled(samples)
        return np.concatenate((rest, samples)) if len(rest) else samples

    def flush(self) -> NDArray[np.float32]:
        """Return the buffered samples [shape=(samples,), float32] and reset the filter."""
        self._input_rate_hz = self.sample_rate_hz
        if self._stream is None:
            return np.zeros(0, dtype=np.float32)
        rest = self._resampled(np.zeros(0, dtype=np.float32), last=True)
        self._stream = None
        return rest

    def _resampled(
        self, samples: NDArray[np.float32], *, last: bool = False
    ) -> NDArray[np.float32]:
        assert self._stream is not None
        # soxr needs contiguous samples, which one of several interleaved channels is not.
        ready: NDArray[np.float32] = self._stream.resample_chunk(
            np.ascontiguousarray(samples), last=last
        )
        return ready


# Two blocks per second: small enough for a smooth progress bar, large enough that the cost per
# block is negligible.
_BLOCKS_PER_SECOND = 2


class BlockResampler:
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
