"""Represent the recordings in one file, and read one of them as a separate file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

_SCAN_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FilePart:
    """One recording within a file: `prefix`, then the file's bytes from `start` to `end`.

    `duration_s` is None if it is unknown before decoding.
    """

    start: int
    end: int
    prefix: bytes = b""
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class FileLayout:
    """The result of examining a file.

    Attributes:
        parts: The recordings in order; empty if FFmpeg can read the file directly.
        is_cut: Whether the end of the file is missing.
        missing_s: Seconds of audio missing at the end, 0.0 if unknown.
        header_s: The length in the header if the file has more audio, else None.
        is_encrypted: Whether the audio is encrypted, as in purchased films.
        is_cut_before_sound: Whether the file ends before its first audio.
    """

    parts: tuple[FilePart, ...] = ()
    is_cut: bool = False
    missing_s: float = 0.0
    header_s: float | None = None
    is_encrypted: bool = False
    is_cut_before_sound: bool = False

    @property
    def duration_s(self) -> float | None:
        """The total length of the parts, None if unknown."""
        total_s = 0.0
        for part in self.parts:
            if part.duration_s is None:
                return None
            total_s += part.duration_s
        return total_s if self.parts else None


class PartFile:
    """A file object of one part, for FFmpeg. Parts may share a file if they are read in turn."""

    def __init__(self, file: BinaryIO, part: FilePart) -> None:
        self._file = file
        self._part = part
        self._position = 0
        self._size = len(part.prefix) + part.end - part.start

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, or all remaining bytes if it is negative."""
        left = self._size - self._position
        size = left if size < 0 else min(size, left)
        if size <= 0:
            return b""
        within = self._position - len(self._part.prefix)
        if within < 0:
            piece = self._part.prefix[self._position : self._position + size]
        else:
            self._file.seek(self._part.start + within)
            piece = self._file.read(size) or b""
        self._position += len(piece)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Set the position and return it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position


def read_at(file: BinaryIO, position: int, size: int) -> bytes:
    """Return up to `size` bytes from `position`; fewer only at the end of the file."""
    file.seek(position)
    whole = bytearray()
    while len(whole) < size and (piece := file.read(size - len(whole))):
        whole += piece
    return bytes(whole)


def find(
    file: BinaryIO, start: int, end: int, search: Callable[[bytes], int], overlap: int
) -> int | None:
    """Return the position of the first match of `search` in bytes `start` to `end`.

    `search` returns the index of a match in a block, or -1. `overlap` is the length of a match
    minus one. Memory is bounded, and holes of a sparse file are skipped.
    """
    for position, block in _blocks(file, start, end, overlap):
        index = search(block)
        if index >= 0:
            return position + index
    return None


def first_nonzero(file: BinaryIO, start: int, end: int) -> int | None:
    """Return the position of the first byte that is not zero, None if all are zero."""
    return find(file, start, end, _index_of_nonzero, 0)


def _index_of_nonzero(block: bytes) -> int:
    return -1 if block.count(0) == len(block) else len(block) - len(block.lstrip(b"\0"))


def _blocks(file: BinaryIO, start: int, end: int, overlap: int) -> Iterator[tuple[int, bytes]]:
    position = start
    while position < end:
        position = min(end, _next_data(file, position))
        block = read_at(file, position, min(_SCAN_BYTES + overlap, end - position))
        if not block:
            return
        yield position, block
        position += max(1, len(block) - overlap)


def _next_data(file: BinaryIO, position: int) -> int:
    """Return the position of the next data from `position` on, skipping a hole of a sparse file."""
    seek_data = getattr(os, "SEEK_DATA", None)  # Linux, FreeBSD, macOS on recent Pythons
    if seek_data is None:
        return position
    try:
        return os.lseek(file.fileno(), position, seek_data)
    except OSError as error:
        # No data until the end of the file; or the file system does not support holes.
        return os.fstat(file.fileno()).st_size if error.errno == errno.ENXIO else position
