"""Preview of an exported file as text."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from granite_live.transcript.export import BINARY_FORMATS, render, render_file
from granite_live.transcript.model import RecordingTranscript

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Enough for a preview; hours of text would slow the dialog down.
_SHOWN_CHARS = 20_000


def preview(recording: RecordingTranscript, format_name: str) -> str:
    """Return the beginning of the file, or of its text if the format is binary.

    Raises:
        KeyError: There is no such format.
    """
    text = as_text(recording, format_name)
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "\n…"


def as_text(recording: RecordingTranscript, format_name: str) -> str:
    """Return the whole file, or its text if the format is binary.

    Raises:
        KeyError: There is no such format.
    """
    if format_name not in BINARY_FORMATS:
        return render(recording, format_name)
    return _document_text(render_file(recording, format_name))


def _document_text(document: bytes) -> str:
    """Return the paragraphs of a .docx file that this program has written."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    paragraphs = (
        "".join(piece.text or "" for piece in paragraph.iter(f"{_WORD}t"))
        for paragraph in body.iter(f"{_WORD}p")
    )
    return "\n\n".join(paragraphs) + "\n"
