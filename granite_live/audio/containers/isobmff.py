"""Examine MP4, M4A and MOV files: several in one file, cut files, encrypted audio.

The format (ISO/IEC 14496-12) is a tree of boxes: a 32-bit size, a type of four characters, and
the content. A fragmented file has an empty index ("moov" with "mvex") and the audio in fragments
("moof"), so a file that is cut before the first fragment looks like a complete recording without
audio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from granite_live.audio.containers.layout import FileLayout, Part, read_at

_MOST_BOXES = 1_000_000
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
    parts = tuple(Part(start, end) for start, end in zip(starts, ends, strict=True))
    return FileLayout(
        parts=parts if len(parts) > 1 else (),
        is_cut=is_cut or has_no_sound,
        is_encrypted=is_encrypted,
        is_cut_before_sound=has_no_sound and len(parts) == 1,
    )


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    """Yield the sibling boxes from `start` on; the last one may extend beyond `end`."""
    position = start
    for _ in range(_MOST_BOXES):
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
