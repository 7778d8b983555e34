"""Room on the disk that is kept for a session's texts, for when the disk is full.

Sound takes all the room that a disk has. A text is small and cannot be made again from sound that
was lost, so each running session holds a file of some size beside its records, and gives it
back a block at a time: exactly when a record needs one.
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
"""The texts of about an hour of speech, with the times of their words."""

_BLOCK_BYTES = 4096


class Reserve:
    """A file whose only content is its size. Never raises because of the disk.

    Made by `Reserve.make`.
    """

    def __init__(self, path: Path, files: FileSystem = disk) -> None:
        self._path = path
        self._files = files
        self._fd: int | None = None
        self._size = 0

    @classmethod
    def make(cls, folder: Path, files: FileSystem = disk, size_bytes: int = RESERVE_BYTES) -> Self:
        """Take room in a session's folder; none where the disk has too little."""
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
        """Give back at least so many bytes, in whole blocks; return False if there are none."""
        if self._fd is None or not self._size:
            return False
        blocks = -(-size_bytes // _BLOCK_BYTES)
        return self._shrink(max(0, self._size - blocks * _BLOCK_BYTES))

    def keep(self, size_bytes: int) -> None:
        """Give back all but so many bytes."""
        if self._fd is not None and self._size > size_bytes:
            self._shrink(size_bytes)

    def remove(self) -> None:
        """Give back everything, and remove the file. Doing so twice does no harm."""
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
