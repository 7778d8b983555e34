"""The journal of a running session: audio first, then the records."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.append_file import AppendFile, SpaceReserve
from granite_live.audio.journal.disk_state import DiskStatus, disk_reason
from granite_live.audio.journal.filesystem import FileSystem, read_regular
from granite_live.audio.journal.folders import SessionLock, make_session_folder, sessions_dir
from granite_live.audio.journal.peaks import PeakWriter
from granite_live.audio.journal.records import HEADER_BYTES, SAMPLE_BYTES, Header, OpeningRecord
from granite_live.audio.journal.session import OpenSession
from granite_live.audio.journal.sound import (
    PCM_NAMES,
    SAMPLE_RATE_HZ,
    as_samples,
    check_within,
    read_exactly,
)
from granite_live.audio.source import Origin
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError, OutputError

UNWRITTEN_LIMIT_S = 3600.0
"""Seconds of audio kept in memory for a disk that takes none: an hour is 115 MB."""
SYNC_EVERY_S = 1.0
"""Seconds of audio that a power failure may cost. Killing the program costs none."""


class Journal(OpenSession):
    """Writes arriving audio to the disk before anything is computed from it.

    Created by `Journal.create`. Sample k of the session is always sample k of the file.
    """

    def __init__(
        self,
        path: Path,
        lock: SessionLock,
        header: Header,
        sounds: Sequence[AppendFile],
        files: FileSystem = filesystem,
        reserve: SpaceReserve | None = None,
        peaks: PeakWriter | None = None,
    ) -> None:
        super().__init__(
            path,
            lock,
            sample_rate_hz=header.sample_rate_hz,
            sounds=sounds,
            files=files,
            reserve=reserve,
        )
        self.started = header.started
        self._counts = [0] * len(self._sounds)
        self._peaks = peaks

    @property
    def samples(self) -> int:
        """Number of samples given to `append`; of two tracks the greater one."""
        return max(self._counts)

    @classmethod
    def create(
        cls,
        root: Path | None = None,
        *,
        started: datetime | None = None,
        unwritten_limit_s: float = UNWRITTEN_LIMIT_S,
        sync_every_s: float = SYNC_EVERY_S,
        origin: Origin | None = None,
        keep: str | None = None,
        resume_key: str = "",
        system_source: str = "",
        stores_peaks: bool = False,
        files: FileSystem = filesystem,
    ) -> Self:
        """Begin a session in a new folder of `root` (by default the program's own).

        `started` must be timezone-aware; None is now. `sync_every_s` counts seconds of audio: a
        file that is read faster than real time, and still exists, may use more. `origin` is
        recorded for the list of sessions, `keep` for `audio.retention`, `resume_key` for reading
        the rest of a file (`audio.file_source`). With `system_source`, the name of a device, the
        session has a second track for the computer's own output. `stores_peaks` stores the peaks
        of the session as it grows, for a waveform. `files` makes all changes on the
        disk.

        Raises:
            OutputError: The folder cannot be created or written.
        """
        root = sessions_dir() if root is None else root
        header = Header(SAMPLE_RATE_HZ, started or datetime.now(UTC))
        with contextlib.ExitStack() as undo:
            try:
                path = make_session_folder(root, header.started, files)
                undo.callback(_remove_folder_quietly, path)
                lock = SessionLock.acquire(path, files)
                if lock is None:
                    raise OSError(JournalMessage.TAKEN_AT_ONCE())
                undo.callback(lock.release)
                sounds: list[AppendFile] = []
                # The first track is created last: its file marks an unfinished session.
                for name in (PCM_NAMES if system_source else PCM_NAMES[:1])[::-1]:
                    fd = _create_sound(path / name, header, files)
                    undo.callback(os.close, fd)
                    sounds.insert(0, _growing(fd, unwritten_limit_s, sync_every_s, files))
                reserve = SpaceReserve.allocate(path, files)
                undo.callback(reserve.remove)
                peaks = None
                if stores_peaks:
                    rate_hz = header.sample_rate_hz
                    peaks = PeakWriter(path, rate_hz, files, tracks=len(sounds))
                    undo.callback(peaks.close)
                journal = cls(path, lock, header, sounds, files, reserve, peaks)
            except OSError as error:
                raise OutputError(
                    JournalMessage.CANNOT_RECORD(root=root, reason=disk_reason(error))
                ) from error
            undo.pop_all()
        time = header.started.isoformat(timespec="milliseconds")
        journal.append_record(
            OpeningRecord(origin, keep, resume_key, system_source).record(
                time, header.sample_rate_hz
            )
        )
        return journal

    def append(self, samples: NDArray[np.int16], track: int = 0) -> DiskStatus | None:
        """Write samples [shape=(samples,)] of a track; return a change of the disk's state, if any.

        On return the system has all of them, unless the state says otherwise: then they wait in
        memory, in order, and the next call retries. Does not raise for the disk.

        Raises:
            TypeError: The samples are not int16.
            ValueError: They are not mono, or the session is finished or closed.
        """
        if samples.dtype != np.int16:
            raise TypeError(f"a journal takes int16, not {samples.dtype}")
        if samples.ndim != 1:
            raise ValueError(f"a journal takes one channel, not an array of {samples.shape}")
        data = samples.astype("<i2", copy=False).tobytes()
        piece_bytes = self.sample_rate_hz * SAMPLE_BYTES
        pieces = [data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes)]
        with self._mutex:
            self._check_open()
            if self._has_ended:
                raise ValueError(f"the session in {self.path} is being finished")
            self._sounds[track].append(pieces)
            self._counts[track] += len(samples)
            if self._peaks is not None:
                self._peaks.add(samples, track)
                if self._sounds[track].lost:
                    self._peaks.abandon()  # the file has silence there
            # Records are synced with the audio, and retried with it if a write failed.
            if self._sounds[track].is_synced:
                self._records.sync()
            elif self._records.error is not None:
                self._records.flush()
            return self._news()

    def end(self) -> None:
        """End the session, see `OpenSession.end`, with the last peaks."""
        with self._mutex:
            super().end()
            if self._peaks is not None:
                self._peaks.finish()

    def finish(self, *, keep_sound: bool = True) -> Path | None:
        """Finish the session, see `OpenSession.finish`; peaks go with the sound."""
        with self._mutex:
            if self._peaks is not None and not keep_sound:
                self._peaks.abandon()
            return super().finish(keep_sound=keep_sound)

    def close(self) -> None:
        """Close the files, see `OpenSession.close`."""
        with self._mutex:
            super().close()
            if self._peaks is not None:
                self._peaks.close()

    def discard(self) -> None:
        """Close a session that failed to start; if nothing was recorded remove its folder."""
        self.close()
        if not self.samples:
            _remove_folder_quietly(self.path)

    def read(self, start_sample: int, stop_sample: int, track: int = 0) -> NDArray[np.int16]:
        """Return the samples start..stop of a track [shape=(stop - start,)]; from any thread.

        Samples that the disk refuses, or has not synced yet, come from memory; samples that memory
        could not hold are zeros, as in the file later. Does not wait for a write.

        Raises:
            ValueError: The bounds are negative or in the wrong order.
            AudioError: They reach beyond what was appended, or the disk cannot be read.
        """
        check_within(start_sample, stop_sample, self._counts[track])
        start, stop = (HEADER_BYTES + at * SAMPLE_BYTES for at in (start_sample, stop_sample))
        synced, rest = self._sounds[track].read_unsynced(start, stop)
        if synced == start:
            return as_samples(rest)
        try:
            with read_regular(self.path / PCM_NAMES[track]) as file:
                return as_samples(read_exactly(file, start, synced) + rest)
        except OSError as error:
            raise AudioError(
                JournalMessage.SOUND_UNREADABLE(path=self.path, reason=disk_reason(error))
            ) from error


def _growing(
    fd: int, unwritten_limit_s: float, sync_every_s: float, files: FileSystem
) -> AppendFile:
    bytes_per_s = SAMPLE_RATE_HZ * SAMPLE_BYTES
    return AppendFile(
        fd,
        offset=HEADER_BYTES,
        limit_bytes=int(unwritten_limit_s * bytes_per_s),
        sync_bytes=max(1, int(sync_every_s * bytes_per_s)),
        fill_with_zeros=True,
        files=files,
    )


def _create_sound(path: Path, header: Header, files: FileSystem) -> int:
    """Create a PCM file, which has its complete header from the start."""
    part = path.with_name(f"{path.name}.part")
    fd = files.open_file(part, create=True)
    try:
        filesystem.write_all(files, fd, header.pack())
        files.sync(fd)
    finally:
        os.close(fd)
    files.rename(part, path)
    files.sync_folder(path.parent)
    fd = files.open_file(path, create=False)
    os.lseek(fd, 0, os.SEEK_END)
    return fd


def _remove_folder_quietly(folder: Path) -> None:
    """Remove a folder that never became a session; a failure leaves it empty and harmless."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
