"""Examine WAV files: wrong sizes, and several recordings in one file.
 A WAV file is a list of chunks: four characters, a 32-bit size, and the content. "fmt " describes
the encoding of the samples in "data". Programs that crash, write to a pipe, or write more than 4
GiB leave wrong sizes; concatenated WAV files have a second header in the middle. The size in a
header is therefore a hint: the audio ends where another chunk, another recording, padding, or the
file ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from granite_live.audio.containers.layout import FileLayout, FilePart, find, first_nonzero, read_at

# Programs that write to a pipe cannot fill in the size afterwards. They leave 0, or nearly the
# largest signed or unsigned number.
_UNKNOWN_SIZE_FROM = 0x7FFF_0000
_UNKNOWN = 0xFFFF_FFFF
_WRAPS_AT = 1 << 32
_MAX_FORMAT_BYTES = 1 << 16
# A shorter loss is not reported.
_NEGLIGIBLE_S = 0.1
# Of a file with more recordings only this many are read.
_MAX_PARTS = 100_000

_RECORDING = re.compile(rb"(?:RIFF|RF64|BW64)[\s\S]{4}WAVE")
_RECORDING_BYTES = 12
# What may follow the audio: chunks, and the tags "TAG" (ID3v1) and "APETAGEX".
_KNOWN_CHUNKS = frozenset(
    b"LIST,fmt ,fact,data,bext,cue ,smpl,inst,plst,labl,note,ltxt,acid,JUNK,junk,PAD ,FLLR,iXML,"
    b"axml,chna,umid,levl,PEAK,DISP,_PMX,id3 ,ID3 ,cart,aXML,ds64,r64m,minf,elm1,regn,SNDM,SMED,"
    b"strc,logd,ovwf,afsp,IDIT,CSET,slnt,mext,link,qlty,dbmd".split(b",")
)
_TAGS = (b"TAG", b"ID3", b"APETAGEX")


@dataclass
class _Format:
    """The content of a "fmt " chunk, and the size of the data if a "ds64" chunk states it."""

    content: bytes = b""
    data_bytes: int | None = None

    @property
    def bytes_per_s(self) -> int:
        return int.from_bytes(self.content[8:12], "little")

    def seconds(self, size: int) -> float | None:
        return size / self.bytes_per_s if self.bytes_per_s else None

    def header(self, size: int) -> bytes:
        """Return a WAV header for `size` bytes of audio in this format."""
        data = size if size < _UNKNOWN_SIZE_FROM else _UNKNOWN
        content = self.content + b"\0" * (len(self.content) % 2)
        chunks = b"fmt " + _u32(len(self.content)) + content + b"data" + _u32(data)
        return b"RIFF" + _u32(min(_UNKNOWN, 4 + len(chunks) + data)) + b"WAVE" + chunks


@dataclass
class _Findings:
    parts: list[FilePart] = field(default_factory=list)
    header_bytes: int = 0
    sound_bytes: int = 0
    missing_s: float = 0.0
    # Whether FFmpeg finds the same audio by itself.
    is_ordinary: bool = True


def examine_wav(file: BinaryIO, size: int) -> FileLayout:
    """Return the recordings in a WAV file of `size` bytes.

    Raises:
        OSError: The file cannot be read.
    """
    found = _Findings()
    position: int | None = 0
    while position is not None and len(found.parts) < _MAX_PARTS:
        position = _examine_recording(file, position, size, found)
    if not found.parts:
        return FileLayout()
    rate = _bytes_per_s(found.parts)
    unread_s = (found.sound_bytes - found.header_bytes) / rate if rate else 0.0
    return FileLayout(
        parts=() if found.is_ordinary else tuple(found.parts),
        is_cut=found.missing_s >= _NEGLIGIBLE_S,
        missing_s=found.missing_s,
        header_s=found.header_bytes / rate if unread_s >= _NEGLIGIBLE_S else None,
    )


def _examine_recording(file: BinaryIO, start: int, size: int, found: _Findings) -> int | None:
    """Add the audio after the RIFF header at `start`; return the position of the next header."""
    form = _Format()
    position = start + _RECORDING_BYTES
    while position + 8 <= size:
        head = read_at(file, position, _RECORDING_BYTES)
        name, declared = head[:4], int.from_bytes(head[4:8], "little")
        content = position + 8
        if _RECORDING.match(head):
            found.is_ordinary = False
            return position
        if name == b"data" and form.content:
            if form.data_bytes is not None and declared == _UNKNOWN:
                declared = form.data_bytes
            position = _add_data(file, content, declared, size, form, found)
            continue
        if name == b"fmt ":
            form.content = read_at(file, content, min(declared, _MAX_FORMAT_BYTES))
        elif name == b"ds64":
            form.data_bytes = int.from_bytes(read_at(file, content + 8, 8), "little")
        elif name not in _KNOWN_CHUNKS and not _is_chunk_list(file, position, size):
            # Padding or garbage; another recording may follow.
            after = first_nonzero(file, position, size)
            if after is not None and _RECORDING.match(read_at(file, after, _RECORDING_BYTES)):
                found.is_ordinary = False
                return after
            # FFmpeg would search it for chunks, eight bytes at a time.
            found.is_ordinary = False
            return None
        position = content + declared + declared % 2
    return None


def _add_data(
    file: BinaryIO, start: int, declared: int, size: int, form: _Format, found: _Findings
) -> int:
    """Add a part for the audio that begins at `start`; return the end of the audio."""
    end, is_as_declared = _end_of_data(file, start, declared, size)
    if found.parts or not is_as_declared:
        found.is_ordinary = False
    missing = start + declared - size
    is_known = 0 < declared < _UNKNOWN_SIZE_FROM or declared == form.data_bytes
    if end == size and missing > 0 and is_known:
        found.missing_s = form.seconds(missing) or 0.0
    found.sound_bytes += end - start
    is_hint = is_known and declared < end - start
    found.header_bytes += declared if is_hint else end - start
    duration_s = form.seconds(end - start)
    found.parts.append(FilePart(start, end, form.header(end - start), duration_s))
    # Chunks begin at even offsets, though not every program pads them.
    odd = (end - start) % 2
    is_padded = odd and read_at(file, end, 1) == b"\0"
    return end + 1 if is_padded else end


def _end_of_data(file: BinaryIO, start: int, declared: int, size: int) -> tuple[int, bool]:
    """Return the end of the audio, and whether it is the end stated in the header."""
    end = start + declared
    if declared and end + declared % 2 == size:
        return end, True
    if declared and end < size:
        for after in (end + declared % 2, end):
            if _is_known(read_at(file, after, _RECORDING_BYTES)):
                return end, True
        if _is_chunk_list(file, end + declared % 2, size):
            return end, True
        if _is_padding(file, end, size):
            return end, True
        wrapped = _wrapped_end(file, start, declared, size)
        if wrapped is not None:
            return wrapped, False
    if not declared and _is_known(read_at(file, start, _RECORDING_BYTES)):
        return start, True  # a recording without audio
    following = find(file, start, size, _index_of_recording, _RECORDING_BYTES - 1)
    stop = size if following is None else following
    return stop, following is None and end >= size


def _is_padding(file: BinaryIO, end: int, size: int) -> bool:
    """Return whether zeros follow until the end of the file, a chunk, or another recording."""
    after = first_nonzero(file, end, size)
    if after is None:
        return True
    # The first character of a name is not zero, so a name would begin at `after`.
    return after > end and _is_known(read_at(file, after, _RECORDING_BYTES))


def _wrapped_end(file: BinaryIO, start: int, declared: int, size: int) -> int | None:
    """Return the end of the audio if its size was written modulo 4 GiB, else None."""
    end = start + declared + _WRAPS_AT
    while end <= size:
        after = end + declared % 2
        if after >= size or _is_known(read_at(file, after, _RECORDING_BYTES)):
            return end
        end += _WRAPS_AT
    return None


def _is_known(head: bytes) -> bool:
    return head[:4] in _KNOWN_CHUNKS or head.startswith(_TAGS) or bool(_RECORDING.match(head))


def _is_chunk_list(file: BinaryIO, position: int, size: int) -> bool:
    """Return whether chunks of any name fill exactly the rest of the file."""
    chunks = 0
    while position + 8 <= size:
        head = read_at(file, position, 8)
        if not all(0x20 <= byte < 0x7F for byte in head[:4]):
            return False
        length = int.from_bytes(head[4:8], "little")
        position += 8 + length + length % 2
        chunks += 1
    return chunks > 0 and position in (size, size + 1)


def _index_of_recording(block: bytes) -> int:
    match = _RECORDING.search(block)
    return -1 if match is None else match.start()


def _bytes_per_s(parts: list[FilePart]) -> float:
    """Return the bytes of audio per second, 0.0 if unknown."""
    known = [(part.end - part.start, part.duration_s) for part in parts if part.duration_s]
    seconds = sum(duration_s for _, duration_s in known)
    return sum(size for size, _ in known) / seconds if seconds else 0.0


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "little")
