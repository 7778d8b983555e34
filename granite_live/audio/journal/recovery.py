"""Find sessions that a crash interrupted, and open one to finish it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.audio.journal.folder import session_folders, sessions_dir, started_by_name
from granite_live.audio.journal.lock import SessionLock
from granite_live.audio.journal.records import RECORDS_NAME, Record, RecordsRead, read_records
from granite_live.audio.journal.session import CLOSED, OpenSession
from granite_live.audio.journal.sound import SOUND_NAME, SoundReader
from granite_live.audio.journal.trouble import words
from granite_live.audio.journal.utterances import RecordedUtterance, summarised
from granite_live.errors import AudioError, GraniteError


@dataclass(frozen=True, slots=True)
class UnfinishedSession:
    """A session whose audio is still PCM and that no running program has locked.

    `has_ended` says that it was stopped properly and only its FLAC is missing. `warning`
    is a sentence if a problem was found, else "".
    """

    path: Path
    started: datetime | None
    duration_s: float
    has_ended: bool
    warning: str = ""


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
            f"The sessions in '{root}' cannot be read ({words(error)}): ask for permission"
        ) from error
    return [found for folder in folders if (found := _unfinished(folder)) is not None]


def _unfinished(folder: Path) -> UnfinishedSession | None:
    try:
        if not os.path.lexists(folder / SOUND_NAME):
            return None
        lock = SessionLock.take(folder)
        if lock is None:
            return None
        try:
            records = read_records(folder / RECORDS_NAME)
            with SoundReader.open(folder / SOUND_NAME) as sound:
                started = sound.started or started_by_name(folder)
                has_ended = _has_ended(records.records)
                return UnfinishedSession(
                    folder, started, sound.duration_s, has_ended, sound.warning
                )
        finally:
            lock.release()
    except FileNotFoundError:
        return None  # another program has just finished it
    except (OSError, GraniteError) as error:
        reason = words(error) if isinstance(error, OSError) else str(error)
        return UnfinishedSession(folder, started_by_name(folder), 0.0, False, reason)


class Recovery(OpenSession):
    """An unfinished session, opened to complete its texts and finish it.

    Created by `open_for_recovery`.

    Attributes:
        started: When it began, None if unknown.
        sound: Its samples.
        records: Its records when it was opened.
        damaged_lines: Number of unreadable records (at most 1 after an ordinary kill).
        utterances: The utterances according to the records.
    """

    def __init__(
        self,
        path: Path,
        lock: SessionLock,
        sound: SoundReader,
        read: RecordsRead,
        files: FileSystem = disk,
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
        self.started = sound.started or started_by_name(path)
        self.records = read.records
        self.damaged_lines = read.damaged_lines
        self.utterances = summarised(read.records, sound.sample_rate_hz)

    @property
    def missing(self) -> tuple[RecordedUtterance, ...]:
        """The closed utterances that have audio but no final text, including failed ones."""
        return tuple(
            utterance
            for utterance in self.utterances
            if utterance.final is None
            and utterance.end_sample is not None
            and utterance.start_sample < self.sound.samples
        )

    @property
    def unsegmented_from_sample(self) -> int:
        """The first sample after the last closed utterance: segmentation continues here.

        An utterance that was open at the crash is after it, and its number is lost.
        """
        ends = (utterance.end_sample or 0 for utterance in self.utterances)
        return min(max(ends, default=0), self.sound.samples)

    @property
    def next_utterance(self) -> int:
        """The first unused utterance number."""
        return max((utterance.number for utterance in self.utterances), default=-1) + 1

    def finish(self, *, keep_sound: bool = True) -> Path | None:
        """Close `sound` and do as `OpenSession.finish`."""
        # Windows does not remove an open file.
        self.sound.close()
        return super().finish(keep_sound=keep_sound)

    def close(self) -> None:
        """Close `sound` and do as `OpenSession.close`."""
        self.sound.close()
        super().close()


def open_for_recovery(path: Path, files: FileSystem = disk) -> Recovery:
    """Open and lock an unfinished session.

    `files` makes all changes on the disk.

    Raises:
        AudioError: It is finished, not a session, in use, or cannot be read or written.
    """
    try:
        if not os.path.lexists(path / SOUND_NAME):
            raise _nothing_to_recover(path)
        lock = SessionLock.take(path)
        if lock is None:
            raise AudioError(
                f"The session in '{path}' is running in another program: stop it there"
            )
        sound: SoundReader | None = None
        try:
            sound = SoundReader.open(path / SOUND_NAME)
            return Recovery(path, lock, sound, read_records(path / RECORDS_NAME), files)
        except BaseException:
            if sound is not None:
                sound.close()
            lock.release()
            raise
    except FileNotFoundError as error:
        raise _nothing_to_recover(path) from error
    except OSError as error:
        raise AudioError(
            f"The session in '{path}' cannot be opened ({words(error)}): check the disk and "
            f"your rights to that folder"
        ) from error


def _nothing_to_recover(path: Path) -> AudioError:
    return AudioError(f"'{path}' holds no unfinished recording: there is nothing to recover")


def _has_ended(records: Iterable[Record]) -> bool:
    return any(record.get("event") == CLOSED for record in records)
