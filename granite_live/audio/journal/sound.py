"""Read the samples of a journal in stretches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.header import HEADER_BYTES, SAMPLE_BYTES, DamagedHeaderError, Header
from granite_live.audio.journal.regular import read_regular
from granite_live.util.closing import Closing
from granite_live.util.errors import AudioError

SOUND_NAME = "sound.pcm"
# The only rate of format version 1.
SAMPLE_RATE_HZ = 16_000


class SoundReader(Closing):
    """The PCM audio of a session on the disk. A context manager; for one thread.

    Attributes:
        samples: Number of complete samples. An odd byte after a kill is ignored.
        sample_rate_hz: The sample rate.
        started: The time of the first sample, None if unknown.
        warning: A sentence if the header is damaged, else "". The samples are still read, with
            the rate that every journal has.
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
        """Open a journal's PCM file.

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
        """The length in seconds."""
        return self.samples / self.sample_rate_hz

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            ValueError: The bounds are negative or in the wrong order.
            AudioError: They are beyond the end, or the disk fails.
        """
        check_within(start_sample, stop_sample, self.samples)
        start, stop = (HEADER_BYTES + at * SAMPLE_BYTES for at in (start_sample, stop_sample))
        return as_samples(read_exactly(self._file, start, stop))

    def blocks(
        self, start_sample: int = 0, *, block_samples: int = SAMPLE_RATE_HZ
    ) -> Iterator[NDArray[np.int16]]:
        """Yield the audio from `start_sample` to the end in blocks; the last may be shorter."""
        for start in range(start_sample, self.samples, block_samples):
            yield self.read(start, min(start + block_samples, self.samples))

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._file.close()


def check_within(start_sample: int, stop_sample: int, samples: int) -> None:
    """Check that a recording of `samples` samples has the samples start..stop.

    Raises:
        ValueError: The bounds are negative or in the wrong order.
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
    """Return the bytes from offset `start` up to `stop` of a journal's PCM file.

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
    """Return the samples in the bytes of a journal [shape=(len(data) // 2,)]."""
    return np.frombuffer(data, dtype="<i2").astype(np.int16, copy=False)
