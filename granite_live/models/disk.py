"""File operations for models: locks, atomic writes, JSON files, errors as sentences."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from granite_live.messages.store import StoreMessage
from granite_live.util.errors import BundleError
from granite_live.util.files import damaged_name, write_atomically

CHUNK_BYTES = 1 << 20

_REASONS = {
    errno.ENOSPC: StoreMessage.DISK_FULL(),
    errno.EDQUOT: StoreMessage.QUOTA_USED_UP(),
    errno.EROFS: StoreMessage.READ_ONLY_DISK(),
    errno.EACCES: StoreMessage.NO_WRITE_PERMISSION(),
    errno.EPERM: StoreMessage.NO_WRITE_PERMISSION(),
    errno.ENOTDIR: StoreMessage.FILE_IN_PLACE(),
}


def os_error_text(error: OSError) -> str:
    """Return the reason of a disk error and what to do about it, without a full stop."""
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower().rstrip("."))


@contextmanager
def translate_disk_errors(folder: Path) -> Iterator[None]:
    """Convert an OSError of the body into an error with a sentence for the user.

    Raises:
        BundleError: The body raised OSError.
    """
    try:
        yield
    except OSError as error:
        raise BundleError(
            StoreMessage.FOLDER_UNUSABLE(folder=folder, reason=os_error_text(error))
        ) from error


def write_json(path: Path, value: object) -> None:
    """Write `value` as JSON, replacing an existing file atomically.

    Raises:
        OSError: It cannot be written; the old file stays.
    """
    write_atomically(path, json.dumps(value, indent=1).encode())


def move(source: Path, target: Path) -> None:
    """Rename a file or folder and sync both parent folders, so that a power cut cannot lose it.

    Raises:
        OSError: It cannot be moved.
    """
    source.rename(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def sync_folder(folder: Path) -> None:
    """Sync the names in `folder` to the disk, if the system supports that."""
    if sys.platform == "win32":
        return  # Windows cannot open a folder.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems cannot sync a folder; they gave no guarantee in the first place.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folder_bytes(folder: Path) -> int:
    """Return the total size of all files below `folder`, without those that disappear meanwhile."""
    total = 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(parent) / name).lstat().st_size
    return total


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk on which `folder` is, or will be created.

    Raises:
        OSError: It cannot be asked.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def size_text(size_bytes: float) -> str:
    """Return a size in readable units, such as `2.5 GB`."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if size_bytes >= 10**power:
            return f"{size_bytes / 10**power:,.1f} {unit}"
    return f"{size_bytes:.0f} bytes"


_STORE_WAIT_S = 30.0  # Only renames and removals run under this lock, so it is held briefly.


@contextmanager
def store_lock(root: Path, wait_s: float = _STORE_WAIT_S) -> Iterator[None]:
    """Hold the lock for changing the installed models below `root`.

    Raises:
        BundleError: Another program has it, or the folder cannot be used.
    """
    with _held(root, root / ".lock", wait_s, StoreMessage.BUSY_CHANGING()):
        yield


@contextmanager
def task_lock(root: Path, path: Path, busy: str) -> Iterator[None]:
    """Hold the lock of one staging folder; do not wait for it.

    `busy` completes the error's sentence "Another Granite Live ..." if another program holds it.

    Raises:
        BundleError: Another program holds the lock, or the folder cannot be used.
    """
    with _held(root, path, 0.0, busy):
        yield


@contextmanager
def _held(root: Path, path: Path, wait_s: float, busy: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=wait_s, thread_local=False)
    with translate_disk_errors(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise BundleError(StoreMessage.BUSY(what=busy)) from error
    try:
        yield
    finally:
        lock.release()


T = TypeVar("T")
_log = logging.getLogger(__name__)


def read_cache_file(path: Path, understand: Callable[[Any], T], nothing: T) -> T:
    """Return `understand` applied to the JSON at `path`; `nothing` if it is missing or damaged.

    Args:
        path: The file.
        understand: Parses the value; may raise ValueError, KeyError, TypeError or AttributeError
            for an invalid one.
        nothing: The result without a valid file.
    """
    try:
        return understand(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return nothing
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        _log.warning("%s is not used: %s", path, error)
        return nothing


def set_damaged_aside(
    path: Path,
    understand: Callable[[Any], object],
    loss: str = StoreMessage.MEASURED_AGAIN(),
) -> str:
    """Rename a damaged file to a name with the current time.

    Args:
        path: The file.
        understand: See `read_cache_file`.
        loss: A sentence that says what the loss of the file means.

    Returns:
        A sentence for the user, "" if the file is valid, missing, or cannot be read.
    """
    try:
        understand(json.loads(path.read_text("utf-8")))
    except OSError:
        return ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        aside = damaged_name(path)
        try:
            path.replace(aside)
        except OSError as refused:
            return StoreMessage.NOTES_NOT_SET_ASIDE(path=path, reason=refused.strerror, loss=loss)
        _log.warning("%s was damaged (%s) and is now %s", path, error, aside)
        return StoreMessage.NOTES_DAMAGED(path=path, loss=loss, aside=aside)
    return ""


def write_cache_file(path: Path, value: object) -> None:
    """Write the file atomically and create its folder. An error is only logged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, value)
    except OSError as error:
        _log.warning("%s could not be written: %s", path, error)
