"""Transcripts as files: one writer a format, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

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
"""Name of a format, which is also the ending of its files, to its writer."""


def render(transcript: RecordingTranscript, format_name: str) -> str:
    """Return the transcript as the text of a file in one of `FORMATS`.

    Raises:
        KeyError: There is no such format.
    """
    return FORMATS[format_name](transcript)
