"""Transcribes files one after the other: parsed request in, exit code out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from granite_live.cli.loading import RecognizerLike, describe
from granite_live.cli.notes import Notes
from granite_live.cli.one_file import transcribe_file
from granite_live.cli.request import TranscribeRequest
from granite_live.cli.results import FolderResults, Results, StreamResults
from granite_live.errors import GraniteError
from granite_live.transcript.export import FORMATS, render, render_file
from granite_live.transcript.model import RecordingTranscript

if TYPE_CHECKING:
    from granite_live.audio.files import AudioFile
    from granite_live.segment.segmenter import Segmenter

LoadRecognizer = Callable[[TranscribeRequest, Notes], AbstractContextManager[RecognizerLike]]
MakeSegmenter = Callable[[], "Segmenter"]
Deliver = Callable[[Path, RecordingTranscript], None]

EXIT_SOME_FAILED = 1
EXIT_ALL_FAILED = 2


def transcribe_files(
    request: TranscribeRequest,
    load: LoadRecognizer,
    make_segmenter: MakeSegmenter,
    out: TextIO,
    err: TextIO,
) -> int:
    """Transcribe the request's files in order and return the exit code.

    The model is loaded when the first file turns out to be readable. A file that fails
    is told on `err` and the others still get done. Each file gets a segmenter of its own
    from `make_segmenter`, unless the request is for none.

    Raises:
        BundleError, ProviderError: The model cannot be loaded.
        OutputError: The output folder cannot be used.
    """
    notes = Notes(err)
    results: Results
    if request.output_dir is None:
        results = StreamResults(out, request.format_name, len(request.files))
    else:
        results = FolderResults(request.output_dir, request.format_name, request.files, notes)

    def deliver(recording: Path, transcript: RecordingTranscript) -> None:
        name = request.format_name
        polished = tuple(map(request.polish, transcript.utterances))
        transcript = replace(transcript, utterances=polished)
        is_text = name in FORMATS
        results.put(recording, (render if is_text else render_file)(transcript, name))

    segmenters = make_segmenter if request.segmentation else None
    failed = 0
    with ExitStack() as stack:
        model: _LoadedModel | None = None
        for path in request.files:
            audio = _opened(path, notes)
            if audio is None:
                failed += 1
                continue
            with audio:
                if model is None:
                    model = _LoadedModel(request, load, stack, notes)
                failed += not _one(audio, model, segmenters, deliver, notes)
    if not failed:
        return 0
    return EXIT_ALL_FAILED if failed == len(request.files) else EXIT_SOME_FAILED


class _LoadedModel:
    """The recogniser, open until the stack closes, and how long it took to load."""

    def __init__(
        self, request: TranscribeRequest, load: LoadRecognizer, stack: ExitStack, notes: Notes
    ) -> None:
        began = time.perf_counter()
        self.recognizer = stack.enter_context(load(request, notes))
        self.load_s = time.perf_counter() - began
        for note in self.recognizer.provider_notes:
            notes.warn(note)
        notes.say(f"Running {describe(self.recognizer)}.")


def _opened(path: Path, notes: Notes) -> AudioFile | None:
    from granite_live.audio.files import open_audio

    try:
        return open_audio(path)
    except GraniteError as error:
        notes.error(str(error))
        return None


def _one(
    audio: AudioFile,
    model: _LoadedModel,
    make_segmenter: MakeSegmenter | None,
    deliver: Deliver,
    notes: Notes,
) -> bool:
    """Transcribe one file and deliver the result; return whether that went well."""
    try:
        with notes.progress(audio.path.name, audio.duration_s) as report:
            transcript = transcribe_file(
                audio, model.recognizer, make_segmenter, report, model.load_s
            )
        deliver(audio.path, transcript)
        if transcript.duration_s and not transcript.text:
            notes.say(f"No speech was heard in '{audio.path}'.")
    except GraniteError as error:
        notes.error(str(error))
        return False
    finally:
        for warning in audio.warnings:
            notes.warn(warning)
    return True
