"""Transcripts as files: one writer a format, found by its name.

`render` gives a text to show, `render_file` the bytes of a file in any format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from granite_live.transcript.export.docx import write_docx
from granite_live.transcript.export.json_ import write_json
from granite_live.transcript.export.md import write_md
from granite_live.transcript.export.srt import write_srt
from granite_live.transcript.export.txt import write_txt
from granite_live.transcript.export.vtt import write_vtt
from granite_live.transcript.model import RecordingTranscript

FORMATS: Mapping[str, Callable[[RecordingTranscript], str]] = MappingProxyType(
    {
        "txt": write_txt,
        "srt": write_srt,
        "vtt": write_vtt,
        "json": write_json,
        "md": write_md,
    }
)
"""Name of a text format, which is also the ending of its files, to its writer."""

BINARY_FORMATS: Mapping[str, Callable[[RecordingTranscript], bytes]] = MappingProxyType(
    {"docx": write_docx}
)
"""The same for formats that are not text: their files are for programs, not for terminals."""


def render(transcript: RecordingTranscript, format_name: str) -> str:
    """Return the transcript as the text of a file in one of `FORMATS`.

    Raises:
        KeyError: There is no such format.
    """
    return FORMATS[format_name](transcript)


def render_file(transcript: RecordingTranscript, format_name: str) -> bytes:
    """Return the bytes of a file in one of `FORMATS` or `BINARY_FORMATS`.

    Raises:
        KeyError: There is no such format.
    """
    if format_name in BINARY_FORMATS:
        return BINARY_FORMATS[format_name](transcript)
    # A lone surrogate comes from a file name that is not UTF-8.
    return render(transcript, format_name).encode("utf-8", errors="backslashreplace")
