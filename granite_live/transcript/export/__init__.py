"""Write transcripts as files, one writer per format.

`render` returns text, `render_file` the bytes of a file in any format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from granite_live.transcript.export.json_ import write_json
from granite_live.transcript.export.options import DEFAULT_OPTIONS, DOCUMENT_FORMATS, ExportOptions
from granite_live.transcript.export.text_formats import (
    write_ass,
    write_csv,
    write_lrc,
    write_md,
    write_srt,
    write_txt,
    write_vtt,
)
from granite_live.transcript.model import RecordingTranscript
from granite_live.transcript.numbers import with_digits

FORMATS: Mapping[str, Callable[[RecordingTranscript, ExportOptions], str]] = MappingProxyType(
    {
        "txt": write_txt,
        "srt": write_srt,
        "vtt": write_vtt,
        "ass": write_ass,
        "lrc": write_lrc,
        "json": write_json,
        "csv": write_csv,
        "md": write_md,
    }
)
"""Maps a text format's name, which is also its file extension, to its writer."""


def _write_docx(transcript: RecordingTranscript, options: ExportOptions) -> bytes:
    # The writer imports an XML package, and with it the network packages of Python.
    from granite_live.transcript.export.docx import write_docx

    return write_docx(transcript, options)


BINARY_FORMATS: Mapping[str, Callable[[RecordingTranscript, ExportOptions], bytes]] = (
    MappingProxyType({"docx": _write_docx})
)
"""The same for binary formats."""


def render(
    transcript: RecordingTranscript,
    format_name: str,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> str:
    """Return the transcript in one of `FORMATS`.

    Raises:
        KeyError: The format does not exist.
    """
    return FORMATS[format_name](prepared(transcript, format_name, options), options)


def render_file(
    transcript: RecordingTranscript,
    format_name: str,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> bytes:
    """Return the bytes of a file in one of `FORMATS` or `BINARY_FORMATS`.

    Raises:
        KeyError: The format does not exist.
    """
    if format_name in BINARY_FORMATS:
        return BINARY_FORMATS[format_name](prepared(transcript, format_name, options), options)
    # A lone surrogate comes from a file name that is not UTF-8.
    return render(transcript, format_name, options).encode("utf-8", errors="backslashreplace")


def prepared(
    transcript: RecordingTranscript, format_name: str, options: ExportOptions
) -> RecordingTranscript:
    """Return the transcript with its numbers and speakers as the format and the options want."""
    wanted = format_name in DOCUMENT_FORMATS if options.digits is None else options.digits
    said = with_digits(transcript) if wanted else transcript
    named = (replace(one, speaker=options.translate(one.speaker)) for one in said.utterances)
    return replace(said, utterances=tuple(named))
