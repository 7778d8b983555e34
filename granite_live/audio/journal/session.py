"""The common base of a running and a recovered session: folder, lock, records, end."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.append_file import RESERVE_NAME, AppendFile, SpaceReserve
from granite_live.audio.journal.disk_state import DiskState, DiskStatus, describe_disk, disk_reason
from granite_live.audio.journal.filesystem import FileSystem
from granite_live.audio.journal.flac import discard, pack_session
from granite_live.audio.journal.folders import SessionLock
from granite_live.audio.journal.records import (
    HEADER_BYTES,
    RECORDS_NAME,
    SAMPLE_BYTES,
    encode_record,
    on_track,
    open_records,
)
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import OutputError
from granite_live.util.lifecycle import Closeable

CLOSED = "journal_closed"
SOUND_LOST = "sound_lost"

# Records are text: this is more than days of speech. The limit only bounds a defect.
_RECORDS_LIMIT_BYTES = 64 << 20
# While audio arrives, records are synced together with it; without audio one by one.
_RECORDS_SYNC_BYTES = 1 << 16
# Space for the last records of a session, which list the losses.
_LAST_RECORDS_BYTES = 1 << 14
# A lasting failure is reported again after this many seconds of audio.
_TELL_EVERY_S = 60.0
_FINAL = b'{"event":"final"'


class OpenSession(Closeable):
    """A locked session folder that takes records and can be finished. A context manager.

    Leaving the context without `finish` leaves the session unfinished on the disk. All methods may
    be called from any thread.
    """

    def __init__(
        self,
        path: Path,
        lock: SessionLock,
        *,
        sample_rate_hz: int,
        sounds: Sequence[AppendFile] = (),
        has_ended: bool = False,
        files: FileSystem = filesystem,
        reserve: SpaceReserve | None = None,
    ) -> None:
        """Take over a locked folder; `sounds` is the growing audio by track, none for a recovery.

        `reserve` is space for the records on a full disk.

        Raises:
            OSError: The records cannot be opened.
        """
        self.path = path
        self.sample_rate_hz = sample_rate_hz
        self._file_system = files
        fd, offset = open_records(path / RECORDS_NAME, files)
        self._records = AppendFile(
            fd,
            offset=offset,
            limit_bytes=_RECORDS_LIMIT_BYTES,
            sync_bytes=_RECORDS_SYNC_BYTES if sounds else 1,
            fill_with_zeros=False,
            files=files,
            make_room=reserve.release if reserve else None,
        )
        self._reserve = reserve or SpaceReserve(path / RESERVE_NAME, files)
        self._sounds = tuple(sounds)
        self._lock = lock
        self._mutex = threading.RLock()
        self._has_ended = has_ended
        self._is_closed = False
        self._is_packed = False
        self._flac: Path | None = None
        self._state = DiskState.WRITING
        # The loss when all was well the last time, and the number of recorded gaps by track.
        self._known_lost_bytes = 0
        self._recorded_gaps = [0] * len(self._sounds)
        self._report_from_s = 0.0

    @property
    def unwritten_s(self) -> float:
        """Seconds of audio that are in memory only; of two tracks the sum."""
        return self._seconds(sum(one.unwritten_bytes for one in self._sounds))

    @property
    def lost_s(self) -> float:
        """Seconds of audio that were dropped because disk and memory were full."""
        return self._seconds(sum(one.lost_bytes for one in self._sounds))

    @property
    def lost_sound(self) -> tuple[tuple[int, int], ...]:
        """The samples (start, stop) that were dropped, and those that are in memory only.

        After `close` these are the lost stretches, in order for each track.
        """
        return tuple(lost for sound in self._sounds for lost in _lost_samples(sound))

    @property
    def unwritten_texts(self) -> int:
        """Number of final texts in memory only; after `close`, number of lost texts."""
        _, data = self._records.read_unsynced(*self._records.unwritten_range)
        lines = data.splitlines()
        cut = bool(lines) and not lines[0].startswith(b"{")
        return cut + sum(line.startswith(_FINAL) for line in lines)

    def append_record(self, record: Mapping[str, Any]) -> DiskStatus | None:
        """Write one record as a line of JSON; return a change of the disk's state, if any.

        Does not raise for the disk: refused records wait in memory.

        Raises:
            TypeError: The record holds an object that JSON cannot represent.
            ValueError: The session is finished or closed.
        """
        data = encode_record(record)
        with self._mutex:
            self._check_open()
            self._records.append([data])
            for sound in self._sounds:
                if sound.error is not None:
                    sound.flush()
            return self._news()

    def end(self) -> None:
        """Write everything to the disk, with the closing record; no audio may follow.

        Takes no longer than the disk needs. Afterwards only the FLAC is missing, which `finish`
        makes, now or after `close` and a restart (`UnfinishedSession.has_ended`). May be called
        again after an error.

        Raises:
            OutputError: The disk does not take all of it.
            ValueError: The session was closed without being finished.
        """
        with self._mutex:
            self._check_open()
            for sound in self._sounds:
                self._sync_sound(sound)
                self._check_written(sound)
            self._record_gaps()
            if not self._has_ended:
                self._has_ended = True
                self._records.append([encode_record({"event": CLOSED, "time": _now()})])
            self._records.sync()
            self._check_written(self._records)
            self._reserve.remove()
            for sound in self._sounds:
                # Windows does not remove an open file.
                sound.close()

    def finish(self, *, keep_sound: bool = True) -> Path | None:
        """Finish the session; return its FLAC file, None if there is none.
         Does what `end` does, encodes the audio as FLAC, verifies it and removes the PCM, which
        takes seconds for an hour of audio. May be called again after an error, and what is on the
        disk stays complete and can be recovered later.

        Args:
            keep_sound: If false, the PCM is removed and no FLAC is made.

        Raises:
            OutputError: The disk does not take all of it.
            AudioError: The sound cannot be read back.
            ValueError: The session was closed without being finished.
        """
        with self._mutex:
            if not self._is_packed:
                self.end()
                if keep_sound:
                    self._flac = pack_session(self.path, self._file_system)
                else:
                    discard(self.path, self._file_system)
                self._is_packed = True
                self.close()
            return self._flac

    def close(self) -> None:
        """Close the files and release the lock; without `finish` the session stays unfinished.

        Does not raise for the disk. Idempotent.
        """
        with self._mutex:
            if self._is_closed:
                return
            for sound in self._sounds:
                self._sync_sound(sound)
            self._record_gaps()
            for track, sound in enumerate(self._sounds):
                self._record_lost(track, *sound.unwritten_range)
            self._records.sync()
            self._reserve.remove()
            for file in self._files():
                file.close()
            self._lock.release()
            self._is_closed = True

    def _sync_sound(self, sound: AppendFile) -> None:
        """Write the last audio to the disk, if need be into the space reserved for texts."""
        sound.sync()
        if sound.error is not None:
            self._records.sync()
            self._reserve.shrink_to(_LAST_RECORDS_BYTES)
            sound.sync()

    def _check_open(self) -> None:
        if self._is_closed:
            raise ValueError(f"the session in {self.path} is closed")

    def _check_written(self, file: AppendFile) -> None:
        if file.error is not None:
            what = (
                JournalMessage.LAST_TEXT() if file is self._records else JournalMessage.LAST_SOUND()
            )
            raise OutputError(
                JournalMessage.LAST_PART_NOT_WRITTEN(
                    what=what, path=self.path, reason=disk_reason(file.error)
                )
            )

    def _files(self) -> list[AppendFile]:
        return [*self._sounds, self._records]

    def _seconds(self, size_bytes: int) -> float:
        return size_bytes / SAMPLE_BYTES / self.sample_rate_hz

    def _error(self) -> OSError | None:
        return next((file.error for file in self._files() if file.error), None)

    def _news(self) -> DiskStatus | None:
        """Record gaps that have ended; return a change of the disk's state, if any."""
        if self._error() is None:
            self._record_gaps()
        error = self._error()
        lost_bytes = sum(file.lost_bytes for file in self._files())
        if error is None:
            state = DiskState.WRITING
        elif lost_bytes > self._known_lost_bytes:
            state = DiskState.LOSING
        else:
            state = DiskState.REFUSING
        unwritten_s, lost_s = self.unwritten_s, self.lost_s
        if state is self._state and (
            state is DiskState.WRITING or unwritten_s + lost_s < self._report_from_s
        ):
            return None
        self._state = state
        self._report_from_s = unwritten_s + lost_s + _TELL_EVERY_S
        if state is DiskState.WRITING:
            self._known_lost_bytes = lost_bytes
        unwritten_bytes = sum(file.unwritten_bytes for file in self._files())
        return describe_disk(state, error, str(self.path), unwritten_bytes, unwritten_s, lost_s)

    def _record_gaps(self) -> None:
        """Record where silence replaces lost audio."""
        for track, sound in enumerate(self._sounds):
            for start, end in sound.lost[self._recorded_gaps[track] :]:
                self._record_lost(track, start, end)
            self._recorded_gaps[track] = len(sound.lost)

    def _record_lost(self, track: int, start: int, end: int) -> None:
        """Record the loss of the audio between two file offsets, if they differ."""
        samples = _samples((start, end))
        if start < end:
            gap = dict(zip(("start_sample", "end_sample"), samples, strict=True))
            gap |= on_track(track)
            self._records.append([encode_record({"event": SOUND_LOST, **gap})])


def _lost_samples(sound: AppendFile) -> Iterator[tuple[int, int]]:
    """Yield the samples (start, stop) that were dropped, then those in memory only."""
    start, end = sound.unwritten_range
    # A sample of which only one byte is on the disk is lost.
    tail = (start - HEADER_BYTES) // SAMPLE_BYTES, (end - HEADER_BYTES) // SAMPLE_BYTES
    yield from (one for one in map(_samples, sound.lost) if one[1] <= tail[0])
    if tail[0] < tail[1]:
        yield tail


def _samples(offsets: tuple[int, int]) -> tuple[int, int]:
    """Convert file offsets to samples of the session."""
    start, stop = ((offset - HEADER_BYTES) // SAMPLE_BYTES for offset in offsets)
    return start, stop


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
