"""Change the speed of speech and keep its pitch (WSOLA)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SEGMENT_S = 0.03
"""About two periods of a low voice, so that each segment keeps the pitch."""
_SEARCH_S = 0.012
"""How far a segment may move, in each direction, to continue the one before: one period."""
_STEP = 2
"""Offsets are compared in steps of this many samples, which halves the work."""


class TimeStretcher:
    """Stretches a stream of mono samples.

    Takes overlapping segments from the input at `speed` times the pace at which it joins them in
    the output (waveform similarity overlap-add, Verhelst and Roelands, 1993). Each segment moves
    within a search range to where it continues the previous one best, so that no period is cut.
    """

    def __init__(self, sample_rate_hz: int, speed: float) -> None:
        """Start a stream.

        Args:
            sample_rate_hz: The sample rate of the stream.
            speed: 2.0 is twice as fast; at 1.0 samples pass unchanged.

        Raises:
            ValueError: The speed is not positive.
        """
        if speed <= 0:
            raise ValueError(f"a speed must be positive, not {speed}")
        self._speed = speed
        self._hop = round(_SEGMENT_S * sample_rate_hz / 2)
        self._search = round(_SEARCH_S * sample_rate_hz)
        self._fade_in = (
            0.5 - 0.5 * np.cos(np.pi * (np.arange(self._hop) + 0.5) / self._hop)
        ).astype(np.float32)
        self._input = np.zeros(0, np.float32)
        self._dropped = 0  # input samples before `_input`
        self._segments = 0
        self._continuation = 0  # where the input continues the last segment's first half

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add samples and return those that are ready [shape=(samples,), float32]."""
        if self._speed == 1.0:
            return samples
        self._input = np.concatenate((self._input, samples))
        pieces = []
        while self._needed_end() <= self._dropped + len(self._input):
            pieces.append(self._next())
        self._drop_used()
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def flush(self) -> NDArray[np.float32]:
        """Return the rest [shape=(samples,), float32]. The stream has ended then."""
        if self._speed == 1.0 or not len(self._input):
            return np.zeros(0, np.float32)
        end = self._dropped + len(self._input)
        rest = []
        while self._target() < end:
            missing = max(0, self._needed_end() - self._dropped - len(self._input))
            self._input = np.concatenate((self._input, np.zeros(missing, np.float32)))
            rest.append(self._next())
        return np.concatenate(rest) if rest else np.zeros(0, np.float32)

    def _target(self) -> int:
        return round(self._segments * self._hop * self._speed)

    def _needed_end(self) -> int:
        """Return the end of the input that the next segment needs."""
        return max(self._target() + self._search, self._continuation) + 2 * self._hop

    def _next(self) -> NDArray[np.float32]:
        """Join the next segment; return `_hop` samples."""
        hop = self._hop
        if not self._segments:
            start = 0
            joined = self._at(0, hop)
        else:
            before = self._at(self._continuation, hop)
            start = self._best_start(before)
            fade = self._fade_in
            joined = before * (1 - fade) + self._at(start, hop) * fade
        self._segments += 1
        self._continuation = start + hop
        return joined

    def _best_start(self, before: NDArray[np.float32]) -> int:
        """Return where near the target the input is most similar to `before`."""
        first = max(0, self._target() - self._search, self._dropped)
        span = self._at(first, self._target() + self._search - first + self._hop)
        products = np.correlate(span[::_STEP], before[::_STEP], mode="valid")
        energies = np.cumsum(np.concatenate((np.zeros(1), span[::_STEP].astype(np.float64) ** 2)))
        size = len(before[::_STEP])
        loudness = np.sqrt(energies[size:] - energies[:-size] + 1e-9)
        return first + _STEP * int(np.argmax(products / loudness))

    def _at(self, start: int, count: int) -> NDArray[np.float32]:
        return self._input[start - self._dropped : start - self._dropped + count]

    def _drop_used(self) -> None:
        used = min(self._continuation, max(0, self._target() - self._search)) - self._dropped
        if used > 0:
            self._input = self._input[used:]
            self._dropped += used
