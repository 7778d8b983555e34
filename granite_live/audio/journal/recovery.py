"""Finds the sessions that a crash left behind, and opens one to finish it."""

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
    """A session whose sound is still PCM and that no running program holds.

    `has_ended` says that it was stopped properly and only its FLAC is missing. `warning`
    is a sentence if something about it is wrong, else "".
    """

    path: Path
    started: datetime | None
    duration_s: float
    has_ended: bool
    warning: str = ""


def find_unfinished(root: Path | None = None) -> list[UnfinishedSession]:
    """Return the sessions in `root` (usually the program's own) to recover, oldest first.

    One that cannot be read is returned too, with a warning.

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
        return None  # another program finished it this very moment
    except (OSError, GraniteError) as error:
        reason = words(error) if isinstance(error, OSError) else str(error)
        return UnfinishedSession(folder, started_by_name(folder), 0.0, False, reason)


class Recovery(OpenSession):
    """An unfinished session, opened to complete its texts and finish it.

    Made by `open_for_recovery`.

    Attributes:
        started: When it began, None if nothing tells.
        sound: Its samples.
        records: What had been recorded when it was opened.
        damaged_lines: How many records are unreadable (1 after an ordinary kill at most).
        utterances: What those records say about the utterances.
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
        self._reserve.remove()  # a kill left it
        self.sound = sound
        self.started = sound.started or started_by_name(path)
        self.records = read.records
        self.damaged_lines = read.damaged_lines
        self.utterances = summarised(read.records, sound.sample_rate_hz)

    @property
    def missing(self) -> tuple[RecordedUtterance, ...]:
        """The closed utterances that have sound but no final text, failed ones included."""
        return tuple(
            utterance
            for utterance in self.utterances
            if utterance.final is None
            and utterance.end_sample is not None
            and utterance.start_sample < self.sound.samples
        )

    @property
    def unsegmented_from_sample(self) -> int:
        """Where sound begins that no closed utterance reaches: to be segmented again.

        An utterance that was open at the crash lies behind it, with its own number gone.
        """
        ends = (utterance.end_sample or 0 for utterance in self.utterances)
        return min(max(ends, default=0), self.sound.samples)

    @property
    def next_utterance(self) -> int:
        """The first number that no utterance has had."""
        return max((utterance.number for utterance in self.utterances), default=-1) + 1

    def finish(self, *, keep_sound: bool = True) -> Path | None:
        """Do as `OpenSession.finish` does; `sound` is closed with it."""
        # Windows does not remove a file that anybody has open.
        self.sound.close()
        return super().finish(keep_sound=keep_sound)

    def close(self) -> None:
        """Do as `OpenSession.close` does; `sound` is closed with it."""
        self.sound.close()
        super().close()


def open_for_recovery(path: Path, files: FileSystem = disk) -> Recovery:
    """Open an unfinished session, which nobody else can change then.

    `files` makes all changes on the disk.

    Raises:
        AudioError: It is finished, no session, in use, or cannot be read or written.
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
