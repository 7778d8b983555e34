"""Files that only grow: what the disk has not taken yet stays in memory, and room is reserved for
texts.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.disk_state import is_full
from granite_live.audio.journal.filesystem import FileSystem


class AppendFile:
    """Appends pieces in order; keeps what the disk refuses and continues exactly there.

    No method raises for the disk: `error` has the failure, and every later call retries. What was
    written since the last successful sync is kept too, and is written again at the same place if a
    sync fails, because the system may then have discarded it (as full network disks do).

    Beyond `limit_bytes` in memory the oldest pieces are dropped. With `fill_with_zeros` zeros are
    written in their place, so that later pieces keep their offset.

    On a full disk `make_room` is called with the number of bytes to write, as long as it returns
    True.

    One thread at a time changes the file; any thread may call `read_unsynced` meanwhile.
    """

    def __init__(
        self,
        fd: int,
        *,
        offset: int,
        limit_bytes: int,
        sync_bytes: int,
        fill_with_zeros: bool,
        files: FileSystem = filesystem,
        make_room: Callable[[int], bool] | None = None,
    ) -> None:
        self.error: OSError | None = None
        self.lost_bytes = 0
        self.lost: list[tuple[int, int]] = []
        """The file offsets (start, end) where zeros replace dropped bytes."""
        self._files = files
        self._make_room = make_room
        self._fd: int | None = fd
        self._limit_bytes = limit_bytes
        self._sync_bytes = sync_bytes
        self._fill_with_zeros = fill_with_zeros
        self._end = offset
        self._unsynced = bytearray()
        # In file order: the piece being written, zeros for dropped pieces, the rest.
        self._piece = b""
        self._zeros = 0
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        # Guards the fields above, and is never held during disk access.
        self._state = threading.Lock()

    @property
    def unwritten_bytes(self) -> int:
        """Number of bytes that are in memory only."""
        return len(self._piece) + self._queued_bytes

    @property
    def unwritten_range(self) -> tuple[int, int]:
        """The file offsets (start, end) of all bytes that are not in the file."""
        with self._state:
            return self._end, self._end + len(self._piece) + self._zeros + self._queued_bytes

    @property
    def is_synced(self) -> bool:
        """Whether everything written is safe from a power failure."""
        return not self._unsynced

    def append(self, pieces: list[bytes]) -> None:
        """Append `pieces`; each is one write if the disk takes it whole."""
        with self._state:
            self._queue.extend(pieces)
            self._queued_bytes += sum(map(len, pieces))
        self.flush()
        with self._state:
            while self._queued_bytes > self._limit_bytes:
                self._drop_oldest()

    def read_unsynced(self, start: int, stop: int) -> tuple[int, bytes]:
        """Return the bytes from file offset `start` up to `stop` that may not be on the disk.

        Return the offset of the first of them (`stop` if there are none), and the bytes. Everything
        before that offset was written and synced.

        Raises:
            ValueError: `stop` is beyond everything that was appended.
        """
        with self._state:
            at = self._end - len(self._unsynced)
            first = max(start, min(stop, at))
            found = []
            for piece, size in self._pieces():
                if at >= stop:
                    break
                begin, end = max(start - at, 0), min(stop - at, size)
                if begin < end:
                    found.append(bytes(end - begin) if piece is None else piece[begin:end])
                at += size
        if at < stop:
            raise ValueError(f"byte {stop} was not appended yet, {at} is the last")
        return first, b"".join(found)

    def flush(self) -> None:
        """Try to write what is in memory, and sync after every `sync_bytes`."""
        while True:
            try:
                while self._next_piece():
                    self._write_piece()
                    if len(self._unsynced) >= self._sync_bytes:
                        self._sync()
            except OSError as error:
                self.error = error
                if (
                    is_full(error)
                    and self._make_room is not None
                    and self._make_room(len(self._piece))
                ):
                    continue
            else:
                self.error = None
            return

    def sync(self) -> None:
        """Try to write what is in memory and to make it safe from a power failure."""
        self.flush()
        if self.error is None:
            try:
                self._sync()
            except OSError as error:
                self.error = error

    def close(self) -> None:
        """Close the file and discard unwritten bytes. Idempotent."""
        if self._fd is not None:
            # Callers that need the data on disk have synced before, so an error says nothing new.
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = None

    def _pieces(self) -> Iterator[tuple[bytes | None, int]]:
        """Yield the unsynced pieces and their sizes in file order; None stands for zeros."""
        yield bytes(self._unsynced), len(self._unsynced)
        yield self._piece, len(self._piece)
        yield None, self._zeros
        for piece in self._queue:
            yield piece, len(piece)

    def _next_piece(self) -> bool:
        with self._state:
            if not self._piece:
                if self._zeros:
                    self._piece = bytes(min(self._zeros, self._sync_bytes))
                    self._zeros -= len(self._piece)
                elif self._queue:
                    self._piece = self._queue.popleft()
                    self._queued_bytes -= len(self._piece)
            return bool(self._piece)

    def _write_piece(self) -> None:
        written = self._files.write(self._open_fd(), self._piece, self._end)
        with self._state:
            self._unsynced += self._piece[:written]
            self._piece = self._piece[written:]
            self._end += written

    def _sync(self) -> None:
        if not self._unsynced:
            return
        try:
            self._files.sync(self._open_fd())
        except OSError:
            with self._state:
                self._end -= len(self._unsynced)
                self._piece = bytes(self._unsynced) + self._piece
                self._unsynced.clear()
            raise
        with self._state:
            self._unsynced.clear()

    def _open_fd(self) -> int:
        if self._fd is None:
            raise ValueError("the file is closed")
        return self._fd

    def _drop_oldest(self) -> None:
        size = len(self._queue.popleft())
        self._queued_bytes -= size
        self.lost_bytes += size
        if not self._fill_with_zeros:
            return
        start = self._end + len(self._piece) + self._zeros
        self._zeros += size
        if self.lost and self.lost[-1][1] == start:
            start = self.lost.pop()[0]
        self.lost.append((start, self._end + len(self._piece) + self._zeros))


RESERVE_NAME = "reserve"
RESERVE_BYTES = 1 << 20
"""Enough for the texts of about an hour of speech, with word times."""

_BLOCK_BYTES = 4096


class SpaceReserve:
    """A file that only reserves space. Does not raise for the disk.

    Created by `SpaceReserve.allocate`.
    """

    def __init__(self, path: Path, files: FileSystem = filesystem) -> None:
        self._path = path
        self._files = files
        self._fd: int | None = None
        self._size = 0

    @classmethod
    def allocate(
        cls, folder: Path, files: FileSystem = filesystem, size_bytes: int = RESERVE_BYTES
    ) -> Self:
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

    def shrink_to(self, size_bytes: int) -> None:
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
