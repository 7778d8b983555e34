"""Options of the commands, and the stored settings behind them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from granite_live.util.process import allowed_cpus

Number = TypeVar("Number", int, float)

_LOGICAL_CORES = len(allowed_cpus())
MAX_EDITING_PASSES = 20
_SHORTEST_S, _MAX_SECONDS = 0.1, 7 * 24 * 3600  # a week
_SHORTEST_PART_S, _MAX_PART_S = 5, 600

FormatName = StrEnum(
    "FormatName", ["txt", "srt", "vtt", "ass", "lrc", "json", "csv", "md", "docx", "pdf"]
)
NumbersName = StrEnum("NumbersName", ["digits", "words"])
PresetName = StrEnum("PresetName", ["standard", "bbc", "netflix", "phone"])
ProviderName = StrEnum("ProviderName", ["auto", "cpu", "cuda", "coreml"])
GraphsName = StrEnum("GraphsName", ["auto", "published", "prepared"])
SkipEditorName = StrEnum("SkipEditorName", ["off", "safe", "fast"])


def number_parser(
    kind: type[Number], low: float, high: float, unit: str = ""
) -> Callable[[str], Number]:
    """Return a parser of option values for numbers of `kind` from `low` to `high`.

    Click's ranges accept "nan", and their errors do not repeat the input.
    """
    what = f"a{' whole' if kind is int else ''} number{f' of {unit}' if unit else ''}"

    def parse(text: str) -> Number:
        try:
            number = kind(text)
        except ValueError:
            number = None
        if number is None or not low <= number <= high:
            raise typer.BadParameter(f"{text!r} is not {what} from {low:,g} to {high:,}.")
        return number

    return parse


def parse_path(text: str | Path) -> Path:
    """Return the user's path. Errors are reported where it is opened.

    Raises:
        BadParameter: The input is empty; pathlib would use the current folder.
    """
    if not str(text).strip():
        raise typer.BadParameter("the name is empty; give a path.")
    return Path(text)


BundlePath = Annotated[
    Path | None,
    typer.Option(
        "--bundle",
        parser=parse_path,
        metavar="PATH",
        help="Folder of a model bundle. Default: that of the settings, else the newest installed "
        "one, else the demo.",
    ),
]
Tier = Annotated[str | None, typer.Option(metavar="fp32|fp16w|int8", help="Tier of the bundle.")]
Provider = Annotated[
    ProviderName | None,
    typer.Option(
        help="Processor or graphics card to compute on. Default: that of the settings, usually "
        "auto."
    ),
]
Graphs = Annotated[
    GraphsName,
    typer.Option(
        help="Run the model's graphs as published, or prepared for this machine (prepared first if "
        "necessary, once, which takes minutes). auto: prepared if that was done before."
    ),
]
SkipEditor = Annotated[
    SkipEditorName | None,
    typer.Option(
        help="Do not edit drafts of which the model is certain. safe: only where the editor "
        "changed no text in trials. Default: that of the settings, usually safe."
    ),
]
EditingPasses = Annotated[
    int | None,
    typer.Option(
        parser=number_parser(int, 1, MAX_EDITING_PASSES, "passes"),
        metavar="N",
        help="Let the editor read its own text again until nothing changes, with at most N passes, "
        f"1 to {MAX_EDITING_PASSES}.",
    ),
]
VocabularyFile = Annotated[
    Path | None,
    typer.Option(
        "--vocabulary",
        parser=parse_path,
        metavar="FILE",
        help="Listen for the terms of this text file, one a line: see 'vocabulary'. Default: your "
        "stored vocabulary.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        parser=number_parser(int, 1, _LOGICAL_CORES, "threads"),
        metavar="N",
        help=f"Threads to compute with: 1 to {_LOGICAL_CORES}, the number of logical cores here. "
        "Default: what suits this computer.",
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Write only warnings and errors to standard error."),
]
AsHeard = Annotated[
    bool,
    typer.Option(
        "--as-heard",
        help="Write texts as the model gives them, without added capitals and replacements.",
    ),
]

Format = Annotated[
    FormatName | None,
    typer.Option(
        "--format", help="Format of the result. Default: the ending of --output, else txt."
    ),
]
Subtitles = Annotated[
    PresetName | None,
    typer.Option(
        "--subtitles",
        help="Rules for subtitles (srt, vtt, ass, lrc): length of a line, times, reading speed and "
        "gaps. Default: the setting subtitle_rules.",
    ),
]
WordTimes = Annotated[
    bool,
    typer.Option(
        "--word-times",
        help="Give each word its time (vtt, ass, lrc), so that players highlight it.",
    ),
]
NoTimes = Annotated[
    bool,
    typer.Option("--no-times", help="Write no times into a document (md, docx, pdf)."),
]
Numbers = Annotated[
    NumbersName | None,
    typer.Option(
        "--numbers",
        help="Write numbers as digits or as words (en, de, fr, es, pt). Default: digits in "
        "documents (md, docx, pdf), else words.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        parser=parse_path,
        metavar="FILE",
        help="Write the result of one recording to this file. -: standard output.",
    ),
]
OutputDir = Annotated[
    Path | None,
    typer.Option(
        parser=parse_path,
        metavar="DIR",
        help="Write each result to <name>.<format> in this folder. Default: standard output.",
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing results.")]
SkipExisting = Annotated[
    bool,
    typer.Option(
        "--skip-existing", help="Skip recordings whose results are in --output-dir already."
    ),
]
Restart = Annotated[
    bool,
    typer.Option(
        "--restart",
        help="Start over, instead of resuming an interrupted run of the same recording.",
    ),
]
Recursive = Annotated[
    bool,
    typer.Option("--recursive", "-r", help="Search folders with all folders below them."),
]
AudioTrack = Annotated[
    str | None,
    typer.Option(
        "--audio-track",
        metavar="N|LANG",
        help="Audio track to use: a number from 1, or a language such as en. Default: the track "
        "that players use, if it has sound.",
    ),
]
NoSegmentation = Annotated[
    bool,
    typer.Option(
        "--no-segmentation",
        help="Treat each file as one utterance. Files longer than a part are still cut: see "
        "--part-seconds.",
    ),
]
PartSeconds = Annotated[
    float | None,
    typer.Option(
        parser=number_parser(float, _SHORTEST_PART_S, _MAX_PART_S, "seconds"),
        metavar="N",
        help="With --no-segmentation: the longest part that the model gets at once, "
        f"{_SHORTEST_PART_S} to {_MAX_PART_S} s, if it accepts that. Memory grows with it. "
        "Default: 60.",
    ),
]

Device = Annotated[
    str | None,
    typer.Option(
        metavar="ID|NAME",
        help="Input to record; see 'devices'. Default: the one chosen in the window.",
    ),
]
SystemSound = Annotated[
    bool, typer.Option("--system-sound", help="Record what the computer plays: meetings, videos.")
]
WithSystemSound = Annotated[
    bool | None,
    typer.Option(
        "--with-system-sound/--without-system-sound",
        help="Record what the computer plays beside the microphone: both sides of a meeting.",
    ),
]
KeepEcho = Annotated[
    bool | None,
    typer.Option(
        "--keep-echo/--remove-echo",
        help="With both sides of a meeting: transcribe also what the microphone picks up from the "
        "loudspeakers, or remove it.",
    ),
]
SourceFile = Annotated[
    Path | None,
    typer.Option(
        "--source", parser=parse_path, metavar="FILE", help="Read a recording instead of an input."
    ),
]
Realtime = Annotated[bool, typer.Option("--realtime", help="Read the recording in real time.")]
Seconds = Annotated[
    float | None,
    typer.Option(
        parser=number_parser(float, _SHORTEST_S, _MAX_SECONDS, "seconds"),
        metavar="N",
        help=f"Stop after N seconds, {_SHORTEST_S:g} to {_MAX_SECONDS:,}.",
    ),
]
HookCommand = Annotated[
    str,
    typer.Option(
        "--hook",
        metavar="COMMAND",
        help="Run this with each text on its standard input; see 'Hooks' in the guide.",
    ),
]
HookUrl = Annotated[
    str,
    typer.Option(
        metavar="URL", help="Send each text as JSON to this address of the same computer."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print every event as a line of JSON.")]
Save = Annotated[
    Path | None,
    typer.Option(
        parser=parse_path, metavar="DIR", help="Folder of the sessions. Default: the program's own."
    ),
]
Keep = Annotated[
    str | None,
    typer.Option(
        metavar="all|text|N-days",
        help="What to keep of this session, and how long: N is 1 to 99999. Default: that of the "
        "settings.",
    ),
]


def parse_track(typed: str | None) -> int | str | None:
    """Return the requested audio track: a number or a language."""
    if typed is None:
        return None
    from granite_live.audio.tracks import parse_track_choice

    try:
        return parse_track_choice(typed)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--audio-track") from error
