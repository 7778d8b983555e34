"""Examine AIFF, AU, CAF, W64 and big-endian WAV files, whose headers state the size of the audio.

As in WAV, the stated size is a hint: programs that crash leave 0 or an outdated number, a broken
copy is shorter, and a joined file holds more recordings. FFmpeg refuses some of these files, reads
the others up to the stated size, and never says that audio is missing.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from granite_live.audio.containers.layout import FileLayout, FilePart, first_nonzero, read_at

_MAX_PARTS = 100_000
_MAX_CHUNKS = 1_000
_MAX_HEADER_BYTES = 1 << 16
# Shorter losses and remainders are not reported.
_NEGLIGIBLE_S = 0.1


@dataclass(frozen=True, slots=True)
class _Sound:
    """The audio of one recording.

    `declared` is the stated size in bytes, None if the header does not know it; `header` makes the
    header of a file with a given number of bytes. `bytes_per_s` is 0.0 for compressed audio.
    """

    content: int
    declared: int | None
    bytes_per_s: float
    header: Callable[[int], bytes]
    is_plain: bool = True
    """Whether FFmpeg reads the recording if its size is right."""


Parse = Callable[[BinaryIO, int, int], _Sound | None]
"""Returns the audio of the recording at a position of a file of a size."""
SkipChunk = Callable[[BinaryIO, int], int | None]
"""Returns the end of the chunk at a position, None if there is none."""


@dataclass(frozen=True, slots=True)
class _Kind:
    starts: tuple[bytes, ...]
    parse: Parse
    skip: SkipChunk
    knows_no_size: bool = False
    """Whether FFmpeg reads a file that does not state the size."""


def kind_of(head: bytes) -> _Kind | None:
    """Return the kind of the file that begins with `head` [16 bytes], None for any other."""
    return next((kind for kind in _KINDS if head.startswith(kind.starts)), None)


def examine_sized(file: BinaryIO, size: int, kind: _Kind) -> FileLayout:
    """Return the recordings in a file of `size` bytes.

    Raises:
        OSError: The file cannot be read.
    """
    parts: list[FilePart] = []
    is_ordinary, missing_s = True, 0.0
    is_cut, stated_s, there_s = False, 0.0, 0.0
    start: int | None = 0
    while start is not None and len(parts) < _MAX_PARTS:
        sound = kind.parse(file, start, size)
        if sound is None or sound.content > size:
            break  # FFmpeg says what is wrong with it
        end, start = _extent(file, sound, size, kind)
        there, declared = end - sound.content, sound.declared
        seconds = there / sound.bytes_per_s if sound.bytes_per_s else None
        parts.append(FilePart(sound.content, end, sound.header(there), seconds))
        is_unknown = declared is None and not kind.knows_no_size
        is_stale = declared is not None and declared < there
        is_ordinary = is_ordinary and sound.is_plain and not (is_unknown or is_stale)
        if declared is not None and declared > there:
            is_cut, missing_s = True, (declared - there) / (sound.bytes_per_s or float("inf"))
        there_s += seconds or 0.0
        stated = min(there, there if declared is None else declared)
        stated_s += stated / sound.bytes_per_s if sound.bytes_per_s else 0.0
    if not parts:
        return FileLayout()
    is_ordinary = is_ordinary and len(parts) == 1
    return FileLayout(
        parts=() if is_ordinary else tuple(parts),
        is_cut=is_cut and (missing_s >= _NEGLIGIBLE_S or missing_s == 0.0),
        missing_s=missing_s,
        header_s=stated_s if there_s - stated_s >= _NEGLIGIBLE_S else None,
    )


def _extent(file: BinaryIO, sound: _Sound, size: int, kind: _Kind) -> tuple[int, int | None]:
    """Return the end of the audio, and where the next recording begins (None: nowhere)."""
    if sound.declared is None or sound.content + sound.declared >= size:
        return size, None
    end = sound.content + sound.declared
    position = end
    for _ in range(_MAX_CHUNKS):
        for place in (position, position + 1):  # a padding byte may stand between
            if read_at(file, place, 16).startswith(kind.starts):
                return end, place
        after = kind.skip(file, position)
        if after is None:
            break
        position = after
    is_rest_negligible = size - position < sound.bytes_per_s * _NEGLIGIBLE_S
    if position > end or is_rest_negligible or first_nonzero(file, end, size) is None:
        return end, None
    return size, None


_AU_SAMPLE_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}
_AU_UNKNOWN = 0xFFFF_FFFF


def _au(file: BinaryIO, start: int, size: int) -> _Sound | None:
    head = read_at(file, start, 24)
    if len(head) < 24:
        return None
    offset, declared, encoding, rate_hz, channels = struct.unpack(">5I", head[4:])
    if not 24 <= offset <= _MAX_HEADER_BYTES or start + offset > size:
        return None
    whole = read_at(file, start, offset)

    def header(count: int) -> bytes:
        return whole[:8] + min(count, _AU_UNKNOWN).to_bytes(4, "big") + whole[12:]

    known = None if declared in (0, _AU_UNKNOWN) else declared
    rate = float(_AU_SAMPLE_BYTES.get(encoding, 0) * rate_hz * channels)
    # FFmpeg reads an unknown size, but not a size of zero.
    return _Sound(start + offset, known, rate, header, is_plain=declared != 0)


_W64_RIFF = b"riff.\x91\xcf\x11\xa5\xd6(\xdb\x04\xc1\0\0"
_W64_WAVE = b"wave\xf3\xac\xd3\x11\x8c\xd1\0\xc0O\x8e\xdb\x8a"
_W64_TAIL = _W64_WAVE[4:]
_W64_HEAD = 24


def _skip_w64(file: BinaryIO, position: int) -> int | None:
    position += -position % 8
    head = read_at(file, position, _W64_HEAD)
    length = int.from_bytes(head[16:], "little")
    if len(head) < _W64_HEAD or head[4:16] != _W64_TAIL or length < _W64_HEAD:
        return None
    return position + length + -length % 8


def _w64(file: BinaryIO, start: int, size: int) -> _Sound | None:
    position, bytes_per_s = start + 40, 0.0
    if read_at(file, start + 24, 16) != _W64_WAVE:
        return None
    for _ in range(_MAX_CHUNKS):
        head = read_at(file, position, _W64_HEAD + 12)
        if head[:4] == b"data" and head[4:16] == _W64_TAIL:
            break
        if head[:4] == b"fmt ":
            bytes_per_s = float(int.from_bytes(head[32:36], "little"))
        after = _skip_w64(file, position)
        if after is None or after >= size:
            return None
        position = after
    content = position + _W64_HEAD
    length = int.from_bytes(head[16:24], "little")
    whole = read_at(file, start, min(content - start, _MAX_HEADER_BYTES))

    def header(count: int) -> bytes:
        total = (len(whole) + count).to_bytes(8, "little")
        return whole[:16] + total + whole[24:-8] + (count + _W64_HEAD).to_bytes(8, "little")

    known = length - _W64_HEAD if _W64_HEAD < length < 1 << 62 else None
    return _Sound(content, known, bytes_per_s, header)


def _skip_big_endian(file: BinaryIO, position: int, length_bytes: int) -> int | None:
    head = read_at(file, position, 4 + length_bytes)
    if len(head) < 4 + length_bytes or not all(0x20 <= byte < 0x7F for byte in head[:4]):
        return None
    length = int.from_bytes(head[4:], "big")
    return position + len(head) + length


def _skip_iff(file: BinaryIO, position: int) -> int | None:
    after = _skip_big_endian(file, position + position % 2, 4)
    return None if after is None else after + after % 2


def _skip_caf(file: BinaryIO, position: int) -> int | None:
    return _skip_big_endian(file, position, 8)


# Encodings of AIFF-C without compression.
_AIFC_PLAIN = (b"NONE", b"twos", b"sowt", b"in24", b"in32", b"fl32", b"FL32", b"fl64", b"FL64")


def _aiff(file: BinaryIO, start: int, size: int) -> _Sound | None:
    if read_at(file, start + 8, 4) not in (b"AIFF", b"AIFC"):
        return None
    position, common_at, common = start + 12, 0, b""
    for _ in range(_MAX_CHUNKS):
        name = read_at(file, position, 4)
        if name == b"SSND":
            break
        after = _skip_iff(file, position)
        if after is None or after >= size:
            return None
        if name == b"COMM":
            length = int.from_bytes(read_at(file, position + 4, 4), "big")
            common_at, common = position + 8, read_at(file, position + 8, min(length, 22))
        position = after
    if len(common) < 18:
        return None  # it may follow the audio; FFmpeg finds it there
    length = int.from_bytes(read_at(file, position + 4, 4), "big")
    channels, _frames, bits = struct.unpack(">HIH", common[:8])
    frame_bytes = channels * -(-bits // 8)
    is_plain = len(common) < 22 or common[18:22] in _AIFC_PLAIN
    bytes_per_s = frame_bytes * _extended(common[8:18]) if is_plain else 0.0
    content = position + 16
    whole = read_at(file, start, min(content - start, _MAX_HEADER_BYTES))

    def header(count: int) -> bytes:
        patched = bytearray(whole)
        patched[4:8] = min(len(whole) - 8 + count, _AU_UNKNOWN).to_bytes(4, "big")
        patched[-12:-8] = min(count + 8, _AU_UNKNOWN).to_bytes(4, "big")
        if bytes_per_s and frame_bytes:
            at = common_at - start + 2
            patched[at : at + 4] = min(count // frame_bytes, _AU_UNKNOWN).to_bytes(4, "big")
        return bytes(patched)

    known = length - 8 if 8 < length < _AU_UNKNOWN else None
    return _Sound(content, known, bytes_per_s, header)


def _extended(content: bytes) -> float:
    """Return an 80-bit number, as Apple's processors once had; 0.0 for none in use."""
    exponent = int.from_bytes(content[:2], "big") - 16383 - 63
    is_usual = -64 < exponent < 64
    return int.from_bytes(content[2:], "big") * 2.0**exponent if is_usual else 0.0


def _caf(file: BinaryIO, start: int, size: int) -> _Sound | None:
    position, bytes_per_s = start + 8, 0.0
    for _ in range(_MAX_CHUNKS):
        head = read_at(file, position, 12)
        if head[:4] == b"data":
            break
        form = read_at(file, position + 12, 24) if head[:4] == b"desc" else b""
        if len(form) == 24:
            rate_hz, packet_bytes, frames = struct.unpack(">d8xII", form)
            bytes_per_s = rate_hz * packet_bytes / frames if frames else 0.0
        after = _skip_caf(file, position)
        if after is None or after >= size:
            return None
        position = after
    content = position + 16
    length = int.from_bytes(head[4:12], "big", signed=True)
    whole = read_at(file, start, min(content - start, _MAX_HEADER_BYTES))

    def header(count: int) -> bytes:
        return whole[:-12] + (count + 4).to_bytes(8, "big") + whole[-4:]

    return _Sound(content, length - 4 if length > 4 else None, bytes_per_s, header)


# (format, bits) of WAV -> encoding of AU, which is always big-endian.
_RIFX_AS_AU = {(1, 16): 3, (1, 24): 4, (1, 32): 5, (3, 32): 6, (3, 64): 7}


def _rifx(file: BinaryIO, start: int, size: int) -> _Sound | None:
    """Parse a big-endian WAV: FFmpeg would decode its samples in the wrong byte order."""
    position, form = start + 12, b""
    for _ in range(_MAX_CHUNKS):
        name = read_at(file, position, 4)
        if name == b"data":
            break
        if name == b"fmt ":
            form = read_at(file, position + 8, 16)
        after = _skip_iff(file, position)
        if after is None or after >= size:
            return None
        position = after
    if len(form) < 16:
        return None
    kind, channels, rate_hz, bytes_per_s, _align, bits = struct.unpack(">HHIIHH", form)
    encoding = _RIFX_AS_AU.get((kind, bits))
    if encoding is None:
        return None
    length = int.from_bytes(read_at(file, position + 4, 4), "big")

    def header(count: int) -> bytes:
        stated = min(count, _AU_UNKNOWN)
        return b".snd" + struct.pack(">5I", 24, stated, encoding, rate_hz, channels)

    known = length if 0 < length < _AU_UNKNOWN else None
    return _Sound(position + 8, known, float(bytes_per_s), header, is_plain=False)


_KINDS = (
    _Kind((b".snd",), _au, lambda _file, _position: None, knows_no_size=True),
    _Kind((_W64_RIFF,), _w64, _skip_w64),
    _Kind((b"FORM",), _aiff, _skip_iff),
    _Kind((b"caff\0\1",), _caf, _skip_caf, knows_no_size=True),
    _Kind((b"RIFX",), _rifx, _skip_iff),
)
