"""Examine the bytes of a file before FFmpeg reads it.

FFmpeg trusts the size in a WAV header, reads only the first of several concatenated recordings, and
does not report that a file was cut off. `examine` finds the recordings in a file, and whether
some of its audio is missing.
"""

from granite_live.audio.containers.examine import examine
from granite_live.audio.containers.layout import PartFile

__all__ = ["PartFile", "examine"]
