"""Finds the quietest place of a stretch of sound, where a cut does the least harm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PAUSE_S = 0.2
"""A pause between words lasts longer than this; the closure of a stop consonant does not."""
EARLIEST_CUT = 0.6
"""Cuts are looked for in the last part of the longest allowed stretch: late enough that pieces
stay long (context helps the model), wide enough to hold a pause between words."""
_STEP_S = 0.01


def quietest_place(energy: NDArray[np.float64], middles: NDArray[np.intp], half_window: int) -> int:
    """Return the one of `middles` that has the least mean energy around it.

    Of equally quiet ones the first is taken, so the order of `middles` is a preference.

    Args:
        energy: Energy of consecutive cells of sound (samples or longer) [shape=(cells,)].
        middles: Allowed places, as the number of cells before them [shape=(places > 0,)].
        half_window: Cells looked at on either side of a place; at least 1.
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

    Of equally quiet places the one nearest to the end of the range is taken.

    Args:
        waveform: Sound [shape=(samples,)].
        first: Earliest cut, in samples.
        last: Latest cut, in samples; at most the waveform's length.
        sample_rate_hz: Samples a second.
    """
    half = max(1, int(PAUSE_S * sample_rate_hz / 2))
    step = max(1, int(_STEP_S * sample_rate_hz))
    start = max(0, first - half)
    stretch = waveform[start : last + half].astype(np.float64)
    middles = np.arange(last, first - 1, -step) - start
    return start + quietest_place(stretch * stretch, middles, half)
