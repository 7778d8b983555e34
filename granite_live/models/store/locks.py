"""Locks of the models' folder. The system frees them when a program ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granite_live.models.store.disk import telling
from granite_live.util.errors import BundleError

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
