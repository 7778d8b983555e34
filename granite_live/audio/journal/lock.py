"""A lock that tells a running session from one that a crash left behind.

The system releases it when its process ends, however that ends. (The library `filelock`
does the same, but takes longer to import than the whole command line may.)
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem

LOCK_NAME = "lock"
_IS_TAKEN = frozenset((errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK))

if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


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
            _lock(fd)
        except OSError as error:
            os.close(fd)
            if error.errno in _IS_TAKEN:
                return None
            raise
        return cls(fd)

    def release(self) -> None:
        """Let others have the session. Doing so twice does no harm."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
