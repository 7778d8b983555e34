"""The peaks of a session's sound, for drawing a waveform; stored beside the sound."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.folders import FLAC_NAME, PEAKS_NAME
from granite_live.audio.journal.sound import open_session_audio
from granite_live.util.private_file import write_atomically

PEAKS_PER_S = 10
_BLOCK_PEAKS = 600
_FULL_SCALE = 32_768


def session_peaks(
    folder: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> NDArray[np.uint8]:
    """Return the largest amplitude of each tenth of a second [shape=(count,), 255 = full scale].

    Reads stored peaks at once; else decodes the sound, some seconds for an hour, and stores the
    peaks if the session has ended.

    Args:
        folder: The session's journal.
        is_cancelled: Asked at least once a minute of sound; ends the work with what there is.

    Raises:
        AudioError: The sound does not exist (any more), or cannot be read.
    """
    path = folder / PEAKS_NAME
    with open_session_audio(folder) as sound:
        step = sound.sample_rate_hz // PEAKS_PER_S
        count = -(-sound.samples // step)
        with contextlib.suppress(OSError):
            stored = np.fromfile(path, np.uint8)
            if len(stored) == count:
                return stored
        pieces: list[NDArray[np.uint8]] = []
        block = _BLOCK_PEAKS * step
        for start in range(0, sound.samples, block):
            if is_cancelled():
                break
            samples = sound.read(start, min(start + block, sound.samples))
            pieces.append(_peaks(samples, step))
    found = np.concatenate(pieces) if pieces else np.zeros(0, np.uint8)
    if len(found) == count and (folder / FLAC_NAME).exists():
        # Without stored peaks, for example on a full disk, the next call decodes again.
        with contextlib.suppress(OSError):
            write_atomically(path, found.tobytes())
    return found


def _peaks(samples: NDArray[np.int16], step: int) -> NDArray[np.uint8]:
    padded = np.zeros(-(-len(samples) // step) * step, np.int32)
    padded[: len(samples)] = np.abs(samples.astype(np.int32))
    largest = padded.reshape(-1, step).max(axis=1)
    peaks: NDArray[np.uint8] = np.minimum(255, largest * 256 // _FULL_SCALE).astype(np.uint8)
    return peaks
