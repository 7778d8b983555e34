"""What a running and a recovered session have in common: its folder, lock, records, end."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from granite_live.audio.journal import disk
from granite_live.audio.journal.appending import AppendFile
from granite_live.audio.journal.disk import FileSystem
from granite_live.audio.journal.header import HEADER_BYTES, SAMPLE_BYTES
from granite_live.audio.journal.lock import SessionLock
from granite_live.audio.journal.packing import discard, pack
from granite_live.audio.journal.records import RECORDS_NAME, line, open_records
from granite_live.audio.journal.reserve import RESERVE_NAME, Reserve
from granite_live.audio.journal.trouble import DiskNews, DiskState, news, words
from granite_live.closing import Closing
from granite_live.errors import OutputError

CLOSED = "journal_closed"
SOUND_LOST = "sound_lost"

# Records are text: this is more than days of speech. It only bounds a defect.
_RECORDS_LIMIT_BYTES = 64 << 20
# While sound comes, records are made safe together with it; without sound one by one.
_RECORDS_SYNC_BYTES = 1 << 16
# What the last records of a session need, which say what was lost.
_LAST_RECORDS_BYTES = 1 << 14
# While trouble lasts it is told again after so much more sound.
_TELL_EVERY_S = 60.0
_FINAL = b'{"event":"final"'


class OpenSession(Closing):
    """A locked session folder that takes records and can be finished. A context manager.

    Leaving the context without `finish` leaves the session unfinished on the disk. All
    methods may be called from any thread.
    """

    def __init__(
        self,
        path: Path,
        lock: SessionLock,
        *,
        sample_rate_hz: int,
        sound: AppendFile | None = None,
        has_ended: bool = False,
        files: FileSystem = disk,
        reserve: Reserve | None = None,
    ) -> None:
        """Take over a locked folder; `sound` is where it grows, None if it grows no more.

        `reserve` is room for the records, for a disk that is full.

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
            sync_bytes=_RECORDS_SYNC_BYTES if sound else 1,
            keeps_places=False,
            files=files,
            make_room=reserve.release if reserve else None,
        )
        self._reserve = reserve or Reserve(path / RESERVE_NAME, files)
        self._sound = sound
        self._lock = lock
        self._mutex = threading.RLock()
        self._has_ended = has_ended
        self._is_closed = False
        self._is_packed = False
        self._flac: Path | None = None
        self._state = DiskState.WRITING
        # What was lost when all was well the last time, and how many gaps were recorded.
        self._known_lost_bytes = 0
        self._recorded_gaps = 0
        self._tell_from_s = 0.0

    @property
    def unwritten_s(self) -> float:
        """Seconds of sound that are in memory only."""
        return self._seconds(self._sound.unwritten_bytes) if self._sound else 0.0

    @property
    def lost_s(self) -> float:
        """Seconds of sound that were dropped because disk and memory were full."""
        return self._seconds(self._sound.lost_bytes) if self._sound else 0.0

    @property
    def lost_sound(self) -> tuple[tuple[int, int], ...]:
        """The samples (start, stop) that were dropped, and those that are in memory only.

        After `close` these are the stretches that were lost, in order.
        """
        if self._sound is None:
            return ()
        start, end = self._sound.unwritten_range
        # A sample of which a half is on the disk is not there.
        tail = (start - HEADER_BYTES) // SAMPLE_BYTES, (end - HEADER_BYTES) // SAMPLE_BYTES
        dropped = [one for one in map(_samples, self._sound.lost) if one[1] <= tail[0]]
        return (*dropped, tail) if tail[0] < tail[1] else tuple(dropped)

    @property
    def unwritten_texts(self) -> int:
        """How many final texts are in memory only; after `close`, how many were lost."""
        _, data = self._records.memory(*self._records.unwritten_range)
        lines = data.splitlines()
        cut = bool(lines) and not lines[0].startswith(b"{")
        return cut + sum(line.startswith(_FINAL) for line in lines)

    def append_record(self, record: Mapping[str, Any]) -> DiskNews | None:
        """Write one record as a line of JSON; return news if the disk's state changed.

        Never raises because of the disk: what it refuses waits in memory.

        Raises:
            TypeError: The record holds something that JSON has no form for.
            ValueError: The session is finished or closed.
        """
        data = line(record)
        with self._mutex:
            self._check_open()
            self._records.append([data])
            if self._sound and self._sound.error is not None:
                self._sound.flush()
            return self._news()

    def end(self) -> None:
        """Bring everything to the disk and write the closing record; no sound comes after.

        Takes no longer than the disk needs. After it only the FLAC is missing: `finish`
        makes it, now or after `close` and a new start (`UnfinishedSession.has_ended`).
        After an error it may be called again.

        Raises:
            OutputError: The disk does not take all of it.
            ValueError: The session was closed without being finished.
        """
        with self._mutex:
            self._check_open()
            if self._sound:
                self._sync_sound(self._sound)
                self._check_written(self._sound)
            self._record_gaps()
            if not self._has_ended:
                self._has_ended = True
                self._records.append([line({"event": CLOSED, "time": _now()})])
            self._records.sync()
            self._check_written(self._records)
            self._reserve.remove()
            if self._sound:
                # Windows does not remove an open file.
                self._sound.close()

    def finish(self, *, keep_sound: bool = True) -> Path | None:
        """End the session for good; return its FLAC file, None if there is none.

        Does what `end` does, turns the sound into FLAC, verifies it and removes the PCM,
        which takes seconds for an hour of sound. After an error it may be called again,
        and what is on the disk stays whole and can be recovered later.

        Args:
            keep_sound: Otherwise the PCM is removed and no FLAC is made.

        Raises:
            OutputError: The disk does not take all of it.
            AudioError: The sound cannot be read back.
            ValueError: The session was closed without being finished.
        """
        with self._mutex:
            if not self._is_packed:
                self.end()
                if keep_sound:
                    self._flac = pack(self.path, self._file_system)
                else:
                    discard(self.path, self._file_system)
                self._is_packed = True
                self.close()
            return self._flac

    def close(self) -> None:
        """Let go of the files and the lock; without `finish` the session stays unfinished.

        Never raises because of the disk. Doing so twice does no harm.
        """
        with self._mutex:
            if self._is_closed:
                return
            if self._sound:
                self._sync_sound(self._sound)
                self._record_gaps()
                self._record_lost(*self._sound.unwritten_range)
            self._records.sync()
            self._reserve.remove()
            for file in self._files():
                file.close()
            self._lock.release()
            self._is_closed = True

    def _sync_sound(self, sound: AppendFile) -> None:
        """Bring the last sound to the disk, into the room that was kept for texts if need be."""
        sound.sync()
        if sound.error is not None:
            self._records.sync()
            self._reserve.keep(_LAST_RECORDS_BYTES)
            sound.sync()

    def _check_open(self) -> None:
        if self._is_closed:
            raise ValueError(f"the session in {self.path} is closed")

    def _check_written(self, file: AppendFile) -> None:
        if file.error is not None:
            what = "Its last sound" if file is self._sound else "Its last text"
            raise OutputError(
                f"{what} cannot be written to '{self.path}' ({words(file.error)}); free some "
                f"space on that disk, then recover the session"
            )

    def _files(self) -> list[AppendFile]:
        return [self._sound, self._records] if self._sound else [self._records]

    def _seconds(self, size_bytes: int) -> float:
        return size_bytes / SAMPLE_BYTES / self.sample_rate_hz

    def _error(self) -> OSError | None:
        return next((file.error for file in self._files() if file.error), None)

    def _news(self) -> DiskNews | None:
        """Return what has changed since the last call, after recording gaps that are over."""
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
            state is DiskState.WRITING or unwritten_s + lost_s < self._tell_from_s
        ):
            return None
        self._state = state
        self._tell_from_s = unwritten_s + lost_s + _TELL_EVERY_S
        if state is DiskState.WRITING:
            self._known_lost_bytes = lost_bytes
        unwritten_bytes = sum(file.unwritten_bytes for file in self._files())
        return news(state, error, str(self.path), unwritten_bytes, unwritten_s, lost_s)

    def _record_gaps(self) -> None:
        """Record where silence stands for lost sound, so that nobody takes it for silence."""
        if self._sound is None:
            return
        for start, end in self._sound.lost[self._recorded_gaps :]:
            self._record_lost(start, end)
        self._recorded_gaps = len(self._sound.lost)

    def _record_lost(self, start: int, end: int) -> None:
        """Record that the sound from one offset of its file to another is lost, if any is."""
        samples = _samples((start, end))
        if start < end:
            gap = dict(zip(("start_sample", "end_sample"), samples, strict=True))
            self._records.append([line({"event": SOUND_LOST, **gap})])


def _samples(offsets: tuple[int, int]) -> tuple[int, int]:
    """Return file offsets as samples of the session."""
    start, stop = ((offset - HEADER_BYTES) // SAMPLE_BYTES for offset in offsets)
    return start, stop


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
