"""Delete stored sessions, their sound or their texts, as the retention settings say."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.append_file import RESERVE_NAME
from granite_live.audio.journal.disk_state import disk_reason
from granite_live.audio.journal.filesystem import FileSystem, read_regular
from granite_live.audio.journal.flac import PART_NAMES
from granite_live.audio.journal.folders import (
    FLAC_NAME,
    FLAC_NAMES,
    LOCK_NAME,
    PEAKS_NAME,
    SessionLock,
    session_folders,
)
from granite_live.audio.journal.records import (
    RECORDS_NAME,
    OpeningRecord,
    encode_record,
    parse_record,
    read_records,
)
from granite_live.audio.journal.sound import PCM_NAME
from granite_live.messages.journal import JournalMessage
from granite_live.settings import Keep, Retention
from granite_live.util.errors import OutputError, SettingsError

# All files of a finished session, in the order of their deletion.
_SOUNDS = (*FLAC_NAMES, PEAKS_NAME, *PART_NAMES, RESERVE_NAME)
_TEXTS = (LOCK_NAME, RECORDS_NAME)


class DeletionScope(Enum):
    """The part of a session that is deleted."""

    AUDIO = "sound"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session on the disk. `ended` is when its records were last written.

    `keep` is the setting stored when the session began, None if there is none.
    """

    path: Path
    ended: datetime
    has_sound: bool
    is_finished: bool
    keep: Retention | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deletion of all or a part of one session."""

    path: Path
    scope: DeletionScope


@dataclass(frozen=True, slots=True)
class DeletionResult:
    """The deletions that were done, and a sentence for each that failed."""

    done: tuple[Deletion, ...]
    failures: tuple[str, ...]


def stored_sessions(root: Path) -> list[StoredSession]:
    """Return the sessions in `root`, oldest first. Running ones are never finished.

    Raises:
        OSError: `root` cannot be read.
    """
    sessions = []
    for folder in session_folders(root):
        try:
            facts = (folder / RECORDS_NAME).lstat()
        except OSError:
            continue
        if not stat.S_ISREG(facts.st_mode):
            continue  # without its records it is not a session
        sessions.append(
            StoredSession(
                folder,
                datetime.fromtimestamp(facts.st_mtime, UTC),
                has_sound=(folder / FLAC_NAME).exists(),
                is_finished=_is_finished(folder),
                keep=_own_retention(folder),
            )
        )
    return sessions


def select_deletions(
    sessions: Iterable[StoredSession], retention: Retention, now: datetime
) -> tuple[Deletion, ...]:
    """Return what to delete. Unfinished sessions are always kept.

    Args:
        sessions: The stored sessions.
        retention: The setting, for sessions without one of their own.
        now: The current time.
    """
    scopes = ((one.path, _deletion_scope(one, one.keep or retention, now)) for one in sessions)
    return tuple(Deletion(path, scope) for path, scope in scopes if scope is not None)


def _deletion_scope(
    session: StoredSession, retention: Retention, now: datetime
) -> DeletionScope | None:
    if not session.is_finished:
        return None
    match retention.keep:
        case Keep.ALL:
            return None
        case Keep.TEXT:
            return DeletionScope.AUDIO if session.has_sound else None
        case Keep.DAYS:
            oldest = now - timedelta(days=retention.days)
            return DeletionScope.EVERYTHING if session.ended < oldest else None


def apply_retention(root: Path, retention: Retention) -> DeletionResult:
    """Delete the sessions in `root` that have expired by now.

    Raises:
        OSError: `root` cannot be read.
    """
    return delete(select_deletions(stored_sessions(root), retention, datetime.now(UTC)))


def delete(deletions: Iterable[Deletion], files: FileSystem = filesystem) -> DeletionResult:
    """Delete sessions. Each is locked and checked once more before.

    The audio is deleted first and the records last, so that an interrupted deletion is found and
    completed the next time. Files of other programs stay, and so does their folder.
    """
    done: list[Deletion] = []
    failures: list[str] = []
    for deletion in deletions:
        try:
            if _delete(deletion, files):
                done.append(deletion)
        except OSError as error:
            failures.append(
                JournalMessage.SESSION_NOT_DELETED(path=deletion.path, reason=disk_reason(error))
            )
    return DeletionResult(tuple(done), tuple(failures))


def _delete(deletion: Deletion, files: FileSystem) -> bool:
    folder = deletion.path
    lock = SessionLock.acquire(folder, files)
    if lock is None:
        return False
    try:
        if not _is_finished(folder):
            return False
        for name in _SOUNDS:
            files.remove(folder / name)
    finally:
        lock.release()
    if deletion.scope is DeletionScope.EVERYTHING:
        # The lock is released because Windows cannot delete an open file. A finished session is
        # not opened by others.
        for name in _TEXTS:
            files.remove(folder / name)
        files.remove_folder(folder)
    return True


def _is_finished(folder: Path) -> bool:
    return not os.path.lexists(folder / PCM_NAME) and (folder / RECORDS_NAME).is_file()


def _own_retention(folder: Path) -> Retention | None:
    """Return the setting in the first record of the session, which describes its opening."""
    try:
        with read_regular(folder / RECORDS_NAME) as file:
            opened = parse_record(file.readline()) or {}
    except OSError:
        return None
    keep = OpeningRecord.from_records([opened]).keep
    if keep is None:
        return None
    try:
        return Retention.parse(keep)
    except SettingsError:
        return Retention()  # a setting of a newer version, which may mean to keep it


_TEXT_FIELDS = frozenset(("final", "failed", "provisional"))


def delete_texts(folder: Path, files: FileSystem = filesystem) -> bool:
    """Remove every text from the records of the session in `folder`, and the folder if nothing
    remains; return False if the session is unfinished or in use.

    The new records are written to a second file that atomically replaces the old one.

    Raises:
        OutputError: The disk does not take the change; the texts may still exist.
    """
    if not folder.is_dir():
        return True
    try:
        lock = SessionLock.acquire(folder, files)
        if lock is None:
            return False
        try:
            if (folder / PCM_NAME).exists():
                return False
            has_sound = (folder / FLAC_NAME).exists()
            if has_sound:
                _rewrite(folder, files)
        finally:
            lock.release()
        if not has_sound:
            for name in (PEAKS_NAME, RESERVE_NAME, LOCK_NAME, RECORDS_NAME):
                files.remove(folder / name)
            files.remove_folder(folder)
    except OSError as error:
        raise OutputError(
            JournalMessage.TEXTS_NOT_DELETED(folder=folder, reason=disk_reason(error))
        ) from error
    return True


def _rewrite(folder: Path, files: FileSystem) -> None:
    path = folder / RECORDS_NAME
    kept = [one for one in read_records(path).records if one.get("event") not in _TEXT_FIELDS]
    part = folder / f"{RECORDS_NAME}.part"
    try:
        fd = files.open_file(part, create=True)
        try:
            filesystem.write_all(files, fd, b"".join(map(encode_record, kept)))
            files.sync(fd)
        finally:
            os.close(fd)
        files.rename(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            files.remove(part)
        raise
    files.sync_folder(folder)
