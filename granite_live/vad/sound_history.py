"""What the segmenter remembers of recent sound: levels, decisions, and where sound set in after
quiet.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from granite_live.util.pcm import PAUSE_S, quietest_position
from granite_live.vad.detectors import SAMPLE_RATE_HZ

# Energy is stored per quarter of a frame, about 8 ms: fine enough to cut between words.
CELLS_PER_FRAME = 4


class FrameHistory:
    """The last frames of a stream, as far back as a cut may be. Bounded."""

    def __init__(self, frame_samples: int, reach_samples: int) -> None:
        """Start empty at sample 0.

        Args:
            frame_samples: Samples of every frame; a multiple of `CELLS_PER_FRAME`.
            reach_samples: How far back queries may go.
        """
        self._frame = frame_samples
        self._cell = frame_samples // CELLS_PER_FRAME
        frames = -(-reach_samples // frame_samples)
        self._energies: deque[int] = deque(maxlen=frames * CELLS_PER_FRAME)
        self._speech: deque[bool] = deque(maxlen=frames)
        self._end = 0

    def add(self, frame: NDArray[np.float32], speech: bool) -> None:
        """Add the next frame [shape=(frame_samples,)] and whether it is speech."""
        # In integers, because a sum of floats may depend on the memory alignment of the block.
        steps = np.rint(frame * np.float32(32768.0)).astype(np.int64).reshape(CELLS_PER_FRAME, -1)
        self._energies.extend((steps * steps).sum(axis=1).tolist())
        self._speech.append(speech)
        self._end += self._frame

    def restart(self, sample: int) -> None:
        """Forget everything; the next frame begins at `sample`."""
        self._energies.clear()
        self._speech.clear()
        self._end = sample

    def quietest_sample(self, first: int, last: int) -> int:
        """Return the quietest position from `first` to `last`, the latest of equal ones."""
        heard = len(self._energies)
        latest = heard - -(-(self._end - last) // self._cell)
        earliest = heard - (self._end - first) // self._cell
        half = max(1, int(PAUSE_S * SAMPLE_RATE_HZ / 2 / self._cell))
        energy = np.array(self._energies, np.float64)
        place = quietest_position(energy, np.arange(latest, earliest - 1, -1), half)
        return self._end - (heard - place) * self._cell

    def speech_samples_since(self, sample: int) -> int:
        """Return the number of speech samples from `sample` on, in whole frames."""
        frames = -(-(self._end - sample) // self._frame)
        return sum(list(self._speech)[len(self._speech) - frames :]) * self._frame


# Energy over the last 10 ms: in a shorter window the periods of a low voice would show.
_LOUDNESS_SAMPLES = 160
# As long as gaps inside words: sound after a shorter gap is not an onset.
_QUIET_SAMPLES = 3200
# 10 dB above the preceding quiet.
_MIN_POWER_RATIO = 10
# 16-bit audio below -70 dBFS always counts as quiet: the last bits of a converter fluctuate.
_QUIET_ENERGY = 10 * 10 * _LOUDNESS_SAMPLES
_KEPT_SAMPLES = _QUIET_SAMPLES + 2 * _LOUDNESS_SAMPLES


class OnsetDetector:
    """Tracks one audio stream; keeps 0.2 s of it. Not thread-safe."""

    def __init__(self) -> None:
        """Start at the beginning of a stream, whose first 0.2 s have no onset."""
        self._squares = np.zeros(_KEPT_SAMPLES, np.int64)
        self._since_last = 0

    def find(self, sound: NDArray[np.float32]) -> int | None:
        """Return the index of an onset in the next samples, None if there is none.

        Args:
            sound: The samples after those added, -1..1 [shape=(any,)]. They are not added.

        Returns:
            The index of the first sample at which the last 10 ms are 10 dB louder than any 10 ms of
            the 0.2 s before them.
        """
        squares = np.concatenate((self._squares, _squares(sound)))
        total = np.cumsum(squares)
        # loudness[i] is the energy of the 10 ms that end with sample i of `squares`, where enough
        # samples precede i.
        loudness = total[_LOUDNESS_SAMPLES:] - total[:-_LOUDNESS_SAMPLES]
        count = len(sound)
        now = loudness[len(loudness) - count :]
        before = loudness[: len(loudness) - _LOUDNESS_SAMPLES]
        loudest = _trailing_maximum(before, _QUIET_SAMPLES)[-count:]
        jumps = now > _MIN_POWER_RATIO * np.maximum(loudest, _QUIET_ENERGY)
        jumps[: max(0, _QUIET_SAMPLES - self._since_last)] = False
        return int(np.argmax(jumps)) if jumps.any() else None

    def add(self, sound: NDArray[np.float32], *, is_onset: bool = False) -> None:
        """Add the next samples; `is_onset` says that an onset follows them."""
        self._squares = np.concatenate((self._squares, _squares(sound)))[-_KEPT_SAMPLES:]
        self._since_last = 0 if is_onset else self._since_last + len(sound)


def _squares(sound: NDArray[np.float32]) -> NDArray[np.int64]:
    # In integers, because a sum of floats may depend on the memory alignment of the block.
    steps = np.rint(sound * np.float32(32768.0)).astype(np.int64)
    squares: NDArray[np.int64] = np.square(steps)
    return squares


def _trailing_maximum(values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Return the maximum of each window of `width` values [shape=(values - width + 1,)].

    Uses running maxima from both sides of the values that all windows share.
    """
    count = len(values) - width + 1
    if count > width:
        raise ValueError(f"{len(values)} values for windows of {width} share none")
    left = np.maximum.accumulate(values[:count][::-1])[::-1]
    right = np.maximum.accumulate(values[width - 1 :])
    largest: NDArray[np.int64] = np.maximum(left, right)
    np.maximum(largest, values[count - 1 : width].max(), out=largest)
    return largest
