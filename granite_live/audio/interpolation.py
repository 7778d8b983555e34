"""Read a sound between its samples, and play it a little faster or slower."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PHASES = 1024
# So many samples are read at once: they fit into the processor's cache.
_BLOCK = 4096
# Of speech of 16 kHz these keep all that is below 7 kHz.
_HALF_WIDTH, _BETA = 16, 6.0


class Interpolator:
    """Reads samples at fractional positions through a sinc with Kaiser's window.

    Args:
        half_width: From how many samples on each side it reads. 16 keep what is below seven eighths
            of the highest frequency; 4 are as good for a sound whose upper half is empty.
        beta: The shape of the window: more attenuates more, but a wider band.
    """

    def __init__(self, half_width: int, beta: float) -> None:
        self._half_width = half_width
        distances = np.arange(_PHASES)[:, None] / _PHASES - np.arange(
            1 - half_width, half_width + 1
        )
        inside = np.sqrt(np.maximum(0.0, 1.0 - (distances / half_width) ** 2))
        kernels = np.sinc(distances) * np.i0(beta * inside) / np.i0(beta)
        self._kernels = kernels / kernels.sum(axis=1, keepdims=True)

    def at(
        self, samples: NDArray[np.floating[Any]], places: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the sound at these places, 0 being the first sample [shape as the places].

        The first and the last sample stand for those before and after all.
        """
        padded = np.pad(samples, self._half_width, mode="edge")
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * self._half_width)
        steps = np.round(places * _PHASES).astype(np.int64)
        first = np.clip(steps // _PHASES + 1, 0, len(around) - 1)
        found = np.empty(len(places))
        for start in range(0, len(places), _BLOCK):
            part = slice(start, start + _BLOCK)
            kernels = self._kernels[steps[part] % _PHASES]
            np.einsum("nk,nk->n", around[first[part]], kernels, out=found[part])
        return found


class RateCorrector:
    """Resamples mono audio at a rate that may change a little.

    Until the first factor other than 1.0, samples pass unchanged.
    """

    def __init__(self) -> None:
        self._reset()

    @cached_property
    def _interpolator(self) -> Interpolator:
        # Most files need none.
        return Interpolator(_HALF_WIDTH, _BETA)

    def _reset(self) -> None:
        self._is_active = False
        # Samples that are still needed, and the next position in them.
        self._rest = np.zeros(_HALF_WIDTH, dtype=np.float32)
        self._place = float(_HALF_WIDTH)

    def feed(self, samples: NDArray[np.float32], factor: float = 1.0) -> NDArray[np.float32]:
        """Add mono samples and return about `factor` times as many.

        A millisecond of sound stays buffered until more comes or `flush` is called.
        """
        whole = np.concatenate([self._rest, samples])
        if not self._is_active:
            if factor == 1.0:
                self._rest = whole[-_HALF_WIDTH:]
                return samples
            self._is_active = True
        step = 1.0 / factor
        count = max(0, int(np.ceil((len(whole) - _HALF_WIDTH - self._place) / step)))
        places = self._place + step * np.arange(count, dtype=np.float64)
        warped = self._interpolator.at(whole, places)
        self._place += step * count
        done = min(int(self._place), len(whole)) - _HALF_WIDTH
        self._rest, self._place = whole[done:], self._place - done
        return warped.astype(np.float32)

    def flush(self) -> NDArray[np.float32]:
        """Return the buffered samples and reset the filter."""
        rest = self.feed(np.repeat(self._rest[-1:], _HALF_WIDTH)) if self._is_active else None
        self._reset()
        return np.zeros(0, dtype=np.float32) if rest is None else rest
