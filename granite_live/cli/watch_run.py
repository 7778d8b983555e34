"""Transcribe the recordings that arrive in a folder, for the `watch` command."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import IO

from granite_live.app.file_transcription import FileTranscriber
from granite_live.app.folder_watch import FolderWatch
from granite_live.app.hooks.runner import Hook, start_hook
from granite_live.cli.batch import (
    LoadRecognizer,
    MakeSegmenter,
    RecordingRun,
    load_transcriber,
    open_or_report,
)
from granite_live.cli.exit_status import EXIT_INCOMPLETE
from granite_live.cli.recordings import MEDIA_SUFFIXES, Recording
from granite_live.cli.results import check_folder
from granite_live.cli.signals import StopRequest, StopRequested
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.util.files import write_output


class ResultBeside:
    """Writes each result beside its recording.

    `talk.mp3` becomes `talk.txt`, or `talk.mp3.txt` if there is another recording called `talk`.
    """

    def __init__(self, format_name: str, notes: Messages) -> None:
        self._format_name, self._notes = format_name, notes

    def is_wanted(self, path: Path) -> bool:
        """Return whether the file is a recording without a result."""
        if path.name.startswith(".") or path.suffix.lower() not in MEDIA_SUFFIXES:
            return False
        return not any(one.exists() for one in {self._full_name(path), self._path(path)})

    def put(self, recording: Recording, result: str | bytes) -> None:
        """Write the result atomically.

        Raises:
            OutputError: It cannot be written.
        """
        path = self._path(recording.path)
        write_output(path, result)
        self._notes.info(f"{recording} -> '{path}'")

    def _full_name(self, path: Path) -> Path:
        return path.with_name(f"{path.name}.{self._format_name}")

    def _path(self, path: Path) -> Path:
        others = (
            one
            for one in path.parent.glob(f"{_escaped(path.stem)}.*")
            if one != path and one.stem == path.stem and one.suffix.lower() in MEDIA_SUFFIXES
        )
        if any(others):
            return self._full_name(path)
        return path.with_name(f"{path.stem}.{self._format_name}")


def _escaped(stem: str) -> str:
    from glob import escape

    return escape(stem)


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
    results = ResultBeside(request.format_name, notes)
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
                        *(recording, audio, request, results, notes, stop.check, hooked)
                    )
                    failed += not run.run(transcriber)
        except StopRequested:
            notes.info("The recording in work continues where it stopped, at the next watch.")
    return EXIT_INCOMPLETE if failed else 0
