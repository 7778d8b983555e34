"""The peaks of a recording, for a waveform, stored while the recording grows."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.filesystem import FileSystem, write_all
from granite_live.audio.journal.folders import PEAKS_NAME
from granite_live.util.lifecycle import Closeable

PEAKS_PER_S = 10
_FULL_SCALE = 32_768
_WRITE_BYTES = PEAKS_PER_S
"""Peaks are written together, once in a second of sound."""


def peaks_of(samples: NDArray[np.int16], step: int) -> NDArray[np.uint8]:
    """Return the largest amplitude of each `step` samples [shape=(count,), 255 = full scale]."""
    padded = np.zeros(-(-len(samples) // step) * step, np.int32)
    padded[: len(samples)] = np.abs(samples.astype(np.int32))
    largest = padded.reshape(-1, step).max(axis=1)
    peaks: NDArray[np.uint8] = np.minimum(255, largest * 256 // _FULL_SCALE).astype(np.uint8)
    return peaks


class PeakWriter(Closeable):
    """Writes the peaks of arriving sound to the session's folder. For one thread at a time.

    Peaks are a convenience that can be computed again: a disk that refuses them ends the writer
    and removes the file, and nothing is raised.
    """

    def __init__(self, folder: Path, sample_rate_hz: int, files: FileSystem) -> None:
        self._path, self._files = folder / PEAKS_NAME, files
        self._step = sample_rate_hz // PEAKS_PER_S
        self._rest = np.zeros(0, np.int16)
        self._waiting = bytearray()
        self._is_abandoned = False
        self._fd: int | None = None
        with contextlib.suppress(OSError):
            self._fd = files.open_file(self._path, create=True)

    def add(self, samples: NDArray[np.int16]) -> None:
        """Take the next samples of the recording."""
        if self._fd is None:
            return
        sound = np.concatenate((self._rest, samples))
        whole = len(sound) // self._step * self._step
        self._rest = sound[whole:].copy()
        self._waiting += peaks_of(sound[:whole], self._step).tobytes()
        if len(self._waiting) >= _WRITE_BYTES:
            self._write()

    def finish(self) -> None:
        """Write the last peaks, of less than a tenth of a second too, and close the file."""
        if len(self._rest):
            self._waiting += peaks_of(self._rest, self._step).tobytes()
            self._rest = self._rest[:0]
        self._write()
        self.close()

    def abandon(self) -> None:
        """Remove the file: it does not fit the recording."""
        self.close()
        if not self._is_abandoned:
            self._is_abandoned = True
            with contextlib.suppress(OSError):
                self._files.remove(self._path)

    def close(self) -> None:
        """Close the file. Idempotent."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _write(self) -> None:
        if self._fd is None:
            return
        try:
            write_all(self._files, self._fd, bytes(self._waiting))
        except OSError:
            self.abandon()
        self._waiting.clear()
