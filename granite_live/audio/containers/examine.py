"""Find out what a file's own bytes say: joined recordings, cut files, encrypted sound."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from granite_live.audio.containers.layout import FileLayout, FilePart, find, read_at
from granite_live.audio.containers.riff import examine_wav
from granite_live.audio.containers.sized import examine_sized, kind_of

_MAX_BOXES = 1_000_000
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
# Sample entries of encrypted audio: MPEG's common encryption, and two of Apple's store.
_ENCRYPTED = (b"enca", b"drms", b"aavd")
_STSD_HEAD_BYTES = 8
_TYPES_FIRST = (b"ftyp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp")


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    content: int
    end: int


def is_isobmff(head: bytes) -> bool:
    """Return whether `head` is the start of a file of the MP4 family."""
    return head[4:8] in _TYPES_FIRST


def examine_isobmff(file: BinaryIO, size: int) -> FileLayout:
    """Return the recordings in an MP4 file of `size` bytes.

    Raises:
        OSError: The file cannot be read.
    """
    starts = [0]
    kinds: set[bytes] = set()
    is_cut = is_encrypted = is_fragmented = False
    for box in _boxes(file, 0, size):
        if box.kind == b"ftyp" and b"moov" in kinds:
            starts.append(box.start)
            kinds, is_cut, is_fragmented = set(), False, False
        kinds.add(box.kind)
        is_cut = is_cut or box.end > size
        if box.kind == b"moov" and box.end <= size:
            inside = set(_kinds_within(file, box))
            is_encrypted = is_encrypted or not inside.isdisjoint(_ENCRYPTED)
            is_fragmented = b"mvex" in inside
    # A fragment is "moof" and then "mdat".
    has_no_sound = is_fragmented and (b"moof" not in kinds or b"mdat" not in kinds)
    ends = [*starts[1:], size]
    parts = tuple(FilePart(start, end) for start, end in zip(starts, ends, strict=True))
    return FileLayout(
        parts=parts if len(parts) > 1 else (),
        is_cut=is_cut or has_no_sound,
        is_encrypted=is_encrypted,
        is_cut_before_sound=has_no_sound and len(parts) == 1,
    )


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    """Yield the sibling boxes from `start` on; the last one may extend beyond `end`."""
    position = start
    for _ in range(_MAX_BOXES):
        head = read_at(file, position, 16) if position + 8 <= end else b""
        kind, length, content = head[4:8], int.from_bytes(head[:4], "big"), position + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), position + 16
        elif length == 0 and any(head):
            length = end - position  # up to the end of the file
        # Every type in use is four printable Latin-1 characters.
        if length < 8 or not all(0x20 <= byte != 0x7F for byte in kind):
            return
        yield _Box(kind, position, content, position + length)
        position += length


def _kinds_within(file: BinaryIO, parent: _Box) -> Iterator[bytes]:
    """Yield the types of the boxes in a "moov" box, and of its tracks' sample entries."""
    for box in _boxes(file, parent.content, parent.end):
        yield box.kind
        if box.kind in _CONTAINERS:
            yield from _kinds_within(file, box)
        elif box.kind == b"stsd":
            entries = _boxes(file, box.content + _STSD_HEAD_BYTES, box.end)
            yield from (entry.kind for entry in entries)


# The signature and the head of the block that must follow: type 0, 34 bytes long.
_FLAC_START = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")
_FLAC_START_BYTES = 8
_MAX_PARTS = 100_000


def examine_flac(file: BinaryIO, size: int) -> FileLayout:
    """Return the recordings in a FLAC file of `size` bytes; FFmpeg keeps the rate of the first.

    Raises:
        OSError: The file cannot be read.
    """

    def index(block: bytes) -> int:
        match = _FLAC_START.search(block)
        return -1 if match is None else match.start()

    starts = [0]
    while len(starts) < _MAX_PARTS:
        following = find(file, starts[-1] + 1, size, index, _FLAC_START_BYTES - 1)
        if following is None:
            break
        starts.append(following)
    return _layout(starts, size)


def _layout(starts: list[int], size: int) -> FileLayout:
    if len(starts) < 2:
        return FileLayout()
    ends = [*starts[1:], size]
    return FileLayout(
        parts=tuple(FilePart(start, end) for start, end in zip(starts, ends, strict=True))
    )


_MAGIC = b"OggS"
_HEADER_BYTES = 27
_MAX_SEGMENTS = 255
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
        head = read_at(file, position, _HEADER_BYTES + _MAX_SEGMENTS)
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
    parts = tuple(FilePart(start, end) for start, end in zip(starts, ends, strict=True))
    return FileLayout(parts=parts if len(parts) > 1 else (), is_cut=is_cut)


def _index_of_page(block: bytes) -> int:
    return block.find(_MAGIC)


_WAV_STARTS = (b"RIFF", b"RF64", b"BW64")


def examine(file: BinaryIO) -> FileLayout:
    """Return the layout of `file`, and set the file to position 0.

    Raises:
        OSError: The file cannot be read.
    """
    size = file.seek(0, os.SEEK_END)
    head = read_at(file, 0, 16)
    layout = FileLayout()
    if head[:4] in _WAV_STARTS and head[8:12] == b"WAVE":
        layout = examine_wav(file, size)
    elif head[:4] == b"OggS":
        layout = examine_ogg(file, size)
    elif head[:4] == b"fLaC":
        layout = examine_flac(file, size)
    elif (kind := kind_of(head)) is not None:
        layout = examine_sized(file, size, kind)
    elif is_isobmff(head):
        layout = examine_isobmff(file, size)
    file.seek(0)
    return layout
