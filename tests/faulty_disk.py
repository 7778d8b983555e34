"""A journal's disk that fills up, fails or stops at a chosen step; the files are real.

Given to `Journal.create` or `open_for_recovery` as their `files`.
"""

from __future__ import annotations

import errno
import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from granite_live.audio.journal import disk


def full() -> OSError:
    """Return what a full disk raises."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FaultyDisk:
    """The real disk, except for the faults that were asked for. For any threads.

    Attributes:
        room: How many bytes it still takes, None for all.
        calls: How often each step was asked for, by its name.
    """

    def __init__(self) -> None:
        self.room: int | None = None
        self.calls: Counter[str] = Counter()
        self._plans: dict[tuple[str, int], Callable[[], None]] = {}
        self._lock = threading.Lock()

    def at(self, step: str, number: int, fault: Callable[[], None]) -> None:
        """Call `fault` before call `number` of a step (the next is 1): it may raise or wait."""
        with self._lock:
            self._plans[step, self.calls[step] + number] = fault

    def fail(self, step: str, number: int, error: OSError) -> None:
        """Let call `number` of a step (the next is 1) raise `error`."""

        def fault() -> None:
            raise error

        self.at(step, number, fault)

    def make_folder(self, path: Path, /) -> None:
        self._step("make_folder")
        disk.make_folder(path)

    def open_file(self, path: Path, /, *, create: bool) -> int:
        self._step("open_file")
        return disk.open_file(path, create=create)

    def write(self, fd: int, data: bytes, at: int | None = None, /) -> int:
        self._step("write")
        with self._lock:
            room = self.room
            if room is not None:
                data = data[:room]
                self.room = room - len(data)
        if not data:
            raise full()
        return disk.write(fd, data, at)

    def allocate(self, fd: int, size: int, /) -> None:
        self._step("allocate")
        with self._lock:
            if self.room is not None:
                if size > self.room:
                    raise full()
                self.room -= size
        disk.allocate(fd, size)

    def truncate(self, fd: int, size: int, /) -> None:
        self._step("truncate")
        before = os.fstat(fd).st_size
        disk.truncate(fd, size)
        with self._lock:
            if self.room is not None:
                self.room += before - size

    def sync(self, fd: int, /) -> None:
        self._step("sync")
        disk.sync(fd)

    def sync_folder(self, path: Path, /) -> None:
        self._step("sync_folder")
        disk.sync_folder(path)

    def rename(self, source: Path, target: Path, /) -> None:
        self._step("rename")
        disk.rename(source, target)

    def remove(self, path: Path, /) -> None:
        self._step("remove")
        size = path.stat().st_size if path.exists() else 0
        disk.remove(path)
        with self._lock:
            if self.room is not None:
                self.room += size

    def remove_folder(self, path: Path, /) -> None:
        self._step("remove_folder")
        disk.remove_folder(path)

    def _step(self, name: str) -> None:
        with self._lock:
            self.calls[name] += 1
            fault = self._plans.pop((name, self.calls[name]), None)
        if fault is not None:
            fault()
