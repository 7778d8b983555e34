"""Find sessions that a crash interrupted, and open one to finish it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.append_file import AppendFile
from granite_live.audio.journal.disk_state import disk_reason
from granite_live.audio.journal.filesystem import FileSystem
from granite_live.audio.journal.folders import (
    SessionLock,
    session_folders,
    sessions_dir,
    started_by_name,
)
from granite_live.audio.journal.records import (
    HEADER_BYTES,
    RECORDS_NAME,
    SAMPLE_BYTES,
    OpeningRecord,
    Record,
    RecordedUtterance,
    RecordsRead,
    read_records,
    summarize_utterances,
)
from granite_live.audio.journal.session import CLOSED, OpenSession
from granite_live.audio.journal.sound import (
    PCM_NAME,
    PcmReader,
    SampleReader,
    has_system_track,
    open_session_audio,
)
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError, GraniteError, OutputError

CONTINUED = "continued"
"""The record of each time that a session goes on with the rest of its recording."""
SOURCE_CHANGED = "source_changed"
"""The record for a recording that is not the one that the session began with."""
# The system writes the sound out by itself; the file that it comes from is there anyway.
_SYNC_BYTES = 10 * 16_000 * SAMPLE_BYTES
_FILLED_SAMPLES = 10 * 16_000


@dataclass(frozen=True, slots=True)
class UnfinishedSession:
    """A session whose audio is still PCM and that no running program has locked.

    `has_ended` says that it was stopped properly and only its FLAC is missing. `warning`
    is a sentence if something about it is wrong, else "". `has_other_source` says that the
    recording it came from has changed. Up to `text_s`, in seconds, every utterance has its text.
    `idle_starts` counts how often the session was gone on with since its last text came.
    """

    path: Path
    started: datetime | None
    duration_s: float
    has_ended: bool
    warning: str = ""
    has_other_source: bool = False
    beginning: OpeningRecord = field(default_factory=OpeningRecord)
    text_s: float = 0.0
    idle_starts: int = 0


def find_unfinished(root: Path | None = None) -> list[UnfinishedSession]:
    """Return the recoverable sessions in `root` (by default the program's own), oldest first.

    A session that cannot be read is returned too, with a warning.

    Raises:
        AudioError: `root` cannot be read.
    """
    root = sessions_dir() if root is None else root
    try:
        folders = session_folders(root)
    except OSError as error:
        raise AudioError(
            JournalMessage.SESSIONS_UNREADABLE(root=root, reason=disk_reason(error))
        ) from error
    return [found for folder in folders if (found := _unfinished(folder)) is not None]


def _unfinished(folder: Path) -> UnfinishedSession | None:
    try:
        if not os.path.lexists(folder / PCM_NAME):
            return None
        lock = SessionLock.acquire(folder)
        if lock is None:
            return None
        try:
            records = read_records(folder / RECORDS_NAME)
            with PcmReader.open(folder / PCM_NAME) as sound:
                started = sound.started or started_by_name(folder)
                has_ended = _has_ended(records.records)
                return UnfinishedSession(
                    folder,
                    started,
                    sound.duration_s,
                    has_ended,
                    sound.warning,
                    any(one.get("event") == SOURCE_CHANGED for one in records.records),
                    OpeningRecord.from_records(records.records),
                    _text_s(records.records, sound.sample_rate_hz),
                    _idle_starts(records.records),
                )
        finally:
            lock.release()
    except FileNotFoundError:
        return None  # another program has just finished it
    except (OSError, GraniteError) as error:
        reason = disk_reason(error) if isinstance(error, OSError) else str(error)
        return UnfinishedSession(folder, started_by_name(folder), 0.0, False, reason)


def _text_s(records: Iterable[Record], sample_rate_hz: int) -> float:
    """Return up to where every utterance has its text."""
    text_s = 0.0
    for utterance in summarize_utterances(records, sample_rate_hz):
        if utterance.final is None or utterance.end_sample is None:
            break
        text_s = utterance.end_sample / sample_rate_hz
    return text_s


def _idle_starts(records: Iterable[Record]) -> int:
    """Return how often the session was gone on with since its last text came."""
    starts = 0
    for record in records:
        if record.get("event") == CONTINUED:
            starts += 1
        elif record.get("event") == "final":
            starts = 0
    return starts


class Recovery(OpenSession):
    """An unfinished session, opened to complete its texts and finish it.

    Created by `open_for_recovery`.

    Attributes:
        started: When it began, None if unknown.
        sound: The samples of its first track.
        sounds: The samples by track.
        records: Its records when it was opened.
        damaged_lines: Number of unreadable records (at most 1 after an ordinary kill).
        utterances: The utterances according to the records.
    """

    def __init__(
        self,
        path: Path,
        lock: SessionLock,
        sound: PcmReader,
        read: RecordsRead,
        system_sound: SampleReader | None = None,
        files: FileSystem = filesystem,
    ) -> None:
        """Take over a locked folder.

        Raises:
            OSError: The records cannot be opened.
        """
        super().__init__(
            path,
            lock,
            sample_rate_hz=sound.sample_rate_hz,
            has_ended=_has_ended(read.records),
            files=files,
        )
        self._reserve.remove()  # after a kill
        self.sound = sound
        self.sounds: tuple[SampleReader, ...] = (sound,)
        if system_sound is not None:
            self.sounds = (sound, system_sound)
        self._rest: AppendFile | None = None
        self.started = sound.started or started_by_name(path)
        self.records = read.records
        self.beginning = OpeningRecord.from_records(read.records)
        self.damaged_lines = read.damaged_lines
        self.utterances = summarize_utterances(read.records, sound.sample_rate_hz)

    @property
    def missing(self) -> tuple[RecordedUtterance, ...]:
        """The closed utterances that have audio but no final text, including failed ones."""
        return tuple(
            utterance
            for utterance in self.utterances
            if utterance.final is None
            and utterance.end_sample is not None
            and utterance.track < len(self.sounds)
            and utterance.start_sample < self.sounds[utterance.track].samples
        )

    @property
    def unsegmented_from_samples(self) -> tuple[int, ...]:
        """By track the first sample after the last closed utterance: segmentation continues here.

        An utterance that was open at the crash is after it, and its number is lost.
        """
        ends = [0] * len(self.sounds)
        for one in self.utterances:
            if one.track < len(ends):
                ends[one.track] = max(ends[one.track], one.end_sample or 0)
        return tuple(min(end, one.samples) for end, one in zip(ends, self.sounds, strict=True))

    @property
    def next_utterance(self) -> int:
        """The first unused utterance number."""
        return max((utterance.number for utterance in self.utterances), default=-1) + 1

    def append_sound(self, samples: NDArray[np.int16]) -> None:
        """Write samples [shape=(samples,)] behind the sound that is there.

        Raises:
            OutputError: The disk does not take them; what it took can be gone on with.
        """
        if self._rest is None:
            fd = self._file_system.open_file(self.path / PCM_NAME, create=False)
            offset = HEADER_BYTES + self.sound.samples * SAMPLE_BYTES
            self._rest = AppendFile(
                fd,
                offset=offset,
                limit_bytes=_SYNC_BYTES,
                sync_bytes=_SYNC_BYTES,
                fill_with_zeros=True,
                files=self._file_system,
            )
        self._rest.append([samples.astype("<i2").tobytes()])
        if self._rest.error is not None:
            raise OutputError(
                JournalMessage.REST_NOT_WRITTEN(
                    path=self.path, reason=disk_reason(self._rest.error)
                )
            )
        self.sound.samples += len(samples)

    def finish(self, *, keep_sound: bool = True) -> Path | None:
        """Close the sounds and do as `OpenSession.finish`."""
        self._fill_first_track()
        self._close_rest()
        # Windows does not remove an open file.
        for one in self.sounds:
            one.close()
        return super().finish(keep_sound=keep_sound)

    def close(self) -> None:
        """Close the sounds and do as `OpenSession.close`."""
        self._close_rest()
        for one in self.sounds:
            one.close()
        super().close()

    def _fill_first_track(self) -> None:
        """Record silence on an empty first track, because a session without one has no sound."""
        if self.sound.samples:
            return
        total = max(one.samples for one in self.sounds)
        while self.sound.samples < total:
            self.append_sound(np.zeros(min(_FILLED_SAMPLES, total - self.sound.samples), np.int16))

    def _close_rest(self) -> None:
        if self._rest is not None:
            self._rest.sync()
            self._rest.close()


def open_for_recovery(path: Path, files: FileSystem = filesystem) -> Recovery:
    """Open and lock an unfinished session.

    `files` makes all changes on the disk.

    Raises:
        AudioError: It is finished, not a session, in use, or cannot be read or written.
    """
    try:
        if not os.path.lexists(path / PCM_NAME):
            raise _nothing_to_recover(path)
        lock = SessionLock.acquire(path)
        if lock is None:
            raise AudioError(JournalMessage.RUNNING_ELSEWHERE(path=path))
        with contextlib.ExitStack() as undo:
            undo.callback(lock.release)
            sound = PcmReader.open(path / PCM_NAME)
            undo.callback(sound.close)
            system_sound = open_session_audio(path, 1) if has_system_track(path) else None
            if system_sound is not None:
                undo.callback(system_sound.close)
            records = read_records(path / RECORDS_NAME)
            found = Recovery(path, lock, sound, records, system_sound, files)
            undo.pop_all()
            return found
    except FileNotFoundError as error:
        raise _nothing_to_recover(path) from error
    except OSError as error:
        raise AudioError(JournalMessage.UNOPENABLE(path=path, reason=disk_reason(error))) from error


def _nothing_to_recover(path: Path) -> AudioError:
    return AudioError(JournalMessage.NOTHING_TO_RECOVER(path=path))


def _has_ended(records: Iterable[Record]) -> bool:
    return any(record.get("event") == CLOSED for record in records)
