"""Every step by which a journal changes the disk, one function each.

Nothing else in the journal changes the disk, so what differs between systems is here
alone. This module is the `FileSystem` that a journal has unless it is given another: so a
test can fail, halve or stop any single step.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Protocol

from granite_live.audio.journal.regular import open_regular

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
# Some network and virtual file systems cannot sync at all. Written must do there.
_CANNOT_SYNC = frozenset((errno.EINVAL, errno.ENOSYS, errno.ENOTSUP))


class FileSystem(Protocol):
    """The steps by which a journal changes a disk. Each does what the function here does.

    Every step may raise `OSError`, which stands for a full, read-only, slow or broken disk.
    """

    def make_folder(self, path: Path, /) -> None:
        """Make a folder."""

    def open_file(self, path: Path, /, *, create: bool) -> int:
        """Open a file and return its descriptor."""

    def write(self, fd: int, data: bytes, at: int | None = None, /) -> int:
        """Write some of `data` and return how many bytes."""

    def allocate(self, fd: int, size: int, /) -> None:
        """Let an empty file take so many bytes of the disk."""

    def truncate(self, fd: int, size: int, /) -> None:
        """Cut a file off behind so many bytes."""

    def sync(self, fd: int, /) -> None:
        """Make what was written safe from a power cut."""

    def sync_folder(self, path: Path, /) -> None:
        """Make the names in a folder safe from a power cut."""

    def rename(self, source: Path, target: Path, /) -> None:
        """Give a file another name."""

    def remove(self, path: Path, /) -> None:
        """Remove a file."""

    def remove_folder(self, path: Path, /) -> None:
        """Remove an empty folder."""


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, whatever the umask.

    Raises:
        FileExistsError: There is something of that name.
        OSError: It cannot be made.
    """
    path.mkdir(_FOLDER_MODE)
    path.chmod(_FOLDER_MODE)


def open_file(path: Path, *, create: bool) -> int:
    """Open a file for reading and writing; a new one only its owner can read.

    Returns its descriptor, which child processes do not inherit. With `create` what
    the file held before is gone.

    Raises:
        FileNotFoundError: There is none and `create` is false.
        OSError: It cannot be opened, or is no regular file of this user.
    """
    fd = open_regular(path, os.O_RDWR | (os.O_CREAT if create else 0), _FILE_MODE)
    if create:
        # Not when it is opened: what is no file of this user is left as it is.
        os.truncate(fd, 0)
        # A umask can only take rights away, even the owner's; an old file may have more.
        path.chmod(_FILE_MODE)
    return fd


def write(fd: int, data: bytes, at: int | None = None) -> int:
    """Write at byte `at` (None is where the descriptor stands) and return how many bytes.

    Raises:
        OSError: None were taken.
    """
    if at is not None:
        os.lseek(fd, at, os.SEEK_SET)
    written = os.write(fd, data)
    if not written:
        raise OSError(errno.EIO, "the system took no bytes")
    return written


def write_all(files: FileSystem, fd: int, data: bytes) -> None:
    """Write all of `data` where the descriptor stands.

    Raises:
        OSError: Only a part of it, or nothing, could be written.
    """
    while data:
        data = data[files.write(fd, data) :]


def allocate(fd: int, size: int) -> None:
    """Let an empty file take `size` bytes of the disk, whatever they hold.

    Raises:
        OSError: There is no room for them.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, 0, size)
        return
    left = size
    while left:
        left -= write(fd, bytes(min(left, 1 << 16)))


def truncate(fd: int, size: int) -> None:
    """Cut a file off behind `size` bytes.

    Raises:
        OSError: It is as it was.
    """
    os.truncate(fd, size)


def sync(fd: int) -> None:
    """Wait until what was written is safe from a power cut, as far as the system promises.

    On Linux fdatasync also stores a grown length, but no times. macOS has only fsync.

    Raises:
        OSError: Some of it may not be on the disk.
    """
    try:
        getattr(os, "fdatasync", os.fsync)(fd)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def sync_folder(path: Path) -> None:
    """Make made, renamed and removed names in the folder safe from a power cut.

    Windows has nothing of the kind: its file systems keep a log of names themselves.

    Raises:
        OSError: They may not be safe.
    """
    if sys.platform == "win32":
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        sync(fd)
    finally:
        os.close(fd)


def rename(source: Path, target: Path) -> None:
    """Give a closed file a new name, in place of what had that name.

    Raises:
        OSError: Nothing has changed.
    """
    source.replace(target)


def remove(path: Path) -> None:
    """Remove a closed file. One that does not exist is no error.

    Raises:
        OSError: It is still there.
    """
    path.unlink(missing_ok=True)


def remove_folder(path: Path) -> None:
    """Remove an empty folder.

    Raises:
        OSError: It is not empty, or is still there for another reason.
    """
    path.rmdir()
