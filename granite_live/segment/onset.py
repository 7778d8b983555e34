"""Where a sound sets in after quiet: the place from which a detector's frames are counted.

Frames that are counted from wherever a stream began lie elsewhere over the same words each time
they are heard, and so would the utterances. Counted from the sound itself they do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Loudness is that of the last 10 ms: shorter, and a low voice's own periods would count.
_LOUDNESS_SAMPLES = 160
# As long as the gaps inside words: what follows a shorter one is no beginning.
_QUIET_SAMPLES = 3200
# 10 dB more than all of the quiet.
_JUMP = 10
# Of 16-bit sound below -70 dBFS no quiet is asked: the last bits of a converter come and go.
_FLOOR = 10 * 10 * _LOUDNESS_SAMPLES
_KEPT = _QUIET_SAMPLES + 2 * _LOUDNESS_SAMPLES


class Onsets:
    """Follows one stream of sound. Holds 0.2 s of it. Not thread-safe."""

    def __init__(self) -> None:
        """Start at the beginning of a stream: nothing sets in within its first 0.2 s."""
        self._squares = np.zeros(_KEPT, np.int64)
        self._since_last = 0

    def find(self, sound: NDArray[np.float32]) -> int | None:
        """Return where in the next samples a sound sets in, None if none does.

        Args:
            sound: What follows on what was added, -1..1 [shape=(any,)]. It is not added.

        Returns:
            An index into `sound`: of the first sample at which the last 10 ms are 10 dB louder
            than any 10 ms of the 0.2 s before them.
        """
        squares = np.concatenate((self._squares, _squares(sound)))
        total = np.cumsum(squares)
        # loudness[i] is that of the 10 ms that end with sample i of `squares`, for those i that
        # have so much before them.
        loudness = total[_LOUDNESS_SAMPLES:] - total[:-_LOUDNESS_SAMPLES]
        count = len(sound)
        now = loudness[len(loudness) - count :]
        before = loudness[: len(loudness) - _LOUDNESS_SAMPLES]
        loudest = _trailing_maximum(before, _QUIET_SAMPLES)[-count:]
        jumps = now > _JUMP * np.maximum(loudest, _FLOOR)
        jumps[: max(0, _QUIET_SAMPLES - self._since_last)] = False
        return int(np.argmax(jumps)) if jumps.any() else None

    def add(self, sound: NDArray[np.float32], *, sets_in: bool = False) -> None:
        """Take the next samples; the place after them is an onset if one `sets_in` there."""
        self._squares = np.concatenate((self._squares, _squares(sound)))[-_KEPT:]
        self._since_last = 0 if sets_in else self._since_last + len(sound)


def _squares(sound: NDArray[np.float32]) -> NDArray[np.int64]:
    # In whole numbers: a sum of floats may depend on where the block lies in memory.
    steps = np.rint(sound * np.float32(32768.0)).astype(np.int64)
    squares: NDArray[np.int64] = np.square(steps)
    return squares


def _trailing_maximum(values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Return the largest of the `width` values that end with each [shape=(values - width + 1,)].

    By running maxima from both sides of the values that all windows share.
    """
    count = len(values) - width + 1
    if count > width:
        raise ValueError(f"{len(values)} values for windows of {width} share none")
    left = np.maximum.accumulate(values[:count][::-1])[::-1]
    right = np.maximum.accumulate(values[width - 1 :])
    largest: NDArray[np.int64] = np.maximum(left, right)
    np.maximum(largest, values[count - 1 : width].max(), out=largest)
    return largest
