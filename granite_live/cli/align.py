"""`granite-live align`: the times of a text that exists."""

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
    Output,
    Overwrite,
    Provider,
    Quiet,
    Subtitles,
    Threads,
    Tier,
    WordTimes,
    parse_path,
    parse_track,
)
from granite_live.cli.signals import run_stoppable
from granite_live.cli.transcribe import export_options, format_of


def align(
    context: typer.Context,
    recording: Annotated[
        Path, typer.Argument(metavar="FILE", parser=parse_path, help="Recording of the text.")
    ],
    text: Annotated[
        Path,
        typer.Argument(metavar="TEXT", parser=parse_path, help="Text file in UTF-8, or subtitles."),
    ],
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    format_name: Format = None,
    subtitles: Subtitles = None,
    word_times: WordTimes = False,
    output: Output = None,
    overwrite: Overwrite = False,
    audio_track: AudioTrack = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    hook: HookCommand = "",
    hook_url: HookUrl = "",
    quiet: Quiet = False,
) -> None:
    """Find when each word of a text is said, and write subtitles of the text.

    The words are those of TEXT, not the model's. Without --format or an ending of --output, the
    format is srt. Standard error says what was not said, and what was said but is not in TEXT.

    Exit code 0: recording and text agree. 1: some of the text was not said, or more was said. 2:
    nothing could be done.
    """
    from granite_live.cli.alignment_run import run_alignment
    from granite_live.cli.stored_settings import TranscribeRequest

    chosen = format_name or (format_of(output) if output is not None else FormatName.srt)
    request = TranscribeRequest(
        files=(recording,),
        bundle=bundle,
        tier=tier,
        provider=provider,
        format_name=chosen,
        export=export_options(chosen, subtitles, word_times=word_times),
        subtitles=subtitles,
        output=output,
        overwrite=overwrite,
        quiet=quiet,
        hook=hook,
        hook_url=hook_url,
        audio_track=parse_track(audio_track),
        threads=threads,
        graphs=graphs,
    )

    def run() -> int:
        from granite_live.cli.rendering import with_pdf_writer

        asked = with_pdf_writer(request, context.obj)
        return run_stoppable(lambda stop: run_alignment(asked, text, stop, sys.stdout, sys.stderr))

    raise typer.Exit(run_guarded(run, uses_data=True))
