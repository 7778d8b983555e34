"""Transcribe recordings one after the other for the `transcribe` command."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import IO, TYPE_CHECKING, BinaryIO

from granite_live.app.file_transcription import (
    FileListener,
    FileRecognizer,
    FileTranscriber,
    open_recording,
)
from granite_live.app.hooks import Hook, HookRunner, start_hook
from granite_live.cli.loudness import LoudnessCheck
from granite_live.cli.model_loading import describe
from granite_live.cli.recordings import Recording, find_recordings
from granite_live.cli.rendering import rendered
from granite_live.cli.results import (
    FileResultWriter,
    FolderResultWriter,
    ResultWriter,
    StreamClosedError,
    StreamResultWriter,
)
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import RecordingTranscript
from granite_live.util.errors import AudioError, GraniteError, OutputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.audio.files import AudioFile
    from granite_live.vad.segmenter import Segmenter

LoadRecognizer = Callable[[TranscribeRequest, Messages], AbstractContextManager[FileRecognizer]]
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
        hooked = start_hook(Hook(request.hook, request.hook_url), notes.warn)
        if hooked is not None:
            stack.enter_context(hooked)
        transcriber: FileTranscriber | None = None
        for recording in recordings:
            with reading() if recording.is_standard_input else nullcontext():
                audio = open_or_report(recording, request, stdin, notes)
            if audio is None:
                failed += 1
                continue
            with audio:
                if transcriber is None:
                    transcriber = load_transcriber(request, load, make_segmenter, stack, notes)
                work = RecordingRun(recording, audio, request, results, notes, check, hooked)
                try:
                    is_done = work.run(transcriber)
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


def load_transcriber(
    request: TranscribeRequest,
    load: LoadRecognizer,
    make_segmenter: MakeSegmenter,
    stack: ExitStack,
    notes: Messages,
) -> FileTranscriber:
    """Load the model, which stays open until the stack closes, and say what runs."""
    began = time.perf_counter()
    recognizer = stack.enter_context(load(request, notes))
    load_s = time.perf_counter() - began
    for note in recognizer.provider_notes:
        notes.warn(note)
    notes.info(f"Running {describe(recognizer)}.")
    return FileTranscriber(
        recognizer,
        make_segmenter if request.segmentation else None,
        load_s,
        request.polish,
        request.text_options,
        request.restart,
    )


def open_or_report(
    recording: Recording, request: TranscribeRequest, stdin: BinaryIO | None, notes: Messages
) -> AudioFile | None:
    """Open a recording; report why that failed and return None."""
    try:
        if not recording.is_standard_input:
            return open_recording(recording.path, request.audio_track)
        if stdin is None or stdin.isatty():
            raise AudioError(
                "Standard input is a terminal: send a recording with '< FILE', or from another "
                "program with '|'."
            )
        return open_recording(stdin, request.audio_track)
    except GraniteError as error:
        notes.error(str(error))
        return None


class RecordingRun(FileListener):
    """The transcription of one recording: shows its progress and delivers the result."""

    def __init__(
        self,
        recording: Recording,
        audio: AudioFile,
        request: TranscribeRequest,
        results: ResultWriter,
        notes: Messages,
        check: Callable[[], None],
        hooked: HookRunner | None = None,
    ) -> None:
        self._hooked = hooked
        self._recording, self._audio = recording, audio
        self._request = request
        self._results, self._notes, self._check = results, notes, check
        self._loudness = LoudnessCheck()
        self._show: Callable[[float], None] = lambda _done_s: None

    def run(self, transcriber: FileTranscriber) -> bool:
        """Transcribe the recording and deliver the result; return whether it succeeded.

        Raises:
            StreamClosedError: Results can no longer be delivered.
        """
        notes, audio = self._notes, self._audio
        try:
            transcript = transcriber.transcribe(
                audio, self, self._deliver, is_resumable=not self._recording.is_standard_input
            )
            if transcript.duration_s and not transcript.text:
                notes.info(f"No speech was heard in {self._recording}.")
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

    @contextmanager
    def working(self) -> Iterator[None]:
        """Show a progress bar while the block runs, then the hint about the loudness."""
        with self._notes.progress(_display_name(self._recording), self._audio.duration_s) as show:
            self._show = show
            yield
        if hint := self._loudness.hint():
            self._notes.warn(f"{self._recording}: {hint}")

    def samples_read(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        """Measure the loudness."""
        self._loudness.feed(samples, sample_rate_hz)

    def progress(self, done_s: float) -> None:
        """Show the progress, and stop if that is requested."""
        self._check()
        self._show(done_s)

    def resumed(self, at_s: float) -> None:
        """Report where the work goes on."""
        self._notes.info(
            f"{self._recording} continues at {format_clock(at_s)}, where an earlier run ended; "
            f"use --restart to start over."
        )

    def checkpoint_failed(self, error: OSError, *, had_begun: bool) -> None:
        """Report that finished texts are not kept."""
        reason = (error.strerror or str(error)).lower()
        if had_begun:
            self._notes.warn(
                f"Finished texts are no longer stored for resuming ({reason}); "
                "the transcription continues."
            )
        else:
            self._notes.warn(
                f"Finished texts of {self._recording} are not stored for resuming ({reason})."
            )

    def _deliver(self, transcript: RecordingTranscript) -> None:
        self._results.put(self._recording, rendered(transcript, self._request))
        if self._hooked is not None:
            call_for_file(self._hooked, self._recording, transcript)


def call_for_file(hook: HookRunner, recording: Recording, transcript: RecordingTranscript) -> None:
    """Pass the text of a recording to the user's hook."""
    path = "-" if recording.is_standard_input else recording.path.absolute()
    hook.call("file", transcript.text, file=path, duration_s=f"{transcript.duration_s:.3f}")
