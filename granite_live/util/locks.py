"""Exclusive locks on open files, released when the process ends in any way.

(The library `filelock` does the same, but its import takes longer than that of the command line.)
"""

from __future__ import annotations

import errno
import os
import sys

_IS_TAKEN = frozenset((errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK))

if sys.platform == "win32":
    import msvcrt

    # Beyond any content, because others cannot read a locked region.
    _PLACE = 1 << 40

    def _lock(descriptor: int) -> None:
        before = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, before, os.SEEK_SET)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(descriptor: int) -> bool:
    """Lock an open file without waiting; return False if another process has locked it.

    The lock ends when the descriptor is closed.

    Raises:
        OSError: The file system has no locks.
    """
    try:
        _lock(descriptor)
    except OSError as error:
        if error.errno in _IS_TAKEN:
            return False
        raise
    return True
