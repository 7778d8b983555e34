"""What the store does to the disk: whole files only, and trouble in sentences."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granite_live.util.errors import BundleError
from granite_live.util.whole_file import write_whole

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
