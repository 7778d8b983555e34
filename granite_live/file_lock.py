"""Exclusive locks on open files. The system releases them when their process ends, however it ends.

(The library `filelock` does the same, but takes longer to import than the whole command line may.)
"""

from __future__ import annotations

import errno
import os
import sys

_IS_TAKEN = frozenset((errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK))

if sys.platform == "win32":
    import msvcrt

    # Behind every content: what is locked there nobody else may read.
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
    """Lock the open file without waiting; return whether that went well, False if it is taken.

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
