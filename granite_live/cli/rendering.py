"""Write a transcript in the format of a request; PDF through Qt, which the front end brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from granite_live.transcript.export import FORMATS, render, render_file
from granite_live.transcript.export.options import PDF, ExportOptions
from granite_live.transcript.model import RecordingTranscript
from granite_live.util.errors import WindowError

if TYPE_CHECKING:
    from granite_live.cli.stored_settings import TranscribeRequest

WritePdf = Callable[[RecordingTranscript, ExportOptions], bytes]
"""Returns the bytes of a PDF file."""


class PdfFrontEnd(Protocol):
    """Gives the writer of PDF files; passed in, as the command line must not import the GUI."""

    def pdf_writer(self) -> WritePdf:
        """Return the writer; called in the main thread.

        Raises:
            WindowError: Qt or a library that it needs is not installed.
        """


def with_pdf_writer(request: TranscribeRequest, front_end: PdfFrontEnd | None) -> TranscribeRequest:
    """Return the request with what writes its PDF files, if it asks for some. In the main thread.

    Raises:
        WindowError: Qt or a library that it needs is not installed, or this program has no writer.
    """
    if request.format_name != PDF:
        return request
    if front_end is None:
        raise WindowError("This program cannot write PDF files: choose another format.")
    return replace(request, write_pdf=front_end.pdf_writer())


def rendered(transcript: RecordingTranscript, request: TranscribeRequest) -> str | bytes:
    """Return the transcript in the request's format."""
    name, options = request.format_name, request.export
    if name in FORMATS:
        return render(transcript, name, options)
    if request.write_pdf is not None:
        return request.write_pdf(transcript, options)
    return render_file(transcript, name, options)
