"""`granite-live watch`: a folder whose recordings are transcribed as they arrive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.options import (
    AudioTrack,
    BundlePath,
    Format,
    FormatName,
    Graphs,
    GraphsName,
    HookCommand,
    HookUrl,
    Provider,
    Quiet,
    Subtitles,
    Threads,
    Tier,
    VocabularyFile,
    WordTimes,
    parse_path,
    parse_track,
)
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.cli.transcribe import complete_request, export_options


def watch(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", parser=parse_path, help="Folder to watch.")
    ],
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    format_name: Format = None,
    subtitles: Subtitles = None,
    word_times: WordTimes = False,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="Watch the folders below it, too.")
    ] = False,
    audio_track: AudioTrack = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    vocabulary: VocabularyFile = None,
    hook: HookCommand = "",
    hook_url: HookUrl = "",
    quiet: Quiet = False,
) -> None:
    """Transcribe each recording of a folder as soon as it is complete.

    The result is written beside the recording. Recordings that have a result are left alone, so
    everything that is missing is done at the next start. The command runs until it is stopped.

    Exit code 0: it was stopped. 1: some recordings failed. 2: the folder cannot be watched.
    """
    from granite_live.cli.stored_settings import TranscribeRequest

    chosen = format_name or FormatName.txt
    request = TranscribeRequest(
        files=(folder,),
        bundle=bundle,
        tier=tier,
        provider=provider,
        format_name=chosen,
        export=export_options(chosen, subtitles, word_times=word_times),
        subtitles=subtitles,
        recursive=recursive,
        quiet=quiet,
        hook=hook,
        hook_url=hook_url,
        audio_track=parse_track(audio_track),
        threads=threads,
        graphs=graphs,
    )

    def work(stop: StopRequest, request: TranscribeRequest) -> int:
        from granite_live.app.factory import make_segmenter
        from granite_live.cli.model_loading import load_recognizer
        from granite_live.cli.watch_run import watch_folder

        completed, settings = complete_request(request, vocabulary, as_heard=False)
        return watch_folder(
            completed,
            lambda request, notes: load_recognizer(request, notes, stop),
            lambda: make_segmenter(settings),
            sys.stderr,
            stop,
        )

    def run() -> int:
        from granite_live.cli.rendering import with_pdf_writer

        asked = with_pdf_writer(request, context.obj)
        return run_stoppable(lambda stop: work(stop, asked))

    raise typer.Exit(run_guarded(run, uses_data=True))
