"""The peaks of a recording for a waveform, stored while it grows; its tracks as one recording."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.filesystem import FileSystem, write_all
from granite_live.audio.journal.folders import FLAC_NAME, PEAKS_NAME
from granite_live.audio.journal.sound import (
    SampleReader,
    check_within,
    has_system_track,
    open_session_audio,
)
from granite_live.util.files import write_atomically
from granite_live.util.lifecycle import Closeable

PEAKS_PER_S = 10
_FULL_SCALE = 32_768
_WRITE_BYTES = PEAKS_PER_S
"""Peaks are written together, once in a second of sound."""
_WAIT_S = 5
"""So long the sound of a track waits for that of the other one; then the other one is silent."""


def peaks_of(samples: NDArray[np.int16], step: int) -> NDArray[np.uint8]:
    """Return the largest amplitude of each `step` samples [shape=(count,), 255 = full scale]."""
    padded = np.zeros(-(-len(samples) // step) * step, np.int32)
    padded[: len(samples)] = np.abs(samples.astype(np.int32))
    largest = padded.reshape(-1, step).max(axis=1)
    peaks: NDArray[np.uint8] = np.minimum(255, largest * 256 // _FULL_SCALE).astype(np.uint8)
    return peaks


class PeakWriter(Closeable):
    """Writes the peaks of arriving sound, its tracks mixed, to the session's folder.

    For one thread at a time.

    Peaks are a convenience that can be computed again: a disk that refuses them ends the writer
    and removes the file, and nothing is raised. So does a track whose sound comes too late.
    """

    def __init__(
        self, folder: Path, sample_rate_hz: int, files: FileSystem, *, tracks: int = 1
    ) -> None:
        self._path, self._files = folder / PEAKS_NAME, files
        self._step = sample_rate_hz // PEAKS_PER_S
        self._wait_samples = _WAIT_S * sample_rate_hz
        self._rests = [np.zeros(0, np.int16)] * tracks
        # By track, the samples that are in the peaks as silence, because they had not arrived.
        self._missing = [0] * tracks
        self._waiting = bytearray()
        self._is_abandoned = False
        self._fd: int | None = None
        with contextlib.suppress(OSError):
            self._fd = files.open_file(self._path, create=True)

    def add(self, samples: NDArray[np.int16], track: int = 0) -> None:
        """Take the next samples of a track of the recording."""
        if self._fd is None:
            return
        late = min(self._missing[track], len(samples))
        self._missing[track] -= late
        if samples[:late].any():
            self.abandon()
            return
        self._rests[track] = np.concatenate((self._rests[track], samples[late:]))
        lengths = [len(rest) for rest in self._rests]
        is_waiting = max(lengths) - min(lengths) <= self._wait_samples
        count = min(lengths) if is_waiting else max(lengths)
        self._take(count // self._step * self._step)
        if len(self._waiting) >= _WRITE_BYTES:
            self._write()

    def finish(self) -> None:
        """Write the last peaks, of less than a tenth of a second too, and close the file."""
        self._take(max(len(rest) for rest in self._rests))
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

    def _take(self, count: int) -> None:
        """Add the peaks of the next `count` samples, with silence where a track has fewer."""
        mixed = np.zeros(count, np.int32)
        for track, rest in enumerate(self._rests):
            mixed[: len(rest)] += rest[:count]
            self._missing[track] += max(0, count - len(rest))
            self._rests[track] = rest[count:].copy()
        sound = np.clip(mixed, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
        self._waiting += peaks_of(sound, self._step).tobytes()

    def _write(self) -> None:
        if self._fd is None:
            return
        try:
            write_all(self._files, self._fd, bytes(self._waiting))
        except OSError:
            self.abandon()
        self._waiting.clear()


class MixedReader(Closeable):
    """The sum of several tracks, as long as the longest. A context manager; for one thread."""

    def __init__(self, tracks: Sequence[SampleReader]) -> None:
        """Take over the tracks: at least one, all of the same rate."""
        self._tracks = tracks
        self.samples = max(one.samples for one in tracks)
        self.sample_rate_hz = tracks[0].sample_rate_hz

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return samples start..stop; see `SampleReader`. Sums beyond 16 bits are clipped."""
        check_within(start_sample, stop_sample, self.samples)
        mixed = np.zeros(stop_sample - start_sample, np.int32)
        for one in self._tracks:
            stop = min(stop_sample, one.samples)
            if start_sample < stop:
                mixed[: stop - start_sample] += one.read(start_sample, stop)
        return np.clip(mixed, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)

    def close(self) -> None:
        """Close the files. Idempotent."""
        for one in self._tracks:
            one.close()


def open_session_mix(folder: Path, track: int | None = None) -> SampleReader:
    """Open the audio of the session in `folder`: all tracks mixed, or one track.

    Raises:
        AudioError: It does not exist (any more), or cannot be read.
    """
    if track is not None:
        return open_session_audio(folder, track)
    first = open_session_audio(folder)
    if not has_system_track(folder):
        return first
    try:
        return MixedReader((first, open_session_audio(folder, 1)))
    except BaseException:
        first.close()
        raise


_BLOCK_PEAKS = 600


def session_peaks(
    folder: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> NDArray[np.uint8]:
    """Return the largest amplitude of each tenth of a second [shape=(count,), 255 = full scale].

    The tracks of a meeting are mixed. Reads stored peaks at once; else decodes the sound, some
    seconds for an hour, and stores the peaks if the session has ended. Of a session that runs, only
    the sound that has no stored peaks yet is read.

    Args:
        folder: The session's journal.
        is_cancelled: Asked at least once a minute of sound; ends the work with what there is.

    Raises:
        AudioError: The sound does not exist (any more), or cannot be read.
    """
    path = folder / PEAKS_NAME
    with open_session_mix(folder) as sound:
        step = sound.sample_rate_hz // PEAKS_PER_S
        count = -(-sound.samples // step)
        with contextlib.suppress(OSError):
            stored = np.fromfile(path, np.uint8)
            if len(stored) == count:
                return stored
        pieces: list[NDArray[np.uint8]] = []
        block = _BLOCK_PEAKS * step
        first = 0
        if not (folder / FLAC_NAME).exists():
            with contextlib.suppress(OSError):
                pieces.append(np.fromfile(path, np.uint8)[:count])
                first = min(len(pieces[0]) * step, sound.samples)
        for start in range(first, sound.samples, block):
            if is_cancelled():
                break
            samples = sound.read(start, min(start + block, sound.samples))
            pieces.append(peaks_of(samples, step))
    found = np.concatenate(pieces) if pieces else np.zeros(0, np.uint8)
    if len(found) == count and (folder / FLAC_NAME).exists():
        # Without stored peaks, for example on a full disk, the next call decodes again.
        with contextlib.suppress(OSError):
            write_atomically(path, found.tobytes())
    return found
