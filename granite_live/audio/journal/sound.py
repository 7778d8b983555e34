"""Reads the samples of a journal back, a stretch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.header import (
    HEADER_BYTES,
    SAMPLE_BYTES,
    DamagedHeaderError,
    Header,
)
from granite_live.audio.journal.regular import read_regular
from granite_live.closing import Closing
from granite_live.errors import AudioError

SOUND_NAME = "sound.pcm"
# The only rate that version 1 was ever written with.
SAMPLE_RATE_HZ = 16_000


class SoundReader(Closing):
    """The sound of a session as it lies on the disk. A context manager; for one thread.

    Attributes:
        samples: How many whole samples there are. An odd byte after a kill is ignored.
        sample_rate_hz: Their rate.
        started: When the first one came, None if that is unknown.
        warning: A sentence if the header is damaged, else "". The samples are still read,
            with the rate that every journal has.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.warning = ""
        self.sample_rate_hz = SAMPLE_RATE_HZ
        self.started: datetime | None = None
        head = file.read(HEADER_BYTES)
        try:
            header = Header.parse(head)
        except DamagedHeaderError as error:
            self.warning = f"{error}; its sound is taken to be {SAMPLE_RATE_HZ} Hz"
        else:
            self.sample_rate_hz, self.started = header.sample_rate_hz, header.started
        self.samples = max(0, file.seek(0, 2) - HEADER_BYTES) // SAMPLE_BYTES

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a journal's sound.

        Raises:
            AudioError: A newer version of the program wrote it.
            OSError: It cannot be read.
        """
        file = read_regular(path)
        try:
            return cls(file)
        except BaseException:
            file.close()
            raise

    @property
    def duration_s(self) -> float:
        """How long the sound is."""
        return self.samples / self.sample_rate_hz

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            ValueError: The bounds are negative or the wrong way round.
            AudioError: They reach beyond the end, or the disk no longer gives what it held.
        """
        check_within(start_sample, stop_sample, self.samples)
        start, stop = (HEADER_BYTES + at * SAMPLE_BYTES for at in (start_sample, stop_sample))
        return as_samples(read_exactly(self._file, start, stop))

    def blocks(
        self, start_sample: int = 0, *, block_samples: int = SAMPLE_RATE_HZ
    ) -> Iterator[NDArray[np.int16]]:
        """Yield the sound from `start_sample` to its end in blocks; the last may be shorter."""
        for start in range(start_sample, self.samples, block_samples):
            yield self.read(start, min(start + block_samples, self.samples))

    def close(self) -> None:
        """Close the file. Doing so twice does no harm."""
        self._file.close()


def check_within(start_sample: int, stop_sample: int, samples: int) -> None:
    """Check that a recording of so many samples has the samples start..stop.

    Raises:
        ValueError: The bounds are negative or the wrong way round.
        AudioError: The recording ends before `stop_sample`.
    """
    if not 0 <= start_sample <= stop_sample:
        raise ValueError(f"no such stretch of sound: {start_sample} to {stop_sample}")
    if stop_sample > samples:
        raise AudioError(
            f"the recording ends at sample {samples}, and samples up to {stop_sample} were "
            f"wanted: check the disk"
        )


def read_exactly(file: BinaryIO, start: int, stop: int) -> bytes:
    """Return the bytes from offset `start` up to `stop` of a journal's sound.

    Raises:
        AudioError: The file is shorter, or cannot be read.
    """
    try:
        file.seek(start)
        data = file.read(stop - start)
    except OSError as error:
        raise AudioError(f"the recording cannot be read: {error}; check the disk") from error
    if len(data) != stop - start:
        raise AudioError("the recording became shorter while it was read: check the disk")
    return data


def as_samples(data: bytes) -> NDArray[np.int16]:
    """Return the samples in a journal's bytes [shape=(len(data) // 2,)]."""
    return np.frombuffer(data, dtype="<i2").astype(np.int16, copy=False)
