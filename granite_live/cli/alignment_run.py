"""Align a recording with a text for the `align` command, and say where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from granite_live.app.factory import make_segmenter
from granite_live.app.file_transcription import FileListener, FileTranscriber
from granite_live.app.hooks import Hook, start_hook
from granite_live.app.text_alignment import align_text, read_text
from granite_live.cli.batch import call_for_file
from granite_live.cli.exit_status import EXIT_INCOMPLETE
from granite_live.cli.model_loading import load_recognizer
from granite_live.cli.recordings import Recording
from granite_live.cli.rendering import rendered
from granite_live.cli.results import FileResultWriter, ResultWriter, StreamResultWriter
from granite_live.cli.stored_settings import (
    session_settings,
    stored_settings,
    with_stored_model,
    with_stored_rules,
)
from granite_live.cli.terminal import Messages
from granite_live.transcript.export.text_formats import format_clock

if TYPE_CHECKING:
    from granite_live.app.text_alignment import AlignedText
    from granite_live.cli.signals import StopRequest
    from granite_live.cli.stored_settings import TranscribeRequest

_SHOWN_CHARS = 60


def run_alignment(
    request: TranscribeRequest, text: Path, stop: StopRequest, out: TextIO, err: TextIO
) -> int:
    """Align the request's recording with a text; return the exit code.

    Raises:
        GraniteError: The recording, the text or the model cannot be used, or the result cannot be
            written, or its hook can never be called.
        StopRequested: The user stopped the command.
    """
    notes = Messages(err, quiet=request.quiet)
    stored = stored_settings(err)
    request = with_stored_rules(with_stored_model(request, stored), stored)
    path = Path(request.files[0])
    wanted = read_text(text)
    recording = Recording(path)
    writer: ResultWriter
    if request.output is None or request.output == Path("-"):
        writer = StreamResultWriter(out, request.format_name, 1)
    else:
        writer = FileResultWriter(request.output, [recording], notes, overwrite=request.overwrite)
    chosen = session_settings(stored, as_heard=True)
    hooked = start_hook(Hook(request.hook, request.hook_url), notes.warn)
    with hooked or nullcontext(), load_recognizer(request, notes, stop) as recognizer:
        transcriber = FileTranscriber(
            recognizer,
            lambda: make_segmenter(chosen),
            options=request.text_options,
        )
        listener = _Progress(path, notes, stop.check)
        aligned = align_text(path, wanted, transcriber, request.audio_track, listener)
        writer.put(recording, rendered(aligned.transcript, request))
        if hooked is not None:
            call_for_file(hooked, recording, aligned.transcript)
    _report(aligned, notes)
    return EXIT_INCOMPLETE if aligned.unspoken or aligned.unwritten else 0


class _Progress(FileListener):
    """Shows a bar while the recording is transcribed."""

    def __init__(self, path: Path, notes: Messages, check: Callable[[], None]) -> None:
        self._path, self._notes, self._check = path, notes, check
        self._show: Callable[[float], None] = lambda _done_s: None

    @contextmanager
    def working(self) -> Iterator[None]:
        with self._notes.progress(self._path.name, None) as self._show:
            yield

    def progress(self, done_s: float) -> None:
        self._check()
        self._show(done_s)


def _report(aligned: AlignedText, notes: Messages) -> None:
    """Say what was not said, and what is not written, in the order of the recording."""
    found = [
        (one.after_s, f"Not said, after {format_clock(one.after_s)}: {_shortened(one.text)}")
        for one in aligned.unspoken
    ]
    for one in aligned.unwritten:
        time = f"{format_clock(one.start_s)} to {format_clock(one.end_s)}"
        found.append((one.start_s, f"Not in the text, {time}: {_shortened(one.text)}"))
    for _, sentence in sorted(found):
        notes.warn(sentence)


def _shortened(text: str) -> str:
    words = text.split()
    count = "1 word" if len(words) == 1 else f"{len(words)} words"
    if len(text) > _SHOWN_CHARS:
        half = _SHOWN_CHARS // 2
        text = f"{text[:half].rsplit(' ', 1)[0]} … {text[-half:].split(' ', 1)[-1]}"
    return f"“{text}” ({count})"
