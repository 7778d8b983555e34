"""Stretch or compress audio by a few percent, without a discontinuity when the factor changes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# A cubic through four samples: one before and two behind the position.
_BEFORE, _BEHIND = 1, 2


class Warp:
    """Resamples mono audio at fractional positions (Catmull-Rom interpolation).

    Until the first factor other than 1.0, samples pass unchanged.
    """

    def __init__(self) -> None:
        self._is_active = False
        # Samples that are still needed, and the next position in them.
        self._rest = np.zeros(0, dtype=np.float32)
        self._place = 0.0

    def feed(self, samples: NDArray[np.float32], factor: float = 1.0) -> NDArray[np.float32]:
        """Add mono samples and return about `factor` times as many.

        A few samples stay buffered until more come or `flush` is called.
        """
        if not self._is_active:
            if factor == 1.0:
                self._rest = samples[-_BEFORE:]
                return samples
            self._is_active = True
            self._rest = np.concatenate([np.zeros(_BEFORE, np.float32), self._rest])[-_BEFORE:]
            self._place = float(_BEFORE)
        whole = np.concatenate([self._rest, samples])
        step = 1.0 / factor
        count = max(0, int(np.ceil((len(whole) - _BEHIND - self._place) / step)))
        places = self._place + step * np.arange(count)
        warped = _interpolated(whole, places)
        self._place += step * count
        done = min(int(self._place), len(whole)) - _BEFORE
        self._rest, self._place = whole[done:], self._place - done
        return warped

    def flush(self) -> NDArray[np.float32]:
        """Return the buffered samples and reset the filter."""
        if not self._is_active:
            return np.zeros(0, dtype=np.float32)
        last = self._rest[-1:]
        rest = self.feed(np.repeat(last, _BEHIND))
        self._is_active, self._place = False, 0.0
        self._rest = np.zeros(0, dtype=np.float32)
        return rest


def _interpolated(
    samples: NDArray[np.float32], places: NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    index = places.astype(np.intp)
    part = (places - index).astype(np.float32)
    before, left = samples[index - 1], samples[index]
    right, behind = samples[index + 1], samples[index + 2]
    slope = right - before
    bend = 2 * before - 5 * left + 4 * right - behind
    twist = 3 * (left - right) + behind - before
    warped: NDArray[np.float32] = left + 0.5 * part * (slope + part * (bend + part * twist))
    return warped
