"""`granite-live transcribe`: its options, nothing more."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from granite_live.cli.boundary import run_guarded
from granite_live.cli.request import TranscribeRequest

# Spelled out here, because asking the rooms that know would import them at the start.
FormatName = StrEnum("FormatName", ["txt", "srt", "vtt", "json", "md", "docx"])
ProviderName = StrEnum("ProviderName", ["auto", "cpu", "cuda", "coreml"])


def transcribe(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Audio or video files of any kind.")
    ],
    bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Folder of a model bundle. Default: the installed one, else the demo.",
        ),
    ] = None,
    tier: Annotated[
        str | None, typer.Option(metavar="fp32|fp16w|int8", help="Tier of the bundle.")
    ] = None,
    provider: Annotated[ProviderName, typer.Option(help="What to compute on.")] = ProviderName.auto,
    format_name: Annotated[
        FormatName, typer.Option("--format", help="Form of the result.")
    ] = FormatName.txt,
    output_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write each result to <name>.<format> in this folder. Default: standard output.",
        ),
    ] = None,
    no_segmentation: Annotated[
        bool,
        typer.Option(
            "--no-segmentation",
            help="Take each file as one utterance, cut only where it is too long for the model.",
        ),
    ] = False,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Threads to compute with. Default: the physical cores."
        ),
    ] = None,
) -> None:
    """Turn recordings into text or subtitles.

    Results go to standard output, everything else to standard error. Exit code 0: all
    done. 1: some files failed. 2: nothing could be done.
    """
    request = TranscribeRequest(
        files=tuple(files),
        bundle=bundle,
        tier=tier,
        provider=provider,
        format_name=format_name,
        output_dir=output_dir,
        segmentation=not no_segmentation,
        threads=threads,
    )
    raise typer.Exit(run_guarded(lambda: _run(request)))


def _run(request: TranscribeRequest) -> int:
    from granite_live.cli.batch import transcribe_files
    from granite_live.cli.loading import load_recognizer
    from granite_live.composition import make_cutter

    return transcribe_files(request, load_recognizer, make_cutter, sys.stdout, sys.stderr)
