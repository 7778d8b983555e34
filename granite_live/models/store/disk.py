"""File operations of the store: locks, atomic writes, small caches, and errors as sentences."""

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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from granite_live.util.errors import BundleError
from granite_live.util.private_file import write_whole

CHUNK_BYTES = 1 << 20

_REASONS = {
    errno.ENOSPC: "the disk is full; make room",
    errno.EDQUOT: "your share of the disk is used up; make room",
    errno.EROFS: "the disk can only be read; point GRANITE_LIVE_HOME to another one",
    errno.EACCES: "it may not be written to; mend its rights, or point GRANITE_LIVE_HOME elsewhere",
    errno.EPERM: "it may not be written to; mend its rights, or point GRANITE_LIVE_HOME elsewhere",
    errno.ENOTDIR: "a file is in its place; move it away",
}


def why(error: OSError) -> str:
    """Return what to tell of `error`: the reason and what to do, without a full stop."""
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower().rstrip("."))


@contextmanager
def telling(folder: Path) -> Iterator[None]:
    """Turn trouble with the disk into a sentence.

    Raises:
        BundleError: The body raised OSError.
    """
    try:
        yield
    except OSError as error:
        raise BundleError(f"The models' folder {folder} cannot be used: {why(error)}.") from error


def write_json(path: Path, value: object) -> None:
    """Write `value` whole, replacing a file of that name in one step.

    Raises:
        OSError: It cannot be written; the old file stays.
    """
    write_whole(path, json.dumps(value, indent=1).encode())


def move(source: Path, target: Path) -> None:
    """Rename a file or folder, so that a power cut leaves it at one of the two places.

    Raises:
        OSError: It cannot be moved.
    """
    source.rename(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in `folder` are safe from a power cut, where that can be asked for."""
    if sys.platform == "win32":
        return  # a folder cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems of networks cannot do it; then it was not promised.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folder_bytes(folder: Path) -> int:
    """Return the sum of the sizes of all files below `folder`; what vanishes meanwhile is 0."""
    total = 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(parent) / name).lstat().st_size
    return total


def free_bytes(folder: Path) -> int:
    """Return the free room of the disk that `folder` is on, or will be.

    Raises:
        OSError: It cannot be asked.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def size_text(size_bytes: float) -> str:
    """Return a size as people say it, such as `2.5 GB`."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if size_bytes >= 10**power:
            return f"{size_bytes / 10**power:,.1f} {unit}"
    return f"{size_bytes:.0f} bytes"


_STORE_WAIT_S = 30.0  # nothing but renames and removals happens under it


@contextmanager
def store_lock(root: Path, wait_s: float = _STORE_WAIT_S) -> Iterator[None]:
    """Hold the right to change what is installed below `root`.

    Raises:
        BundleError: Another program has it, or the folder cannot be used.
    """
    with _held(root, root / ".lock", wait_s, "is changing the installed models; try again later"):
        yield


@contextmanager
def task_lock(root: Path, path: Path, busy: str) -> Iterator[None]:
    """Hold the right to one folder of what is on its way, without waiting for it.

    `busy` ends the sentence "Another Granite Live ..." for whoever has it.

    Raises:
        BundleError: Another program has it, or the folder cannot be used.
    """
    with _held(root, path, 0.0, busy):
        yield


@contextmanager
def _held(root: Path, path: Path, wait_s: float, busy: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=wait_s, thread_local=False)
    with telling(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise BundleError(f"Another Granite Live {busy}.") from error
    try:
        yield
    finally:
        lock.release()


T = TypeVar("T")
_log = logging.getLogger(__name__)


def read_notes(path: Path, understand: Callable[[Any], T], nothing: T) -> T:
    """Return what `understand` makes of the JSON at `path`; `nothing` if it is missing or damaged.

    Args:
        path: The file.
        understand: May raise ValueError, KeyError, TypeError or AttributeError over what is not
            as it was written.
        nothing: What there is without such a file.
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
    loss: str = "It is measured again when it is needed.",
) -> str:
    """Rename a damaged file so that its name has the time.

    Args:
        path: The file.
        understand: See `read_notes`.
        loss: A sentence on what its loss means.

    Returns:
        A sentence for the user, "" if the file is sound, missing, or cannot be read.
    """
    try:
        understand(json.loads(path.read_text("utf-8")))
    except OSError:
        return ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")
        aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
        try:
            path.replace(aside)
        except OSError as refused:
            return f"'{path}' is damaged and cannot be set aside ({refused.strerror}). {loss}"
        _log.warning("%s was damaged (%s) and is now %s", path, error, aside)
        return f"'{path}' was damaged. {loss} The old file is '{aside}'."
    return ""


def keep_notes(path: Path, value: object) -> None:
    """Write the file whole or not at all, and make its folder; where that fails it is logged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, value)
    except OSError as error:
        _log.warning("%s could not be written: %s", path, error)
