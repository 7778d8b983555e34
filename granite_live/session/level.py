"""Measure the input level ten times a second."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_LEVELS_PER_SECOND = 10
SILENCE_DBFS = -120.0
"""Reported for digital silence, whose level in dB would be minus infinity."""
_CLIPPED = 32767


class LevelMeter:
    """Compute (RMS dBFS, peak dBFS, clipped) for every tenth of a second of samples."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._window = sample_rate_hz // _LEVELS_PER_SECOND
        self._squares = 0.0
        self._peak = self._count = 0

    def feed(self, samples: NDArray[np.int16]) -> tuple[float, float, bool] | None:
        """Add samples [shape=(any,)]; return the level when a tenth of a second is full."""
        if len(samples):
            wide = samples.astype(np.int32)
            self._squares += float(np.dot(wide.astype(np.float64), wide))
            self._peak = max(self._peak, int(np.abs(wide).max()))
            self._count += len(samples)
        if self._count < self._window:
            return None
        rms = math.sqrt(self._squares / self._count)
        level = _dbfs(rms), _dbfs(self._peak), self._peak >= _CLIPPED
        self._squares, self._peak, self._count = 0.0, 0, 0
        return level


def _dbfs(value: float) -> float:
    if value <= 0:
        return SILENCE_DBFS
    return max(SILENCE_DBFS, 20.0 * math.log10(value / 32768.0))
