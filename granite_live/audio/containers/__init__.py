"""What a file's own bytes tell before FFmpeg reads it.

FFmpeg believes a WAV header's size, reads the first of several recordings that were put one
after the other, and ends at the end of a cut file without a word. `examine` finds the
recordings that a file really holds, and whether some of its sound is missing.
"""

from granite_live.audio.containers.examine import examine
from granite_live.audio.containers.layout import FileLayout, Part, PartFile

__all__ = ["FileLayout", "Part", "PartFile", "examine"]
