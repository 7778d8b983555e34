"""A lock that tells a running session from one that a crash left behind.

The system releases it when its process ends, however that ends.
"""

from __future__ import annotations

import os
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.file_lock import try_lock

LOCK_NAME = "lock"


class SessionLock:
    """The right to change one session's folder. Released by `release` or the process's end."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd

    @classmethod
    def take(cls, folder: Path, files: FileSystem = disk) -> SessionLock | None:
        """Lock the session without waiting; return None if somebody else has it.

        The small file that carries the lock stays in the folder: removing it could split
        two programs that hold the same name onto two files.

        Raises:
            OSError: The folder cannot be written, or its file system has no locks.
        """
        path = folder / LOCK_NAME
        # Windows does not let one program shorten what another has locked, empty or not.
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
        """Let others have the session. Doing so twice does no harm."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
