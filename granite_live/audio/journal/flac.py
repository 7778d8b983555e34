"""Replace a finished session's PCM by FLAC after proving that every sample is equal, and back."""

from __future__ import annotations

import contextlib
import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.disk_state import disk_reason
from granite_live.audio.journal.filesystem import FileSystem
from granite_live.audio.journal.folders import (
    FLAC_NAME,
    FLAC_NAMES,
    PEAKS_NAME,
    SessionLock,
    started_by_name,
)
from granite_live.audio.journal.records import Header
from granite_live.audio.journal.sound import PCM_NAME, PCM_NAMES, FlacReader, PcmReader
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError, GraniteError, OutputError
from granite_live.util.pcm import to_int16

# FFmpeg writes each packet of about 1 KB separately.
_BUFFER_BYTES = 1 << 18
_BLOCK_SAMPLES = 1 << 16
# The longest frame that every FLAC decoder must accept at this rate: it compresses best, and with a
# quarter of the frames of FFmpeg's default decoding is four times faster.
_FRAME_SAMPLES = 4_608


class _FlacFile(io.RawIOBase):
    """An open file for Python's buffer, which closes it; writes go through `files`."""

    def __init__(self, fd: int, files: FileSystem) -> None:
        super().__init__()
        self._files, self._fd = files, fd

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return self._files.write(self._fd, bytes(data))  # type: ignore[call-overload]

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return os.lseek(self._fd, offset, whence)

    def sync(self) -> None:
        self._files.sync(self._fd)

    def close(self) -> None:
        if not self.closed:
            os.close(self._fd)
        super().close()


def encode(sound: PcmReader, path: Path, files: FileSystem = filesystem) -> None:
    """Write all of `sound` to `path` as 16-bit FLAC, safe from a power failure. Streams.

    Raises:
        AudioError: The recording cannot be read.
        OSError: The file cannot be written; a part of it may exist.
    """
    output = _FlacFile(files.open_file(path, create=True), files)
    try:
        file = io.BufferedWriter(output, _BUFFER_BYTES)
        _encode(sound, cast(BinaryIO, file))
        file.flush()
        output.sync()
    finally:
        # After an error the buffer still holds bytes that cannot be written.
        output.close()


def _encode(sound: PcmReader, file: BinaryIO) -> None:
    import av  # only here: a session must start without loading the decoder

    container = av.open(file, "w", format="flac")
    try:
        stream = container.add_stream(
            "flac",
            rate=sound.sample_rate_hz,
            layout="mono",
            format="s16",
            options={"frame_size": str(_FRAME_SAMPLES)},
        )
        position = 0
        for block in sound.blocks(block_samples=_BLOCK_SAMPLES):
            frame = av.AudioFrame.from_ndarray(block[np.newaxis], format="s16", layout="mono")
            frame.sample_rate = sound.sample_rate_hz
            frame.pts = position
            position += len(block)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    except BaseException:
        # Closing fails too; the first error is the one to report.
        with contextlib.suppress(OSError):
            container.close()
        raise
    container.close()


def verify(sound: PcmReader, path: Path) -> None:
    """Decode `path` like any other audio file, and compare every sample with `sound`.

    Raises:
        AudioError: One of the two cannot be read.
        OutputError: They differ.
    """
    position = 0
    from granite_live.audio.files import open_audio

    with open_audio(path) as file:
        for block in file.blocks(sound.sample_rate_hz):
            samples = to_int16(block)
            expected = sound.read(position, min(position + len(samples), sound.samples))
            if not np.array_equal(samples, expected):
                raise OutputError(_differs(path, position / sound.sample_rate_hz))
            position += len(samples)
        if position != sound.samples or file.warnings:
            raise OutputError(_differs(path, position / sound.sample_rate_hz))


def _differs(path: Path, at_s: float) -> str:
    return JournalMessage.FLAC_DIFFERS(name=path.name, at_s=at_s)


PART_NAMES = ("sound.part.flac", "system.part.flac")
"""The FLAC files by track while they are being written, or after the program was killed then."""


def pack_session(folder: Path, files: FileSystem) -> Path | None:
    """Convert the session's tracks to FLAC; return the first one's path, None without samples.

    The first track is packed last, because its PCM marks an unfinished session. See `_pack_track`.

    Raises:
        OutputError: The disk does not take it, or a copy is not exact. That PCM stays.
        AudioError: A PCM cannot be read.
    """
    for track in range(len(PCM_NAMES) - 1, 0, -1):
        if (folder / PCM_NAMES[track]).exists():
            _pack_track(folder, track, files)
    return _pack_track(folder, 0, files)


def _pack_track(folder: Path, track: int, files: FileSystem) -> Path | None:
    """Convert a track's PCM to FLAC and return its path, None if there are no samples.

    In this order: write the FLAC under another name, decode and compare it with the PCM sample for
    sample, sync and rename it; only then remove the PCM. Whatever interrupts this, the PCM or the
    FLAC is complete, and while the PCM exists the session counts as unfinished and can be packed
    again.

    Raises:
        OutputError: The disk does not take it, or the copy is not exact. The PCM stays.
        AudioError: The PCM cannot be read.
    """
    names = PCM_NAMES[track], PART_NAMES[track], FLAC_NAMES[track]
    pcm, part, flac = (folder / name for name in names)
    try:
        with PcmReader.open(pcm) as sound:
            has_sound = sound.samples > 0
            if has_sound:
                _write_and_verify(sound, part, files)
        if has_sound:
            files.rename(part, flac)
            files.sync_folder(folder)
        else:
            files.remove(part)
        files.remove(pcm)
        # If a power failure restores the PCM, it is packed once more.
        with contextlib.suppress(OSError):
            files.sync_folder(folder)
    except OSError as error:
        _remove_quietly(part, files)
        raise OutputError(
            JournalMessage.NOT_PACKED(folder=folder, reason=disk_reason(error))
        ) from error
    except GraniteError:
        _remove_quietly(part, files)
        raise
    return flac if has_sound else None


def discard(folder: Path, files: FileSystem = filesystem) -> None:
    """Delete the session's PCM files, and with them the recording; the texts stay.

    Raises:
        OutputError: It cannot be removed.
    """
    try:
        for name in (*PART_NAMES, *reversed(PCM_NAMES)):
            files.remove(folder / name)
        files.sync_folder(folder)
    except OSError as error:
        raise OutputError(
            JournalMessage.NOT_REMOVED(folder=folder, reason=disk_reason(error))
        ) from error


def _write_and_verify(sound: PcmReader, part: Path, files: FileSystem) -> None:
    # Imported here because the decoder loads slowly, and is needed only at the end of a session.

    encode(sound, part, files)
    verify(sound, part)


def _remove_quietly(part: Path, files: FileSystem) -> None:
    # If this fails it does no harm: the next attempt overwrites the file.
    with contextlib.suppress(OSError):
        files.remove(part)


_BLOCK_S = 10


def reopen_session(folder: Path) -> None:
    """Restore the PCM of a finished session; `open_for_recovery` opens it then.

    The FLAC stays until the session is finished again. Does nothing if the session is unfinished.
    Takes some seconds for an hour of sound.

    Raises:
        AudioError: The recording is deleted or unreadable, or another program uses the session.
        OutputError: The disk does not take the PCM; the session stays finished.
    """
    try:
        lock = SessionLock.acquire(folder)
    except OSError as error:
        raise AudioError(
            JournalMessage.UNOPENABLE(path=folder, reason=disk_reason(error))
        ) from error
    if lock is None:
        raise AudioError(JournalMessage.RUNNING_ELSEWHERE(path=folder))
    try:
        if not os.path.lexists(folder / PCM_NAME):
            _restore(folder)
    finally:
        lock.release()


def _restore(folder: Path) -> None:
    part = folder / f"{PCM_NAME}.part"
    try:
        with FlacReader(folder / FLAC_NAME) as sound:
            _write(sound, part, started_by_name(folder) or datetime.now(UTC))
        filesystem.rename(part, folder / PCM_NAME)
        filesystem.remove(folder / PEAKS_NAME)  # of a recording that was shorter
        filesystem.sync_folder(folder)
    except FileNotFoundError as error:
        raise AudioError(JournalMessage.SOUND_NOT_KEPT(folder=folder)) from error
    except OSError as error:
        filesystem.remove(part)
        raise OutputError(
            JournalMessage.REST_NOT_WRITTEN(path=folder, reason=disk_reason(error))
        ) from error


def _write(sound: FlacReader, part: Path, started: datetime) -> None:
    filesystem.remove(part)  # after a kill
    fd = filesystem.open_file(part, create=True)
    try:
        filesystem.write_all(filesystem, fd, Header(sound.sample_rate_hz, started).pack())
        block = _BLOCK_S * sound.sample_rate_hz
        for start in range(0, sound.samples, block):
            samples = sound.read(start, min(start + block, sound.samples))
            filesystem.write_all(filesystem, fd, samples.astype("<i2").tobytes())
        filesystem.sync(fd)
    finally:
        os.close(fd)
