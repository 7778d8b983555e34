"""Transcribe the recordings that arrive in a folder, for the `watch` command."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import IO

from granite_live.app.file_transcription import FileTranscriber
from granite_live.app.folder_watch import FolderWatch, ResultsBeside
from granite_live.app.hooks import Hook, start_hook
from granite_live.cli.batch import (
    LoadRecognizer,
    MakeSegmenter,
    RecordingRun,
    load_transcriber,
    open_or_report,
)
from granite_live.cli.exit_status import EXIT_INCOMPLETE
from granite_live.cli.recordings import Recording
from granite_live.cli.results import check_folder
from granite_live.cli.signals import StopRequest, StopRequested
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.util.files import write_output


class BesideWriter:
    """Writes each result beside its recording, see `app.folder_watch`."""

    def __init__(self, results: ResultsBeside, notes: Messages) -> None:
        self._results, self._notes = results, notes

    def put(self, recording: Recording, result: str | bytes) -> None:
        """Write the result atomically.

        Raises:
            OutputError: It cannot be written.
        """
        path = self._results.path(recording.path)
        write_output(path, result)
        self._notes.info(f"{recording} -> '{path}'")


def watch_folder(
    request: TranscribeRequest,
    load: LoadRecognizer,
    make_segmenter: MakeSegmenter,
    err: IO[str],
    stop: StopRequest,
) -> int:
    """Transcribe the recordings of the request's folder until a stop is requested.

    The model is loaded for the first recording and stays loaded. A recording that failed is
    reported, and not tried again before it changes.

    Returns:
        The exit code: 1 if recordings failed.

    Raises:
        AudioError: The folder cannot be watched, or is gone.
        BundleError, ProviderError: The model cannot be loaded.
        OutputError: Results cannot be written to the folder.
        HookError: The request's hook can never be called.
    """
    notes = Messages(err, quiet=request.quiet)
    folder = Path(request.files[0])
    results = ResultsBeside(request.format_name)
    writer = BesideWriter(results, notes)
    failed = 0
    with ExitStack() as stack:
        hooked = start_hook(Hook(request.hook, request.hook_url), notes.warn)
        if hooked is not None:
            stack.enter_context(hooked)
        watch = stack.enter_context(
            FolderWatch(folder, results.is_wanted, recursive=request.recursive)
        )
        check_folder(folder)
        stop.notify(watch.stop)
        notes.info(f"Watching '{folder}' for recordings; Ctrl-C ends it.")
        transcriber: FileTranscriber | None = None
        try:
            while (path := watch.take()) is not None:
                recording = Recording(path)
                audio = open_or_report(recording, request, None, notes)
                if audio is None:
                    failed += 1
                    continue
                with audio:
                    if transcriber is None:
                        transcriber = load_transcriber(request, load, make_segmenter, stack, notes)
                    run = RecordingRun(
                        *(recording, audio, request, writer, notes, stop.check, hooked)
                    )
                    failed += not run.run(transcriber)
        except StopRequested:
            notes.info("The recording in work continues where it stopped, at the next watch.")
    return EXIT_INCOMPLETE if failed else 0
