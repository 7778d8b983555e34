"""Transcribes recordings one after the other for the `transcribe` command."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, BinaryIO

from granite_live.cli.file_transcription import LoudnessCheck, transcribe_file
from granite_live.cli.model_loading import CommandRecognizer, describe
from granite_live.cli.recordings import (
    CheckpointWriter,
    Recording,
    find_recordings,
    open_checkpoint,
)
from granite_live.cli.results import (
    FileResultWriter,
    FolderResultWriter,
    ResultWriter,
    StreamClosedError,
    StreamResultWriter,
)
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.transcript.checkpoint import Checkpoint
from granite_live.transcript.export import FORMATS, render, render_file
from granite_live.transcript.model import RecordingTranscript
from granite_live.util.errors import AudioError, GraniteError, OutputError

if TYPE_CHECKING:
    from granite_live.audio.files import AudioFile
    from granite_live.vad.segmenter import Segmenter

LoadRecognizer = Callable[[TranscribeRequest, Messages], AbstractContextManager[CommandRecognizer]]
MakeSegmenter = Callable[[], "Segmenter"]

# Opened again by its path, a redirected standard output would be a file that exists already.
_STDOUT_NAMES = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")

EXIT_SOME_FAILED = 1
EXIT_ALL_FAILED = 2


def transcribe_files(
    request: TranscribeRequest,
    load: LoadRecognizer,
    make_segmenter: MakeSegmenter,
    out: IO[str],
    err: IO[str],
    check: Callable[[], None] = lambda: None,
    stdin: BinaryIO | None = None,
    reading: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Transcribe the request's recordings in order and return the exit code.

    The model is loaded when the first readable recording is found. A failed recording is reported
    on `err` and the others continue. `make_segmenter` is called for each recording, unless the
    request disables segmentation.

    Args:
        request: The parsed command line.
        load: Loads the model.
        make_segmenter: Returns a segmenter.
        out: Standard output.
        err: Receives notes and errors.
        check: Called often; may raise to stop.
        stdin: Standard input, for a recording from there; None if there is none.
        reading: Entered while standard input is read, which may not come to an end.

    Raises:
        BundleError, ProviderError: The model cannot be loaded.
        OutputError: Results cannot be written.
    """
    notes = Messages(err, quiet=request.quiet)
    found = find_recordings(request.files, recursive=request.recursive)
    for problem in found.problems:
        notes.error(problem)
    failed, done = len(found.problems), 0
    if not found.recordings:
        return EXIT_ALL_FAILED
    recordings: Sequence[Recording] = found.recordings
    results = _results(request, recordings, out, notes)
    if isinstance(results, FolderResultWriter):
        for problem in results.problems.values():
            notes.error(problem)
        failed, done = failed + len(results.problems), len(results.existing)
        left_out = {*results.problems, *results.existing}
        recordings = [one for one in recordings if one not in left_out]
    with ExitStack() as stack:
        model: _LoadedRecognizer | None = None
        for recording in recordings:
            with reading() if recording.is_standard_input else nullcontext():
                audio = _open_recording(recording, request, stdin, notes)
            if audio is None:
                failed += 1
                continue
            with audio:
                if model is None:
                    model = _LoadedRecognizer(request, load, stack, notes)
                work = _FileTranscriber(request, model, make_segmenter, results, notes, check)
                try:
                    is_done = work.do(recording, audio)
                except StreamClosedError as error:
                    notes.error(str(error))
                    return EXIT_SOME_FAILED if done else EXIT_ALL_FAILED
            done, failed = done + is_done, failed + (not is_done)
    if not failed:
        return 0
    return EXIT_SOME_FAILED if done else EXIT_ALL_FAILED


def _results(
    request: TranscribeRequest, recordings: Sequence[Recording], out: IO[str], notes: Messages
) -> ResultWriter:
    if request.output_dir is not None and request.output is not None:
        raise OutputError("Results cannot go to --output and to --output-dir: give one of them.")
    if request.output_dir is not None:
        return FolderResultWriter(request, recordings, notes)
    if request.output is not None and os.fspath(request.output) not in _STDOUT_NAMES:
        return FileResultWriter(request.output, recordings, notes, overwrite=request.overwrite)
    return StreamResultWriter(out, request.format_name, len(recordings))


def _display_name(recording: Recording) -> str:
    return str(recording) if recording.is_standard_input else recording.path.name


class _LoadedRecognizer:
    """The recognizer, open until the stack closes, and its loading time."""

    def __init__(
        self, request: TranscribeRequest, load: LoadRecognizer, stack: ExitStack, notes: Messages
    ) -> None:
        began = time.perf_counter()
        self.recognizer = stack.enter_context(load(request, notes))
        self.load_s = time.perf_counter() - began
        for note in self.recognizer.provider_notes:
            notes.warn(note)
        notes.info(f"Running {describe(self.recognizer)}.")


def _open_recording(
    recording: Recording, request: TranscribeRequest, stdin: BinaryIO | None, notes: Messages
) -> AudioFile | None:
    from granite_live.audio.files import open_audio, open_audio_stream

    try:
        if not recording.is_standard_input:
            return open_audio(recording.path, audio_track=request.audio_track)
        if stdin is None or stdin.isatty():
            raise AudioError(
                "Standard input is a terminal: send a recording with '< FILE', or from another "
                "program with '|'."
            )
        return open_audio_stream(stdin, audio_track=request.audio_track)
    except GraniteError as error:
        notes.error(str(error))
        return None


@dataclass(frozen=True, slots=True)
class _FileTranscriber:
    """Transcribes recordings with one model and delivers the results."""

    request: TranscribeRequest
    model: _LoadedRecognizer
    make_segmenter: MakeSegmenter
    results: ResultWriter
    notes: Messages
    check: Callable[[], None]

    def do(self, recording: Recording, audio: AudioFile) -> bool:
        """Transcribe one recording and deliver the result; return whether it succeeded.

        Raises:
            StreamClosedError: Results can no longer be delivered.
        """
        notes = self.notes
        recognizer = self.model.recognizer
        try:
            with open_checkpoint(recording, recognizer, self.request, notes) as checkpoint:
                transcript = self._transcribe(recording, audio, checkpoint)
                self._deliver(recording, transcript)
                if checkpoint is not None:
                    checkpoint.remove()
            if transcript.duration_s and not transcript.text:
                notes.info(f"No speech was heard in {recording}.")
        except StreamClosedError:
            raise
        except GraniteError as error:
            notes.error(str(error))
            return False
        finally:
            for note in audio.notes:
                notes.info(note)
            for warning in audio.warnings:
                notes.warn(warning)
        return True

    def _transcribe(
        self, recording: Recording, audio: AudioFile, checkpoint: Checkpoint | None
    ) -> RecordingTranscript:
        segmenters = self.make_segmenter if self.request.segmentation else None
        with self.notes.progress(_display_name(recording), audio.duration_s) as show:

            def report(done_s: float) -> None:
                self.check()
                show(done_s)

            loudness = LoudnessCheck()
            transcript = transcribe_file(
                *(audio, self.model.recognizer, segmenters, report, self.model.load_s),
                None if checkpoint is None else CheckpointWriter(checkpoint, self.notes),
                loudness,
            )
        if hint := loudness.hint():
            self.notes.warn(f"{recording}: {hint}")
        return transcript

    def _deliver(self, recording: Recording, transcript: RecordingTranscript) -> None:
        name = self.request.format_name
        polished = tuple(map(self.request.polish, transcript.utterances))
        transcript = replace(transcript, utterances=polished)
        is_text = name in FORMATS
        self.results.put(recording, (render if is_text else render_file)(transcript, name))
