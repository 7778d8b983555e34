"""Open a session's files only if they are regular files of this user.

A pipe of that name would block the program forever, opening a device could have any effect, and
the target of a link does not belong to the session.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would expand every byte 10 to two bytes
# Without these flags, which Windows lacks, links are followed and opening a pipe blocks.
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_NOT_A_FILE = {
    stat.S_IFIFO: "it is a pipe, not a file",
    stat.S_IFDIR: "it is a folder, not a file",
    stat.S_IFCHR: "it is a device, not a file",
    stat.S_IFBLK: "it is a device, not a file",
    stat.S_IFSOCK: "it is a socket, not a file",
    stat.S_IFLNK: "it is a link, not a file",
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
        if reason := _reason_against(facts):
            raise OSError(errno.EINVAL, reason, str(path))
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_regular(path: Path) -> BufferedReader:
    """Open a regular file of this user for reading, as `open_regular` does."""
    return os.fdopen(open_regular(path, os.O_RDONLY), "rb")


def _reason_against(facts: os.stat_result) -> str:
    if not stat.S_ISREG(facts.st_mode):
        return _NOT_A_FILE.get(stat.S_IFMT(facts.st_mode), "it is not a file")
    # The administrator may access the sessions of others.
    if os.name != "nt" and os.getuid() not in (0, facts.st_uid):
        return "it belongs to another user"
    return ""


def _refusal(path: Path, error: OSError) -> OSError:
    """Return the error with a reason that names the kind of file, if it is not regular."""
    try:
        facts = path.lstat()
    except OSError:
        return error
    if stat.S_ISREG(facts.st_mode):
        return error
    return OSError(error.errno, _reason_against(facts), str(path))
