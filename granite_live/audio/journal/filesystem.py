"""Every step by which a journal reads or changes the disk, one function each."""

from __future__ import annotations

import errno
import os
import stat
import sys
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from granite_live.messages.journal import JournalMessage

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would expand every byte 10 to two bytes
# Without these flags, which Windows lacks, links are followed and opening a pipe blocks.
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_NOT_A_FILE = {
    stat.S_IFIFO: JournalMessage.IS_PIPE(),
    stat.S_IFDIR: JournalMessage.IS_FOLDER(),
    stat.S_IFCHR: JournalMessage.IS_DEVICE(),
    stat.S_IFBLK: JournalMessage.IS_DEVICE(),
    stat.S_IFSOCK: JournalMessage.IS_SOCKET(),
    stat.S_IFLNK: JournalMessage.IS_LINK(),
}


def open_regular(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open a regular file of this user without following a link; return its descriptor.

    Raises:
        FileNotFoundError: The file does not exist, and `flags` do not create it.
        OSError: It is not a regular file, belongs to another user, or cannot be opened.
    """
    try:
        fd = os.open(path, flags | _BINARY | _SAFE, mode)
    except OSError as error:
        raise _refusal(path, error) from error
    try:
        facts = os.fstat(fd)
        if reason := _refusal_reason(facts):
            raise OSError(errno.EINVAL, reason, str(path))
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_regular(path: Path) -> BufferedReader:
    """Open a regular file of this user for reading, as `open_regular` does."""
    return os.fdopen(open_regular(path, os.O_RDONLY), "rb")


def _refusal_reason(facts: os.stat_result) -> str:
    if not stat.S_ISREG(facts.st_mode):
        return _NOT_A_FILE.get(stat.S_IFMT(facts.st_mode), JournalMessage.NOT_A_FILE())
    # The administrator may access the sessions of others.
    if os.name != "nt" and os.getuid() not in (0, facts.st_uid):
        return JournalMessage.OTHER_USER()
    return ""


def _refusal(path: Path, error: OSError) -> OSError:
    """Return the error with a reason that names the kind of file, if it is not regular."""
    try:
        facts = path.lstat()
    except OSError:
        return error
    if stat.S_ISREG(facts.st_mode):
        return error
    return OSError(error.errno, _refusal_reason(facts), str(path))


_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
# Some network and virtual file systems cannot sync at all; there writing must suffice.
_CANNOT_SYNC = frozenset((errno.EINVAL, errno.ENOSYS, errno.ENOTSUP))


class FileSystem(Protocol):
    """The operations by which a journal changes a disk, as the functions in this module.

    Every operation may raise `OSError`: the disk may be full, read-only, slow or broken.
    """

    def make_folder(self, path: Path, /) -> None:
        """Create a folder."""

    def open_file(self, path: Path, /, *, create: bool) -> int:
        """Open a file and return its descriptor."""

    def write(self, fd: int, data: bytes, at: int | None = None, /) -> int:
        """Write some of `data` and return how many bytes."""

    def allocate(self, fd: int, size: int, /) -> None:
        """Reserve `size` bytes of the disk for an empty file."""

    def truncate(self, fd: int, size: int, /) -> None:
        """Truncate a file to `size` bytes."""

    def sync(self, fd: int, /) -> None:
        """Make what was written safe from a power failure."""

    def sync_folder(self, path: Path, /) -> None:
        """Make the names in a folder safe from a power failure."""

    def rename(self, source: Path, target: Path, /) -> None:
        """Rename a file."""

    def remove(self, path: Path, /) -> None:
        """Remove a file."""

    def remove_folder(self, path: Path, /) -> None:
        """Remove an empty folder."""


def make_folder(path: Path) -> None:
    """Create a folder that only its owner can enter, whatever the umask.

    Raises:
        FileExistsError: The name is already used.
        OSError: It cannot be created.
    """
    path.mkdir(_FOLDER_MODE)
    path.chmod(_FOLDER_MODE)


def open_file(path: Path, *, create: bool) -> int:
    """Open a file for reading and writing; only its owner can read a new one.

    Return its descriptor, which child processes do not inherit. `create` truncates an existing
    file.

    Raises:
        FileNotFoundError: The file does not exist and `create` is false.
        OSError: It cannot be opened, or is not a regular file of this user.
    """
    fd = open_regular(path, os.O_RDWR | (os.O_CREAT if create else 0), _FILE_MODE)
    if create:
        # Not with O_TRUNC: a file that is not a regular file of this user must not change.
        os.truncate(fd, 0)
        # A umask can only remove rights, even the owner's; an old file may have too many.
        path.chmod(_FILE_MODE)
    return fd


def write(fd: int, data: bytes, at: int | None = None) -> int:
    """Write at offset `at` (None: the current position); return how many bytes were written.

    Raises:
        OSError: No byte was written.
    """
    if at is not None:
        os.lseek(fd, at, os.SEEK_SET)
    written = os.write(fd, data)
    if not written:
        raise OSError(errno.EIO, "the system took no bytes")
    return written


def write_all(files: FileSystem, fd: int, data: bytes) -> None:
    """Write all of `data` at the current position.

    Raises:
        OSError: Only some bytes, or none, could be written.
    """
    while data:
        data = data[files.write(fd, data) :]


def allocate(fd: int, size: int) -> None:
    """Reserve `size` bytes of the disk for an empty file, with any content.

    Raises:
        OSError: There is not enough space.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, 0, size)
        return
    left = size
    while left:
        left -= write(fd, bytes(min(left, 1 << 16)))


def truncate(fd: int, size: int) -> None:
    """Truncate a file to `size` bytes.

    Raises:
        OSError: The file is unchanged.
    """
    os.truncate(fd, size)


def sync(fd: int) -> None:
    """Wait until what was written is safe from a power failure, as far as the system promises.

    On Linux fdatasync also stores a new length, but no times. macOS has only fsync.

    Raises:
        OSError: Some of it may not be on the disk.
    """
    try:
        getattr(os, "fdatasync", os.fsync)(fd)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def sync_folder(path: Path) -> None:
    """Make created, renamed and removed names in the folder safe from a power failure.

    Windows has no such call: its file systems keep a log of names themselves.

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
    """Rename a closed file, replacing an existing file of the new name.

    Raises:
        OSError: Nothing has changed.
    """
    source.replace(target)


def remove(path: Path) -> None:
    """Remove a closed file if it exists.

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
