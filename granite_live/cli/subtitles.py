"""`granite-live check` and `granite-live retime`: subtitle files of any origin."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.exit_status import EXIT_INCOMPLETE, run_guarded
from granite_live.cli.options import Overwrite, PresetName, Quiet, number_parser, parse_path

if TYPE_CHECKING:
    from typing import TextIO

_MAX_SHIFT_S = 24 * 3600
_MIN_STRETCH, _MAX_STRETCH = Fraction(1, 10), 10

SubtitleFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        parser=parse_path,
        help="Subtitles in the form SubRip, WebVTT or SubStation Alpha (.srt, .vtt, .ass, .ssa).",
    ),
]


def check(
    file: SubtitleFile,
    preset: Annotated[
        PresetName | None,
        typer.Option(
            "--preset",
            help="Rules to compare with: see 'transcribe --subtitles'. Default: the setting "
            "subtitle_rules.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Compare a subtitle file with the rules for subtitles.

    Each line of the result names a cue, its time, what was found, and the limit.

    Exit code 0: the file keeps all rules. 1: it breaks some. 2: it cannot be read.
    """
    raise typer.Exit(
        run_guarded(lambda: print_problems(file, preset, sys.stdout, sys.stderr, quiet=quiet))
    )


def print_problems(path: Path, preset: str | None, out: TextIO, err: TextIO, *, quiet: bool) -> int:
    """Write a line for each broken rule; return the exit code.

    Without `preset`, the rules are those of the settings.

    Raises:
        SubtitleError: The file cannot be read.
    """
    from granite_live.cli.terminal import Messages
    from granite_live.settings import load_settings
    from granite_live.transcript.export.options import PRESETS
    from granite_live.transcript.subtitle_files import find_problems, read_cues
    from granite_live.util.printable import printable

    preset = preset or load_settings().subtitle_rules
    cues = read_cues(path)
    problems = find_problems(cues, PRESETS[preset])
    out.writelines(f"{printable(one)}\n" for one in problems)
    count = "1 cue" if len(cues) == 1 else f"{len(cues)} cues"
    if not problems:
        Messages(err, quiet=quiet).info(f"'{path}': {count}; the rules '{preset}' are kept.")
    return EXIT_INCOMPLETE if problems else 0


def _parse_factor(text: str) -> float:
    """Return a factor: a number, or two numbers such as 25/24."""
    try:
        factor = Fraction(text)
    except (ValueError, ZeroDivisionError):
        factor = Fraction(0)
    if not _MIN_STRETCH <= factor <= _MAX_STRETCH:
        raise typer.BadParameter(f"{text!r} is not a number from 0.1 to 10, or such as 25/24.")
    return float(factor)


def retime(
    file: SubtitleFile,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", parser=parse_path, metavar="FILE", help="File to write. -: output."
        ),
    ] = Path("-"),
    shift: Annotated[
        float,
        typer.Option(
            "--shift",
            parser=number_parser(float, -_MAX_SHIFT_S, _MAX_SHIFT_S, "seconds"),
            metavar="SECONDS",
            help="Show every cue this much later; earlier, if it is negative.",
        ),
    ] = 0.0,
    stretch: Annotated[
        float,
        typer.Option(
            "--stretch",
            parser=_parse_factor,
            metavar="FACTOR",
            help="Multiply every time by this number before the shift, such as 1.001 or 25/24.",
        ),
    ] = 1.0,
    overwrite: Overwrite = False,
) -> None:
    """Shift and stretch the times of a subtitle file.

    Texts, styles and settings stay as they are, and so does the form of the file.

    Exit code 0: done. 2: the file cannot be read, or the result cannot be written.
    """
    raise typer.Exit(
        run_guarded(lambda: write_retimed(file, output, shift, stretch, overwrite=overwrite))
    )


def write_retimed(
    path: Path, output: Path, shift_s: float, stretch: float, *, overwrite: bool
) -> int:
    """Write a subtitle file with other times; return the exit code.

    Raises:
        SubtitleError: The file cannot be read, or a cue would begin before the recording.
        OutputError: The result cannot be written.
    """
    from granite_live.cli.results import NamedFile
    from granite_live.transcript.subtitle_files import retime as moved

    if output == Path("-"):
        sys.stdout.write(moved(path, round(shift_s * 1_000), stretch))
        return 0
    file = NamedFile(output, overwrite=overwrite)
    file.write(moved(path, round(shift_s * 1_000), stretch))
    return 0
