"""Conversion between float and 16-bit samples, and the quietest place to cut sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FULL_SCALE = 32768.0


def to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return float32 samples [full scale 1.0] as int16, rounded to nearest and clipped.

    Samples that were int16 / 32768 are restored exactly. NaN becomes silence.
    """
    # Clip first, because scaling the largest floats would overflow.
    scaled = np.rint(np.clip(samples, -1.0, 1.0) * np.float32(_FULL_SCALE))
    scaled[np.isnan(scaled)] = 0.0
    whole: NDArray[np.int16] = np.minimum(scaled, np.float32(_FULL_SCALE - 1)).astype(np.int16)
    return whole


def to_float32(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return int16 samples as float32, full scale 1.0; exact."""
    return samples.astype(np.float32) / np.float32(_FULL_SCALE)


PAUSE_S = 0.2
"""A pause between words is longer than this; the closure of a stop consonant is shorter."""
EARLIEST_CUT_SHARE = 0.6
"""Cuts are made after this share of the longest allowed stretch: late enough that pieces stay long
(context helps the model), early enough that a pause between words follows."""
_STEP_S = 0.01


def quietest_position(
    energy: NDArray[np.float64], middles: NDArray[np.intp], half_window: int
) -> int:
    """Return the position among `middles` with the lowest mean energy around it.

    Of equal ones the first is returned, so the order of `middles` is a preference.

    Args:
        energy: Energy of consecutive cells (samples or longer) [shape=(cells,)].
        middles: Allowed positions, as the number of cells before them [shape=(places > 0,)].
        half_window: Number of cells used on either side of a position; at least 1.
    """
    total = np.concatenate(([0.0], np.cumsum(energy)))
    left = np.clip(middles - half_window, 0, len(energy))
    right = np.clip(middles + half_window, 0, len(energy))
    mean = (total[right] - total[left]) / np.maximum(right - left, 1)
    return int(middles[np.argmin(mean)])


def quietest_sample(
    waveform: NDArray[np.float32], first: int, last: int, sample_rate_hz: int
) -> int:
    """Return the middle of the quietest 0.2 s whose middle lies in first..last.

    Of equally quiet positions the latest is returned.

    Args:
        waveform: Samples [shape=(samples,)].
        first: Earliest cut, in samples.
        last: Latest cut, in samples; at most the length of `waveform`.
        sample_rate_hz: Samples per second.
    """
    half = max(1, int(PAUSE_S * sample_rate_hz / 2))
    step = max(1, int(_STEP_S * sample_rate_hz))
    start = max(0, first - half)
    stretch = waveform[start : last + half].astype(np.float64)
    middles = np.arange(last, first - 1, -step) - start
    return start + quietest_position(stretch * stretch, middles, half)
