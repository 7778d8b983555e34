"""Streaming conversion of sound to mono at one sample rate."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

# soxr's high quality: what it leaves out or adds stays below -120 dB.
_QUALITY = "HQ"


class Resampler:
    """Any sample rate and any number of channels in, mono at one rate out.

    Rate and channels may change from piece to piece: what is still inside comes out
    first, so that every piece keeps its length in time. Mono pieces of the wanted rate
    pass bit for bit.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._input_rate_hz = sample_rate_hz
        self._stream: soxr.ResampleStream | None = None

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
        """Take a piece and return what is ready [shape=(samples,), float32].

        Args:
            samples: shape=(frames,) or (frames, channels), float32, full scale 1.0.
                Several channels become their mean. The result may be this very array.
            sample_rate_hz: The piece's rate.
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
        """Return what is still inside [shape=(samples,), float32]; the next piece starts anew."""
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
        # soxr wants its samples side by side, which a column of several channels is not.
        ready: NDArray[np.float32] = self._stream.resample_chunk(
            np.ascontiguousarray(samples), last=last
        )
        return ready
