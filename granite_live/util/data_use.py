"""A lock on the data folder: held together by all programs that use it, alone to remove data.

A system without locks for several holders has them for parts of a file: each program locks a part
of its own, and whoever wants the folder alone locks all parts. Locks end with their process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from granite_live.messages.session import AppMessage
from granite_live.util import paths
from granite_live.util.errors import DataInUseError

_NAME = "in-use"

if sys.platform == "win32":
    import msvcrt

    _PARTS = 1024

    def _lock(descriptor: int, *, alone: bool) -> None:
        if alone:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, _PARTS)
            return
        # Neighboring numbers of processes, so that each begins at another part.
        for step in range(_PARTS):
            os.lseek(descriptor, (os.getpid() // 4 + step) % _PARTS, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                continue
            return
        raise BlockingIOError
else:
    import fcntl

    def _lock(descriptor: int, *, alone: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


@contextmanager
def using_data() -> Iterator[None]:
    """Say that the data folder is in use while the block runs.

    Where no lock can be held, as on a disk that is read-only, the block runs without one.

    Raises:
        DataInUseError: Another program is removing data.
    """
    try:
        descriptor = _open()
    except OSError:
        yield
        return
    try:
        _lock_or_raise(descriptor, alone=False, message=AppMessage.DATA_BEING_REMOVED())
        yield
    finally:
        os.close(descriptor)


@contextmanager
def claimed_data() -> Iterator[None]:
    """Keep all other programs from using the data folder while the block runs.

    Raises:
        DataInUseError: A window or a command uses it.
        OSError: The folder cannot be written.
    """
    descriptor = _open()
    try:
        message = AppMessage.DATA_IN_USE(folder=paths.data_dir())
        _lock_or_raise(descriptor, alone=True, message=message)
        yield
    finally:
        os.close(descriptor)


def remove_lock_file() -> None:
    """Remove the lock's file and its folder, if that is empty; for the holder of `claimed_data`.

    Raises:
        OSError: It cannot be removed, as on Windows while it is open.
    """
    folder = paths.data_dir() / "run"
    (folder / _NAME).unlink(missing_ok=True)
    folder.rmdir()


def _open() -> int:
    folder = paths.data_dir() / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)


def _lock_or_raise(descriptor: int, *, alone: bool, message: str) -> None:
    try:
        _lock(descriptor, alone=alone)
    except (BlockingIOError, PermissionError) as error:
        raise DataInUseError(message) from error
    except OSError:
        return  # a file system without locks
