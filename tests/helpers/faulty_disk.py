"""A journal's disk that fills up, fails or blocks in a chosen operation; its files are real.

Passed to `Journal.create` or `open_for_recovery` as `files`.
"""

from __future__ import annotations

import errno
import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from granite_live.audio.journal import filesystem


def full() -> OSError:
    """Return the error of a full disk."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FaultyDisk:
    """The real disk with injected faults. Thread-safe.

    Attributes:
        room: Free bytes, None for no limit.
        calls: How often each operation was called, by its name.
    """

    def __init__(self) -> None:
        self.room: int | None = None
        self.calls: Counter[str] = Counter()
        self._plans: dict[tuple[str, int], Callable[[], None]] = {}
        self._lock = threading.Lock()

    def at(self, step: str, number: int, fault: Callable[[], None]) -> None:
        """Call `fault` before call `number` of an operation (1: the next); it may raise or wait."""
        with self._lock:
            self._plans[step, self.calls[step] + number] = fault

    def fail(self, step: str, number: int, error: OSError) -> None:
        """Let call `number` of an operation (1 is the next) raise `error`."""

        def fault() -> None:
            raise error

        self.at(step, number, fault)

    def make_folder(self, path: Path, /) -> None:
        self._step("make_folder")
        filesystem.make_folder(path)

    def open_file(self, path: Path, /, *, create: bool) -> int:
        self._step("open_file")
        return filesystem.open_file(path, create=create)

    def write(self, fd: int, data: bytes, at: int | None = None, /) -> int:
        self._step("write")
        with self._lock:
            room = self.room
            if room is not None:
                data = data[:room]
                self.room = room - len(data)
        if not data:
            raise full()
        return filesystem.write(fd, data, at)

    def allocate(self, fd: int, size: int, /) -> None:
        self._step("allocate")
        with self._lock:
            if self.room is not None:
                if size > self.room:
                    raise full()
                self.room -= size
        filesystem.allocate(fd, size)

    def truncate(self, fd: int, size: int, /) -> None:
        self._step("truncate")
        before = os.fstat(fd).st_size
        filesystem.truncate(fd, size)
        with self._lock:
            if self.room is not None:
                self.room += before - size

    def sync(self, fd: int, /) -> None:
        self._step("sync")
        filesystem.sync(fd)

    def sync_folder(self, path: Path, /) -> None:
        self._step("sync_folder")
        filesystem.sync_folder(path)

    def rename(self, source: Path, target: Path, /) -> None:
        self._step("rename")
        filesystem.rename(source, target)

    def remove(self, path: Path, /) -> None:
        self._step("remove")
        size = path.stat().st_size if path.exists() else 0
        filesystem.remove(path)
        with self._lock:
            if self.room is not None:
                self.room += size

    def remove_folder(self, path: Path, /) -> None:
        self._step("remove_folder")
        filesystem.remove_folder(path)

    def _step(self, name: str) -> None:
        with self._lock:
            self.calls[name] += 1
            fault = self._plans.pop((name, self.calls[name]), None)
        if fault is not None:
            fault()
