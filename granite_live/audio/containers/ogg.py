"""Examine Ogg files: chained recordings, and a cut last page.

An Ogg file is a sequence of pages of at most 65,307 bytes. A page with the flag "beginning of
stream" after pages of other streams starts another recording (a chain, as internet radio sends for
every song). FFmpeg follows a chain only while rate and channels stay the same.
"""

from __future__ import annotations

from typing import BinaryIO

from granite_live.audio.containers.layout import FileLayout, Part, find, read_at

_MAGIC = b"OggS"
_HEADER_BYTES = 27
_MOST_SEGMENTS = 255
_BEGINS_STREAM = 0x02


def examine_ogg(file: BinaryIO, size: int) -> FileLayout:
    """Return the recordings in an Ogg file of `size` bytes.

    Raises:
        OSError: The file cannot be read.
    """
    starts = [0]
    # Multiplexed streams all begin before the first page with content.
    has_content = False
    position: int | None = 0
    is_cut = False
    while position is not None and position < size:
        head = read_at(file, position, _HEADER_BYTES + _MOST_SEGMENTS)
        if head[:4] != _MAGIC:
            is_cut = _MAGIC.startswith(head[:4])
            position = find(file, position, size, _index_of_page, len(_MAGIC) - 1)
            continue
        if len(head) < _HEADER_BYTES:
            is_cut = True
            break
        segments = head[_HEADER_BYTES : _HEADER_BYTES + head[26]]
        begins = bool(head[5] & _BEGINS_STREAM)
        if begins and has_content:
            starts.append(position)
        has_content = not begins
        position += _HEADER_BYTES + len(segments) + sum(segments)
        is_cut = position > size or len(segments) < head[26]
    ends = [*starts[1:], size]
    parts = tuple(Part(start, end) for start, end in zip(starts, ends, strict=True))
    return FileLayout(parts=parts if len(parts) > 1 else (), is_cut=is_cut)


def _index_of_page(block: bytes) -> int:
    return block.find(_MAGIC)
