"""Lock a session, to tell a running one from one that a crash interrupted.

The system releases the lock when the process ends in any way.
"""

from __future__ import annotations

import os
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.util.file_lock import try_lock

LOCK_NAME = "lock"


class SessionLock:
    """The exclusive right to change a session's folder, until `release` or the process's end."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd

    @classmethod
    def take(cls, folder: Path, files: FileSystem = disk) -> SessionLock | None:
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
