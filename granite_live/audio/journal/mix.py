"""Read the tracks of a session as one recording, and its peaks for a waveform."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.folders import FLAC_NAME, PEAKS_NAME
from granite_live.audio.journal.peaks import PEAKS_PER_S, peaks_of
from granite_live.audio.journal.sound import (
    SampleReader,
    check_within,
    has_system_track,
    open_session_audio,
)
from granite_live.util.files import write_atomically
from granite_live.util.lifecycle import Closeable

_FULL_SCALE = 32_768


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
