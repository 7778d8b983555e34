"""The options of `granite-live transcribe`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.options import (
    AsHeard,
    AudioTrack,
    BundlePath,
    EditingPasses,
    Format,
    FormatName,
    Graphs,
    GraphsName,
    HookCommand,
    HookUrl,
    NoSegmentation,
    NoTimes,
    Numbers,
    NumbersName,
    Output,
    OutputDir,
    Overwrite,
    PartSeconds,
    Provider,
    Quiet,
    Recursive,
    Restart,
    SkipEditor,
    SkipExisting,
    Subtitles,
    Threads,
    Tier,
    VocabularyFile,
    WordTimes,
    parse_track,
)
from granite_live.cli.signals import StopRequest, run_stoppable

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.cli.stored_settings import TranscribeRequest
    from granite_live.transcript.export.options import ExportOptions


def transcribe(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Audio or video files of any kind, folders of them, or - for standard input.",
        ),
    ],
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    format_name: Format = None,
    subtitles: Subtitles = None,
    word_times: WordTimes = False,
    no_times: NoTimes = False,
    numbers: Numbers = None,
    output: Output = None,
    output_dir: OutputDir = None,
    overwrite: Overwrite = False,
    skip_existing: SkipExisting = False,
    recursive: Recursive = False,
    restart: Restart = False,
    audio_track: AudioTrack = None,
    no_segmentation: NoSegmentation = False,
    part_seconds: PartSeconds = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    skip_editor: SkipEditor = None,
    editing_passes: EditingPasses = None,
    vocabulary: VocabularyFile = None,
    as_heard: AsHeard = False,
    hook: HookCommand = "",
    hook_url: HookUrl = "",
    quiet: Quiet = False,
) -> None:
    """Turn recordings into text or subtitles.

    Options that are not given follow the settings: see 'settings'.

    Results go to standard output, everything else to standard error. Exit code 0: all
    done. 1: some files failed. 2: nothing could be done.
    """
    if part_seconds is not None and not no_segmentation:
        raise typer.BadParameter("use it with --no-segmentation.", param_hint="--part-seconds")
    from granite_live.cli.stored_settings import TranscribeRequest

    chosen_format = format_name or format_of(output)
    request = TranscribeRequest(
        files=tuple(files),
        bundle=bundle,
        tier=tier,
        provider=provider,
        format_name=chosen_format,
        export=replace(
            export_options(chosen_format, subtitles, word_times=word_times, no_times=no_times),
            digits=None if numbers is None else numbers == NumbersName.digits,
        ),
        subtitles=subtitles,
        output=output,
        output_dir=output_dir,
        overwrite=overwrite,
        skip_existing=skip_existing,
        recursive=recursive,
        restart=restart,
        quiet=quiet,
        hook=hook,
        hook_url=hook_url,
        audio_track=parse_track(audio_track),
        segmentation=not no_segmentation,
        part_s=part_seconds,
        threads=threads,
        graphs=graphs,
        skip_editor=skip_editor,
        editing_passes=editing_passes,
    )

    def run() -> int:
        from granite_live.cli.rendering import with_pdf_writer

        asked = with_pdf_writer(request, context.obj)
        return run_stoppable(lambda stop: _run(asked, stop, vocabulary, as_heard=as_heard))

    raise typer.Exit(run_guarded(run, uses_data=True))


def format_of(output: Path | None) -> str:
    """Return the format of the output's extension, txt if it has none."""
    ending = output.suffix[1:].lower() if output is not None else ""
    return ending if ending in set(FormatName) else FormatName.txt


def export_options(
    format_name: str, subtitles: str | None, *, word_times: bool, no_times: bool = False
) -> ExportOptions:
    """Return the options of the results' format; the rules of subtitles follow from the settings.

    Raises:
        BadParameter: The format has no such option.
    """
    from granite_live.transcript.export.options import (
        DOCUMENT_FORMATS,
        SUBTITLE_FORMATS,
        WORD_TIME_FORMATS,
        ExportOptions,
    )

    if subtitles is not None and format_name not in SUBTITLE_FORMATS:
        raise _unsupported("--subtitles", SUBTITLE_FORMATS)
    if word_times and format_name not in WORD_TIME_FORMATS:
        raise _unsupported("--word-times", WORD_TIME_FORMATS)
    if no_times and format_name not in DOCUMENT_FORMATS:
        raise _unsupported("--no-times", DOCUMENT_FORMATS)
    return ExportOptions(word_times=word_times, times=not no_times)


def _unsupported(option: str, formats: frozenset[str]) -> typer.BadParameter:
    names = ", ".join(one for one in FormatName if one in formats)
    return typer.BadParameter(f"use it with one of these formats: {names}.", param_hint=option)


def _run(
    request: TranscribeRequest, stop: StopRequest, vocabulary: Path | None, *, as_heard: bool
) -> int:
    """Complete the request from the settings and run it."""
    from granite_live.app.factory import make_segmenter
    from granite_live.cli.batch import transcribe_files
    from granite_live.cli.model_loading import load_recognizer

    request, chosen = complete_request(request, vocabulary, as_heard=as_heard)
    return transcribe_files(
        request,
        lambda request, notes: load_recognizer(request, notes, stop),
        lambda: make_segmenter(chosen),
        sys.stdout,
        sys.stderr,
        stop.check,
        sys.stdin.buffer,
        stop.exiting_on_first_signal,
    )


def complete_request(
    request: TranscribeRequest, vocabulary: Path | None, *, as_heard: bool
) -> tuple[TranscribeRequest, SessionSettings]:
    """Complete the request from the settings, and say on standard error which are in effect.

    Raises:
        SettingsError: The vocabulary cannot be read.
    """
    from granite_live.cli.stored_settings import (
        print_settings_in_effect,
        session_settings,
        stored_settings,
        vocabulary_lines,
        with_stored_model,
        with_stored_rules,
    )
    from granite_live.cli.terminal import Messages

    stored = stored_settings(sys.stderr)
    if not request.quiet:
        print_settings_in_effect(stored, sys.stderr, request, as_heard=as_heard)
    chosen = session_settings(stored, as_heard=as_heard)
    completed = replace(
        with_stored_rules(with_stored_model(request, stored), stored),
        skip_editor=request.skip_editor or stored.skip_editor,
        editing_passes=request.editing_passes or stored.editing_passes,
        polish=chosen.polish,
        vocabulary=vocabulary_lines(vocabulary, Messages(sys.stderr, quiet=request.quiet)),
    )
    return completed, chosen
