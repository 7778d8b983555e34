"""How long sessions are kept: a setting, a pure decision, and the deed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.folder import FLAC_NAME, session_folders
from granite_live.audio.journal.lock import LOCK_NAME, SessionLock
from granite_live.audio.journal.packing import PART_NAME
from granite_live.audio.journal.records import RECORDS_NAME
from granite_live.audio.journal.sound import SOUND_NAME
from granite_live.audio.journal.trouble import words

# All that a finished session consists of, in the order in which it goes.
_SOUNDS = (FLAC_NAME, PART_NAME)
_TEXTS = (LOCK_NAME, RECORDS_NAME)


class Keep(Enum):
    """What is kept of finished sessions."""

    ALL = "all"
    TEXT = "text"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Retention:
    """The user's setting; `days` counts for `Keep.DAYS` only.

    Raises:
        ValueError: Fewer than one day.
    """

    keep: Keep = Keep.ALL
    days: int = 30

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"recordings can be kept for 1 day or more, not {self.days}")


class Doomed(Enum):
    """What of a session is to go."""

    SOUND = "sound"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session on the disk. `ended` is when anything was last written to its texts."""

    path: Path
    ended: datetime
    has_sound: bool
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Deletion:
    """What to delete of one session."""

    path: Path
    doomed: Doomed


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which deletions were done, and a sentence for each that was not."""

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
            changed_s = (folder / RECORDS_NAME).stat().st_mtime
        except OSError:
            continue  # without its texts it is no session that could be judged
        sessions.append(
            StoredSession(
                folder,
                datetime.fromtimestamp(changed_s, UTC),
                has_sound=(folder / FLAC_NAME).exists(),
                is_finished=_is_finished(folder),
            )
        )
    return sessions


def decide(
    sessions: Iterable[StoredSession], retention: Retention, now: datetime
) -> tuple[Deletion, ...]:
    """Return what to delete. Unfinished sessions are kept whatever the setting."""
    finished = [session for session in sessions if session.is_finished]
    match retention.keep:
        case Keep.ALL:
            return ()
        case Keep.TEXT:
            return tuple(Deletion(one.path, Doomed.SOUND) for one in finished if one.has_sound)
        case Keep.DAYS:
            oldest = now - timedelta(days=retention.days)
            return tuple(
                Deletion(one.path, Doomed.EVERYTHING) for one in finished if one.ended < oldest
            )


def delete(deletions: Iterable[Deletion]) -> Outcome:
    """Delete. Each session is locked and looked at once more before it is touched.

    The sound goes first and the texts last, so that an interrupted deletion is found and
    completed the next time. Files that the program did not make stay, and so does their
    folder.
    """
    done: list[Deletion] = []
    failures: list[str] = []
    for deletion in deletions:
        try:
            if _delete(deletion):
                done.append(deletion)
        except OSError as error:
            failures.append(
                f"The session in '{deletion.path}' cannot be deleted ({words(error)}): check "
                f"what is in that folder and your rights to it, or delete it yourself"
            )
    return Outcome(tuple(done), tuple(failures))


def _delete(deletion: Deletion) -> bool:
    folder = deletion.path
    lock = SessionLock.take(folder)
    if lock is None:
        return False
    try:
        if not _is_finished(folder):
            return False
        for name in _SOUNDS:
            disk.remove(folder / name)
    finally:
        lock.release()
    if deletion.doomed is Doomed.EVERYTHING:
        # The lock is free: Windows removes no open file. Nobody opens a finished session.
        for name in _TEXTS:
            disk.remove(folder / name)
        disk.remove_folder(folder)
    return True


def _is_finished(folder: Path) -> bool:
    return not (folder / SOUND_NAME).exists() and (folder / RECORDS_NAME).exists()
