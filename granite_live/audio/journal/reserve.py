"""Reserve disk space for a session's texts, for when the disk is full.

Audio fills the disk. A text is small, and cannot be recomputed from audio that was lost. So each
running session holds a file of some size next to its records, and frees it block by block when a
record needs space.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Self

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem

RESERVE_NAME = "reserve"
RESERVE_BYTES = 1 << 20
"""Enough for the texts of about an hour of speech, with word times."""

_BLOCK_BYTES = 4096


class Reserve:
    """A file that only reserves space. Does not raise for the disk.

    Created by `Reserve.make`.
    """

    def __init__(self, path: Path, files: FileSystem = disk) -> None:
        self._path = path
        self._files = files
        self._fd: int | None = None
        self._size = 0

    @classmethod
    def make(cls, folder: Path, files: FileSystem = disk, size_bytes: int = RESERVE_BYTES) -> Self:
        """Reserve space in a session's folder, or none if the disk has too little."""
        reserve = cls(folder / RESERVE_NAME, files)
        try:
            reserve._fd = files.open_file(reserve._path, create=True)
            files.allocate(reserve._fd, size_bytes)
        except OSError:
            reserve.remove()
        else:
            reserve._size = size_bytes
        return reserve

    def release(self, size_bytes: int) -> bool:
        """Free at least `size_bytes`, in whole blocks; return False if nothing is left."""
        if self._fd is None or not self._size:
            return False
        blocks = -(-size_bytes // _BLOCK_BYTES)
        return self._shrink(max(0, self._size - blocks * _BLOCK_BYTES))

    def keep(self, size_bytes: int) -> None:
        """Free everything but `size_bytes`."""
        if self._fd is not None and self._size > size_bytes:
            self._shrink(size_bytes)

    def remove(self) -> None:
        """Free everything and remove the file. Idempotent."""
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd, self._size = None, 0
        with contextlib.suppress(OSError):
            self._files.remove(self._path)

    def _shrink(self, size: int) -> bool:
        assert self._fd is not None
        try:
            self._files.truncate(self._fd, size)
        except OSError:
            return False
        self._size = size
        return True
