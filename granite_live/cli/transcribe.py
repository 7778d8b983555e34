"""`granite-live transcribe`: its options, nothing more."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from granite_live.cli.boundary import run_guarded
from granite_live.cli.options import (
    AsHeard,
    BundlePath,
    Format,
    FormatName,
    Graphs,
    GraphsName,
    NoSegmentation,
    OutputDir,
    Provider,
    SkipEditor,
    Threads,
    Tier,
)
from granite_live.cli.request import TranscribeRequest


def transcribe(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Audio or video files of any kind.")
    ],
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    format_name: Format = FormatName.txt,
    output_dir: OutputDir = None,
    no_segmentation: NoSegmentation = False,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    skip_editor: SkipEditor = None,
    as_heard: AsHeard = False,
) -> None:
    """Turn recordings into text or subtitles.

    What no option says the settings do: see 'settings'.

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
        graphs=graphs,
        skip_editor=skip_editor,
    )
    raise typer.Exit(run_guarded(lambda: _run(request, as_heard=as_heard)))


def _run(request: TranscribeRequest, *, as_heard: bool) -> int:
    """Complete the request from the settings, and do it."""
    from granite_live.cli.batch import transcribe_files
    from granite_live.cli.loading import load_recognizer
    from granite_live.cli.stored import (
        ModelOptions,
        session_settings,
        stored_settings,
        tell_settings,
    )
    from granite_live.composition import make_cutter

    stored = stored_settings(sys.stderr)
    tell_settings(
        *(stored, sys.stderr),
        bundle=request.bundle,
        skip_editor=request.skip_editor,
        as_heard=as_heard,
    )
    model = ModelOptions.of(stored, request.bundle, request.tier, request.provider)
    chosen = session_settings(stored, as_heard=as_heard)
    request = replace(
        request,
        bundle=model.bundle,
        tier=model.tier,
        provider=model.provider,
        skip_editor=request.skip_editor or stored.skip_editor,
        is_wish=model.is_wish,
        polish=chosen.polish,
    )
    return transcribe_files(
        request, load_recognizer, lambda: make_cutter(chosen), sys.stdout, sys.stderr
    )
