"""Where sessions are stored, what their folders are called, and the lock of a running one."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from datetime import datetime
from pathlib import Path

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.filesystem import FileSystem
from granite_live.util import paths
from granite_live.util.files import try_lock

FLAC_NAME = "sound.flac"
"""The recording of a finished session."""
FLAC_NAMES = (FLAC_NAME, "system.flac")
"""The recordings by track: the second is of the computer's own output beside a microphone."""
PEAKS_NAME = "peaks.u8"
"""The peaks of that recording, for a waveform."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)(-\d+)?")
_TIME = "%Y-%m-%d_%H-%M-%S"


def sessions_dir() -> Path:
    """Return the folder of all session folders. It may not exist yet."""
    return paths.data_dir() / "sessions"


def started_by_name(folder: Path) -> datetime | None:
    """Return when a session began by its folder's name in local time, None if not a session."""
    match = _NAME.fullmatch(folder.name)
    if match is None:
        return None
    try:
        return datetime.strptime(match[1], _TIME).astimezone()
    except ValueError:
        return None


def session_folders(root: Path) -> list[Path]:
    """Return the folders in `root` that are named like sessions, oldest first.

    Links are ignored, because their targets may not belong to the program.

    Raises:
        OSError: `root` cannot be read.
    """
    try:
        entries = list(root.iterdir())
    except FileNotFoundError:
        return []
    return sorted(
        entry
        for entry in entries
        if started_by_name(entry) is not None and entry.is_dir() and not entry.is_symlink()
    )


def make_session_folder(root: Path, started: datetime, files: FileSystem = filesystem) -> Path:
    """Create the folder of a new session, private to its owner, and return it.

    Sessions that begin within the same second get the suffixes -2, -3 and so on.

    Raises:
        OSError: It cannot be created.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    if not root.exists():
        with contextlib.suppress(FileExistsError):  # another program created it
            files.make_folder(root)
    name = started.astimezone().strftime(_TIME)
    for number in itertools.count(1):
        folder = root / (name if number == 1 else f"{name}-{number}")
        try:
            files.make_folder(folder)
        except FileExistsError:
            continue
        files.sync_folder(root)
        return folder
    raise AssertionError("counting does not end")


LOCK_NAME = "lock"


class SessionLock:
    """The exclusive right to change a session's folder, until `release` or the process's end."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd

    @classmethod
    def acquire(cls, folder: Path, files: FileSystem = filesystem) -> SessionLock | None:
        """Lock the session without waiting; return None if another process holds the lock.

        The lock file stays in the folder: after removing it, two programs could lock two
        different files of the same name.

        Raises:
            OSError: The folder cannot be written, or its file system has no locks.
        """
        path = folder / LOCK_NAME
        # Windows does not let a program truncate a file that another has locked.
        fd = files.open_file(path, create=not path.exists())
        try:
            is_mine = try_lock(fd)
        except OSError:
            os.close(fd)
            raise
        if not is_mine:
            os.close(fd)
            return None
        return cls(fd)

    def release(self) -> None:
        """Release the lock. Idempotent."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
