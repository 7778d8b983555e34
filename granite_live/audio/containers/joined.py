"""Examine concatenated FLAC and AIFF files."""

from __future__ import annotations

import re
from typing import BinaryIO

from granite_live.audio.containers.layout import FileLayout, Part, find, read_at

# The signature and the head of the block that must follow: type 0, 34 bytes long.
_FLAC_START = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")
_FLAC_START_BYTES = 8
_MOST_PARTS = 100_000


def examine_flac(file: BinaryIO, size: int) -> FileLayout:
    """Return the recordings in a FLAC file of `size` bytes; FFmpeg keeps the rate of the first.

    Raises:
        OSError: The file cannot be read.
    """

    def index(block: bytes) -> int:
        match = _FLAC_START.search(block)
        return -1 if match is None else match.start()

    starts = [0]
    while len(starts) < _MOST_PARTS:
        following = find(file, starts[-1] + 1, size, index, _FLAC_START_BYTES - 1)
        if following is None:
            break
        starts.append(following)
    return _layout(starts, size)


def examine_aiff(file: BinaryIO, size: int) -> FileLayout:
    """Return the recordings in an AIFF file of `size` bytes; FFmpeg reads only the first.

    Raises:
        OSError: The file cannot be read.
    """
    starts: list[int] = []
    position = 0
    while position + 12 <= size and len(starts) < _MOST_PARTS:
        head = read_at(file, position, 12)
        if not is_aiff(head):
            break
        starts.append(position)
        length = int.from_bytes(head[4:8], "big")
        position += 8 + length + length % 2
    return _layout(starts or [0], size)


def is_aiff(head: bytes) -> bool:
    """Return whether `head` is the start of an AIFF file."""
    return head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC")


def _layout(starts: list[int], size: int) -> FileLayout:
    if len(starts) < 2:
        return FileLayout()
    ends = [*starts[1:], size]
    return FileLayout(
        parts=tuple(Part(start, end) for start, end in zip(starts, ends, strict=True))
    )
