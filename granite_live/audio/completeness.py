"""Whether a file's own bytes say that its end is missing.

FFmpeg reads a WAV or Ogg file that a crashed recorder left behind without a word:
it simply ends. Both formats tell more: WAV declares its length, Ogg marks its last
page. (Where other formats end early shows in the decoded length.)
"""

from __future__ import annotations

from typing import BinaryIO

# Programs that write to a pipe cannot go back to fill in the length. They leave 0,
# or nearly the largest number, signed or unsigned.
_UNKNOWN_LENGTH_FROM = 0x7FFF_0000
# An Ogg page is at most 65,307 bytes long, so the last one starts in here.
_LAST_PAGE_BYTES = 65_307
_END_OF_STREAM = 0x04


def end_is_missing(file: BinaryIO) -> bool:
    """Return whether `file` is a WAV or Ogg file without its end. Leaves it at byte 0.

    Raises:
        OSError: The file cannot be read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    missing = False
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        declared = int.from_bytes(head[4:8], "little")
        missing = declared < _UNKNOWN_LENGTH_FROM and 8 + declared > size
    elif head[:4] == b"OggS":
        file.seek(max(0, size - _LAST_PAGE_BYTES))
        tail = file.read(_LAST_PAGE_BYTES)
        last = tail.rfind(b"OggS")
        missing = last < 0 or not tail[last + 5 : last + 6] or not tail[last + 5] & _END_OF_STREAM
    file.seek(0)
    return missing
