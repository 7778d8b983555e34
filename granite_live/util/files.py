"""Write files atomically, output files of the user and small private ones, and lock open files.

(The library `filelock` locks as well, but its import takes longer than that of the command line.)
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

from granite_live.messages.settings import OutputMessage
from granite_live.util.errors import OutputError

_REASONS = {
    errno.ENOENT: OutputMessage.FOLDER_MISSING,
    errno.ENOTDIR: OutputMessage.NOT_A_FOLDER,
    errno.EISDIR: OutputMessage.FOLDER_IN_PLACE,
    errno.EACCES: OutputMessage.FOLDER_NOT_WRITABLE,
    errno.EPERM: OutputMessage.FOLDER_NOT_WRITABLE,
    errno.EROFS: OutputMessage.READ_ONLY_DISK,
    errno.ENOSPC: OutputMessage.DISK_FULL,
    errno.EDQUOT: OutputMessage.QUOTA_USED_UP,
    errno.ENAMETOOLONG: OutputMessage.NAME_TOO_LONG,
}


def write_output(path: Path, content: str | bytes, *, durable: bool = True) -> None:
    """Write `content`, text as UTF-8, to `path`, replacing the file atomically.

    Other programs see either the old file or the new one. On an error the old file stays and no
    temporary file is left. A replaced file keeps its permissions.

    Args:
        path: The file.
        content: The new content.
        durable: Wait until the file survives a power cut. Not needed for frequent changes.

    Raises:
        OutputError: The file cannot be written; the message says why.
    """
    try:
        # Replace the target of a symbolic link; keep the link.
        target = Path(os.path.realpath(path))
        if target.is_dir():  # Windows would report a missing permission
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if isinstance(content, str):
            # A lone surrogate comes from a file name that is not UTF-8.
            content = content.encode("utf-8", errors="backslashreplace")
        _replace(target, content, durable=durable)
    except (OSError, ValueError) as error:
        raise write_error(path, error) from error


def write_error(path: Path, error: OSError | ValueError) -> OutputError:
    """Return the error for a `path` that cannot be written because of `error`."""
    code = error.errno if isinstance(error, OSError) else None
    why = _REASONS.get(code or 0)
    reason = why(folder=path.parent) if why else _error_text(error)
    return OutputError(OutputMessage.UNWRITABLE(path=path, reason=reason))


def _error_text(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, atomically replacing an existing one.

    Raises:
        OSError: It cannot be written; the old file is unchanged and no partial file remains.
    """
    _replace(path, data, is_private=True)


def save_private_json(path: Path, value: object, *, indent: int = 1) -> None:
    """Write a file that only its owner can read, atomically, and create its folder.

    Raises:
        OSError: It cannot be written.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False) + "\n"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A lone surrogate comes from a file name that is not UTF-8.
    write_atomically(path, text.encode("utf-8", errors="backslashreplace"))


def damaged_name(path: Path) -> Path:
    """Return a name, with the current time, under which a damaged file is kept."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")
    return path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")


def _replace(target: Path, data: bytes, *, is_private: bool = False, durable: bool = True) -> None:
    part = target.parent / f".{secrets.token_hex(8)}.part"
    try:
        part.touch(mode=0o600 if is_private else 0o666, exist_ok=False)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if not is_private and target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except BaseException:  # nothing must remain, also after an interruption
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


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
