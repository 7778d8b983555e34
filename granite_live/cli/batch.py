"""Transcribes files one after the other: parsed request in, exit code out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from granite_live.cli.loading import RecognizerLike, describe
from granite_live.cli.notes import Notes
from granite_live.cli.request import TranscribeRequest
from granite_live.cli.results import FolderResults, Results, StreamResults
from granite_live.errors import GraniteError
from granite_live.transcript.export import render
from granite_live.transcript.model import RecordingTranscript

if TYPE_CHECKING:
    from granite_live.audio.files import AudioFile

LoadRecognizer = Callable[[TranscribeRequest, Notes], AbstractContextManager[RecognizerLike]]

EXIT_SOME_FAILED = 1
EXIT_ALL_FAILED = 2

# Sound is given to the recogniser in parts of at most this length. The encoder looks
# four seconds around itself, so longer parts hear no better; their cost in memory
# and the wait for the next bit of progress grow with them.
PART_S = 30


def transcribe_files(
    request: TranscribeRequest, load: LoadRecognizer, out: TextIO, err: TextIO
) -> int:
    """Transcribe the request's files in order and return the exit code.

    The model is loaded when the first file turns out to be readable. A file that fails
    is told on `err` and the others still get done.

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
                failed += not _one(audio, model, request, results, notes)
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
    request: TranscribeRequest,
    results: Results,
    notes: Notes,
) -> bool:
    """Transcribe one file and deliver the result; return whether that went well."""
    try:
        transcript = _transcript(audio, model, request, notes)
        results.put(audio.path, render(transcript, request.format_name))
        if transcript.utterances and not transcript.text:
            notes.say(f"No speech was heard in '{audio.path}'.")
    except GraniteError as error:
        notes.error(str(error))
        return False
    finally:
        for warning in audio.warnings:
            notes.warn(warning)
    return True


def _readable(path: Path) -> str:
    """Return the path as UTF-8 text, also where the locale made Python read it as bytes."""
    return os.fsencode(path).decode("utf-8", errors="surrogateescape")


def _transcript(
    audio: AudioFile, model: _LoadedModel, request: TranscribeRequest, notes: Notes
) -> RecordingTranscript:
    from granite_live.speech.parts import stream_parts

    recognizer = model.recognizer
    rate_hz = recognizer.sample_rate_hz
    max_samples = recognizer.max_samples
    if request.segmentation:
        max_samples = min(max_samples, PART_S * rate_hz)
    utterances = []
    samples = 0
    with notes.progress(audio.path.name, audio.duration_s) as report:
        for part in stream_parts(audio.blocks(rate_hz), max_samples, rate_hz):
            transcript = recognizer.transcribe(part.waveform)
            utterances.append(transcript.shifted(part.start_sample / rate_hz))
            samples = part.start_sample + len(part.waveform)
            report(samples / rate_hz)
    return RecordingTranscript(
        audio_path=_readable(audio.path),
        duration_s=samples / rate_hz,
        utterances=tuple(utterances),
        model=recognizer.model_info,
        load_s=model.load_s,
    )
