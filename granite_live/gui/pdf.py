"""Write a transcript as a PDF file, through Qt."""

from __future__ import annotations

from html import escape
from pathlib import PurePath

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QGuiApplication, QPageSize, QPdfWriter, QTextDocument

from granite_live.messages.documents import DocumentMessage
from granite_live.transcript.export import prepared
from granite_live.transcript.export.options import DEFAULT_OPTIONS, PDF, ExportOptions
from granite_live.transcript.export.text_formats import (
    Paragraph,
    attribution,
    format_clock,
    paragraphs_of,
)
from granite_live.transcript.model import RecordingTranscript

_FONT_POINTS = 11
_STYLE = """
h1 { font-size: 18pt; margin-bottom: 4px; }
p { line-height: 140%; margin-top: 0; margin-bottom: 9px; }
.about { color: #595959; margin-bottom: 20px; }
i { color: #595959; font-style: normal; }
"""


def write_pdf(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> bytes:
    """Return the transcript as a PDF file on pages of A4 with their numbers. For any thread.

    Needs a QGuiApplication for its fonts.
    """
    title = transcript.title or PurePath(transcript.audio_path).name
    document = QTextDocument()
    document.setDefaultFont(QFont("sans-serif", _FONT_POINTS))
    document.setDefaultStyleSheet(_STYLE)
    document.setHtml(_page(prepared(transcript, PDF, options), title, options))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setTitle(title)
    writer.setCreator("Granite Live")
    # It divides the document into pages, with margins of 2 cm and the number of each.
    document.print_(writer)
    del writer  # the file is complete only then
    return bytes(buffer.data().data())


class WindowlessPdfWriter:
    """Writes PDF files in a program that opens no window and needs no display.

    Must be created in the main thread; may be called in any.
    """

    def __init__(self) -> None:
        # Qt's fonts need an application, as long as files are written.
        self._application = QGuiApplication.instance() or QGuiApplication(
            ["granite-live", "-platform", "offscreen"]
        )

    def __call__(self, transcript: RecordingTranscript, options: ExportOptions) -> bytes:
        """Return the transcript as a PDF file."""
        return write_pdf(transcript, options)


def _page(transcript: RecordingTranscript, title: str, options: ExportOptions) -> str:
    paragraphs = [_html(one, with_time=options.times) for one in paragraphs_of(transcript)]
    if not paragraphs:
        paragraphs = [f"<p>{escape(options.translate(DocumentMessage.NOTHING_SAID()))}</p>"]
    about = escape(options.translate(attribution(transcript)))
    return "".join([f"<h1>{escape(title)}</h1>", f'<p class="about">{about}</p>', *paragraphs])


def _html(paragraph: Paragraph, *, with_time: bool) -> str:
    time = f"<i>{format_clock(paragraph.start_s)}</i>&nbsp; "
    speaker = f"<b>{escape(paragraph.speaker)}:</b> " if paragraph.speaker else ""
    return f"<p>{time if with_time else ''}{speaker}{escape(paragraph.text)}</p>"
