"""Read a session's recording."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal.disk_state import disk_reason
from granite_live.audio.journal.filesystem import read_regular
from granite_live.audio.journal.folders import FLAC_NAMES
from granite_live.audio.journal.records import (
    HEADER_BYTES,
    SAMPLE_BYTES,
    DamagedHeaderError,
    Header,
)
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import Closeable

if TYPE_CHECKING:
    import av


PCM_NAME = "sound.pcm"
PCM_NAMES = (PCM_NAME, "system.pcm")
"""The files by track, as `folders.FLAC_NAMES`. The first marks an unfinished session."""
# The only rate of format version 1.
SAMPLE_RATE_HZ = 16_000


class PcmReader(Closeable):
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
            self.warning = JournalMessage.RATE_ASSUMED(reason=error, rate_hz=SAMPLE_RATE_HZ)
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
        raise AudioError(JournalMessage.SOUND_ENDS_EARLY(samples=samples, wanted=stop_sample))


def read_exactly(file: BinaryIO, start: int, stop: int) -> bytes:
    """Return the bytes from offset `start` up to `stop` of a journal's PCM file.

    Raises:
        AudioError: The file is shorter, or cannot be read.
    """
    try:
        file.seek(start)
        data = file.read(stop - start)
    except OSError as error:
        raise AudioError(JournalMessage.READ_FAILED(reason=error)) from error
    if len(data) != stop - start:
        raise AudioError(JournalMessage.SOUND_SHRANK())
    return data


def as_samples(data: bytes) -> NDArray[np.int16]:
    """Return the samples in the bytes of a journal [shape=(len(data) // 2,)]."""
    return np.frombuffer(data, dtype="<i2").astype(np.int16, copy=False)


class SampleReader(AbstractContextManager["SampleReader"], Protocol):
    """The samples of a session; a context manager; for one thread."""

    samples: int
    sample_rate_hz: int

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            ValueError: The bounds are negative or in the wrong order.
            AudioError: They are beyond the end, or cannot be read.
        """

    def close(self) -> None:
        """Close the file. Idempotent."""


def has_system_track(folder: Path) -> bool:
    """Return whether the session in `folder` has a second track, packed or not."""
    return any((folder / names[1]).exists() for names in (PCM_NAMES, FLAC_NAMES))


def open_session_audio(folder: Path, track: int = 0) -> SampleReader:
    """Open the audio of a track of the session in `folder`.

    Raises:
        AudioError: It does not exist (any more), or cannot be read.
    """
    try:
        try:
            return PcmReader.open(folder / PCM_NAMES[track])
        except FileNotFoundError:
            return FlacReader(folder / FLAC_NAMES[track])
    except FileNotFoundError as error:
        raise AudioError(JournalMessage.SOUND_NOT_KEPT(folder=folder)) from error
    except OSError as error:
        raise AudioError(
            JournalMessage.SOUND_UNREADABLE(path=folder, reason=disk_reason(error))
        ) from error


# How much earlier a seek in a FLAC file is tried, one after the other.
_EARLIER_S = (0, 2, 10)


class FlacReader(Closeable):
    """The audio of a finished session.

    Attributes:
        samples: Number of samples.
        sample_rate_hz: The sample rate.
    """

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            AudioError: It is not a recording.
            OSError: It cannot be read.
        """
        self._path = path
        self._file = read_regular(path)
        try:
            self._open()
            self.sample_rate_hz = self._stream.rate
            self.samples = self._samples_of(self._stream.duration or 0)
            if not self.samples:
                # Every packed file states its length, and empty recordings are not packed.
                raise AudioError(JournalMessage.SOUND_WITHOUT_BEGINNING(path=path))
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        # Imported here because the decoder loads slowly, and is needed only for finished sessions.
        from granite_live.audio.opening import (
            audio_tracks,
            open_container,
            quote_path,
            select_stream,
        )
        from granite_live.audio.tracks import choose_track

        name = quote_path(self._path)
        self._container = open_container(name, self._path.suffix, self._file)
        track = choose_track(name, audio_tracks(name, self._container))
        self._stream = select_stream(self._container, track)
        self._frames = self._container.decode(self._stream)
        self._position = 0  # of the next frame in `_frames`
        self._rest = np.empty(0, np.int16)  # decoded samples before that position

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return samples start..stop; see `SampleReader`. Sequential reading is fastest."""
        check_within(start_sample, stop_sample, self.samples)
        if start_sample == stop_sample:
            return np.empty(0, np.int16)
        from granite_live.audio.opening import DECODING_ERRORS

        try:
            if not self._position - len(self._rest) <= start_sample <= self._position:
                self._seek(start_sample)
            pieces = self._pieces(start_sample, stop_sample)
        except DECODING_ERRORS as error:
            raise AudioError(
                JournalMessage.SOUND_UNREADABLE_NEAR(
                    path=self._path, at_s=start_sample / self.sample_rate_hz, reason=error
                )
            ) from error
        found = np.concatenate([np.empty(0, np.int16), *pieces])
        if len(found) != stop_sample - start_sample:
            raise AudioError(JournalMessage.SOUND_INCOMPLETE(path=self._path))
        return found

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._container.close()
        self._file.close()

    def _pieces(self, start: int, stop: int) -> list[NDArray[np.int16]]:
        pieces, at = [], start
        while at < stop:
            first = self._position - len(self._rest)
            piece = self._rest[at - first : stop - first]
            pieces.append(piece)
            at += len(piece)
            if at < stop:
                frame = next(self._frames, None)
                if frame is None:
                    break
                self._take(frame)
        return pieces

    def _seek(self, sample: int) -> None:
        """Move so that `_rest` begins at `sample` or before.
         FLAC has no index here, so FFmpeg estimates the position of a time; near the end that can
        fail or land too late. Then earlier times are tried, and finally the start.
        """
        for earlier_s in _EARLIER_S:
            from_sample = max(0, sample - earlier_s * self.sample_rate_hz)
            if self._jump(from_sample) and self._read_on_to(sample):
                return
        self._container.close()
        self._file.seek(0)
        self._open()
        self._read_on_to(sample)

    def _jump(self, sample: int) -> bool:
        from granite_live.audio.opening import DECODING_ERRORS

        time_base = self._stream.time_base
        ticks = sample if time_base is None else int(sample / self.sample_rate_hz / time_base)
        try:
            self._container.seek(ticks, stream=self._stream, backward=True)
        except DECODING_ERRORS:
            return False
        self._frames = self._container.decode(self._stream)
        self._rest = np.empty(0, np.int16)
        return True

    def _read_on_to(self, sample: int) -> bool:
        """Decode until `_rest` contains `sample`; return whether it does."""
        is_first = True
        for frame in self._frames:
            self._position = self._samples_of(frame.pts or 0)
            if is_first and self._position > sample:
                return False
            is_first = False
            self._take(frame)
            if self._position > sample:
                return True
        return False

    def _take(self, frame: av.AudioFrame) -> None:
        self._rest = frame.to_ndarray()[0].astype(np.int16, copy=False)
        self._position += len(self._rest)

    def _samples_of(self, ticks: int) -> int:
        time_base = self._stream.time_base
        return ticks if time_base is None else round(ticks * time_base * self.sample_rate_hz)
