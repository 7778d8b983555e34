"""Remember the energy and the speech decisions of recent frames."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from granite_live.util.quiet import PAUSE_S, quietest_place
from granite_live.vad.detector import SAMPLE_RATE_HZ

# Energy is stored per quarter of a frame, about 8 ms: fine enough to cut between words.
CELLS = 4


class History:
    """The last frames of a stream, as far back as a cut may be. Bounded."""

    def __init__(self, frame_samples: int, reach_samples: int) -> None:
        """Start empty at sample 0.

        Args:
            frame_samples: Samples of every frame; a multiple of `CELLS`.
            reach_samples: How far back queries may go.
        """
        self._frame = frame_samples
        self._cell = frame_samples // CELLS
        frames = -(-reach_samples // frame_samples)
        self._energies: deque[int] = deque(maxlen=frames * CELLS)
        self._speech: deque[bool] = deque(maxlen=frames)
        self._end = 0

    def add(self, frame: NDArray[np.float32], speech: bool) -> None:
        """Add the next frame [shape=(frame_samples,)] and whether it is speech."""
        # In integers, because a sum of floats may depend on the memory alignment of the block.
        steps = np.rint(frame * np.float32(32768.0)).astype(np.int64).reshape(CELLS, -1)
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
        place = quietest_place(energy, np.arange(latest, earliest - 1, -1), half)
        return self._end - (heard - place) * self._cell

    def speech_samples_since(self, sample: int) -> int:
        """Return the number of speech samples from `sample` on, in whole frames."""
        frames = -(-(self._end - sample) // self._frame)
        return sum(list(self._speech)[len(self._speech) - frames :]) * self._frame
