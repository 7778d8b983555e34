"""A file that only grows, and what is still in memory because the disk did not take it."""

from __future__ import annotations

import contextlib
import os
from collections import deque

from granite_live.audio.journal import disk


class AppendFile:
    """Appends pieces in order; keeps what the disk refuses and goes on exactly there.

    Nothing here raises because of the disk: `error` tells, and every later call tries
    again. What was written since the last successful sync is kept too, and is written
    once more at the same place if a sync fails, since the system may then have thrown
    it away (as network disks do when they are full).

    Beyond `limit_bytes` in memory the oldest pieces are dropped. With `keeps_places`
    zeros are written in their place, so that all that follows lies where it belongs.
    """

    def __init__(
        self, fd: int, *, offset: int, limit_bytes: int, sync_bytes: int, keeps_places: bool
    ) -> None:
        self.error: OSError | None = None
        self.lost_bytes = 0
        self.lost: list[tuple[int, int]] = []
        """The file offsets (start, end) where zeros stand for dropped bytes."""
        self._fd: int | None = fd
        self._limit_bytes = limit_bytes
        self._sync_bytes = sync_bytes
        self._keeps_places = keeps_places
        self._end = offset
        self._unsynced = bytearray()
        # In the order of the file: the piece being written, zeros for dropped pieces, the rest.
        self._piece = b""
        self._zeros = 0
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0

    @property
    def unwritten_bytes(self) -> int:
        """How much is in memory only."""
        return len(self._piece) + self._queued_bytes

    @property
    def is_synced(self) -> bool:
        """Whether all that was written is safe from a power cut."""
        return not self._unsynced

    def append(self, pieces: list[bytes]) -> None:
        """Write `pieces`, each with one write where the disk takes it whole."""
        self._queue.extend(pieces)
        self._queued_bytes += sum(map(len, pieces))
        self.flush()
        while self._queued_bytes > self._limit_bytes:
            self._drop_oldest()

    def flush(self) -> None:
        """Try to write what is in memory, and sync when enough has come together."""
        try:
            while self._next_piece():
                self._write_piece()
                if len(self._unsynced) >= self._sync_bytes:
                    self._sync()
        except OSError as error:
            self.error = error
        else:
            self.error = None

    def sync(self) -> None:
        """Try to write what is in memory and to make it safe from a power cut."""
        self.flush()
        if self.error is None:
            try:
                self._sync()
            except OSError as error:
                self.error = error

    def close(self) -> None:
        """Close the file. What is unwritten is gone. Doing so twice does no harm."""
        if self._fd is not None:
            # Whoever cares has synced before; there is nothing left to learn from closing.
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = None

    def _next_piece(self) -> bool:
        if not self._piece:
            if self._zeros:
                self._piece = bytes(min(self._zeros, self._sync_bytes))
                self._zeros -= len(self._piece)
            elif self._queue:
                self._piece = self._queue.popleft()
                self._queued_bytes -= len(self._piece)
        return bool(self._piece)

    def _write_piece(self) -> None:
        written = disk.write(self._open_fd(), self._piece, self._end)
        self._unsynced += self._piece[:written]
        self._piece = self._piece[written:]
        self._end += written

    def _sync(self) -> None:
        if not self._unsynced:
            return
        try:
            disk.sync(self._open_fd())
        except OSError:
            self._end -= len(self._unsynced)
            self._piece = bytes(self._unsynced) + self._piece
            self._unsynced.clear()
            raise
        self._unsynced.clear()

    def _open_fd(self) -> int:
        if self._fd is None:
            raise ValueError("the file is closed")
        return self._fd

    def _drop_oldest(self) -> None:
        size = len(self._queue.popleft())
        self._queued_bytes -= size
        self.lost_bytes += size
        if not self._keeps_places:
            return
        start = self._end + len(self._piece) + self._zeros
        self._zeros += size
        if self.lost and self.lost[-1][1] == start:
            start = self.lost.pop()[0]
        self.lost.append((start, self._end + len(self._piece) + self._zeros))
