"""Examine a file according to the signature at its start."""

from __future__ import annotations

import os
from typing import BinaryIO

from granite_live.audio.containers.isobmff import examine_isobmff, is_isobmff
from granite_live.audio.containers.joined import examine_aiff, examine_flac, is_aiff
from granite_live.audio.containers.layout import FileLayout, read_at
from granite_live.audio.containers.ogg import examine_ogg
from granite_live.audio.containers.riff import examine_wav

_WAV_STARTS = (b"RIFF", b"RF64", b"BW64")


def examine(file: BinaryIO) -> FileLayout:
    """Return the layout of `file`, and set the file to position 0.

    Raises:
        OSError: The file cannot be read.
    """
    size = file.seek(0, os.SEEK_END)
    head = read_at(file, 0, 12)
    layout = FileLayout()
    if head[:4] in _WAV_STARTS and head[8:12] == b"WAVE":
        layout = examine_wav(file, size)
    elif head[:4] == b"OggS":
        layout = examine_ogg(file, size)
    elif head[:4] == b"fLaC":
        layout = examine_flac(file, size)
    elif is_aiff(head):
        layout = examine_aiff(file, size)
    elif is_isobmff(head):
        layout = examine_isobmff(file, size)
    file.seek(0)
    return layout
