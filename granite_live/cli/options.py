"""Options of the commands, and the stored settings behind them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Self, TextIO, TypeVar

import typer

from granite_live.settings import Settings, load_or_set_aside
from granite_live.transcript.polish import Polish
from granite_live.util.cpu import allowed_processors
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings


Number = TypeVar("Number", int, float)

_LOGICAL_CORES = len(allowed_processors())
_MOST_PASSES = 20
_SHORTEST_S, _LONGEST_S = 0.1, 7 * 24 * 3600  # a week

FormatName = StrEnum("FormatName", ["txt", "srt", "vtt", "json", "md", "docx"])
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
        help="Folder of a model bundle. Default: the settings', else the installed, else the demo.",
    ),
]
Tier = Annotated[str | None, typer.Option(metavar="fp32|fp16w|int8", help="Tier of the bundle.")]
Provider = Annotated[
    ProviderName | None,
    typer.Option(help="What to compute on. Default: that of the settings, usually auto."),
]
Graphs = Annotated[
    GraphsName,
    typer.Option(
        help="Run the model's graphs as published, or prepared for this machine (made first if "
        "need be: minutes, once). auto: prepared if they were made already."
    ),
]
SkipEditor = Annotated[
    SkipEditorName | None,
    typer.Option(
        help="Leave drafts as they are where the model is certain of them. safe: only where that "
        "changed no text in trials. Default: that of the settings, usually safe."
    ),
]
EditingPasses = Annotated[
    int | None,
    typer.Option(
        parser=number_parser(int, 1, _MOST_PASSES, "passes"),
        metavar="N",
        help="Let the editor read its own text again, until nothing changes: N passes at most, 1 "
        f"to {_MOST_PASSES}.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        parser=number_parser(int, 1, _LOGICAL_CORES, "threads"),
        metavar="N",
        help=f"Threads to compute with: 1 to {_LOGICAL_CORES}, the number of logical cores here. "
        "Default: what suits.",
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Write only warnings and errors to standard error."),
]
AsHeard = Annotated[
    bool,
    typer.Option(
        "--as-heard", help="Leave texts as the model gives them: no capitals, no replacements."
    ),
]

Format = Annotated[
    FormatName | None,
    typer.Option("--format", help="Form of the result. Default: what --output ends in, else txt."),
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
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace results that exist already.")]
SkipExisting = Annotated[
    bool,
    typer.Option(
        "--skip-existing", help="Leave out recordings whose results are in --output-dir already."
    ),
]
Restart = Annotated[
    bool,
    typer.Option(
        "--restart", help="Begin anew where an earlier run of the same recording was interrupted."
    ),
]
Recursive = Annotated[
    bool,
    typer.Option("--recursive", "-r", help="Of folders, take the folders below them, too."),
]
AudioTrack = Annotated[
    str | None,
    typer.Option(
        "--audio-track",
        metavar="N|LANG",
        help="Of several audio tracks take this one: a number from 1, or a language such as en. "
        "Default: the track that players take, if it has sound.",
    ),
]
NoSegmentation = Annotated[
    bool,
    typer.Option(
        "--no-segmentation",
        help="Take each file as one utterance, cut only where it is longer than a part: see "
        "--part-seconds.",
    ),
]
PartSeconds = Annotated[
    float | None,
    typer.Option(
        min=5.0,
        max=600.0,
        metavar="N",
        help="With --no-segmentation: the longest part that the model takes at once, if it can. "
        "Memory grows with it. Default: 60.",
    ),
]

Device = Annotated[
    str | None,
    typer.Option(
        metavar="ID|NAME",
        help="Which input to record; see 'devices'. Default: the one chosen in the window.",
    ),
]
SystemSound = Annotated[
    bool, typer.Option("--system-sound", help="Hear what the computer plays: meetings, videos.")
]
SourceFile = Annotated[
    Path | None,
    typer.Option(
        "--source", parser=parse_path, metavar="FILE", help="Hear a recording instead of an input."
    ),
]
Realtime = Annotated[
    bool, typer.Option("--realtime", help="Hear the recording at the speed of life.")
]
Seconds = Annotated[
    float | None,
    typer.Option(
        parser=number_parser(float, _SHORTEST_S, _LONGEST_S, "seconds"),
        metavar="N",
        help=f"Stop after so many seconds, {_SHORTEST_S:g} to {_LONGEST_S:,}.",
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
    from granite_live.audio.tracks import parse_wish

    try:
        return parse_wish(typed)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--audio-track") from error


@dataclass(frozen=True, slots=True)
class TranscribeRequest:
    """One call of `granite-live transcribe`. None means the default.

    `files` are files, folders, or "-" for standard input, as typed. `output` is the file for one
    result, `output_dir` the folder for several; without both, results go to standard output.
    `is_wish` says that the bundle comes from the settings. `restart` ignores an existing
    checkpoint. `polish` is applied to every text; token ids and drafts stay raw.
    """

    files: tuple[str | os.PathLike[str], ...]
    bundle: Path | None = None
    tier: str | None = None
    provider: str | None = None
    format_name: str = "txt"
    output: Path | None = None
    output_dir: Path | None = None
    audio_track: int | str | None = None
    segmentation: bool = True
    part_s: float | None = None
    threads: int | None = None
    graphs: str = "auto"
    skip_editor: str | None = None
    editing_passes: int | None = None
    is_wish: bool = False
    recursive: bool = False
    overwrite: bool = False
    skip_existing: bool = False
    restart: bool = False
    quiet: bool = False
    polish: Polish = field(default_factory=Polish)


_USUAL = Settings()
_SKIPPED = {
    "off": "every draft edited",
    "safe": "the editor skipped where it is safe",
    "fast": "the editor skipped more often",
}


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Bundle, tier and provider. None means the default.

    `is_wish` says that the bundle comes from the settings.
    """

    bundle: Path | None
    tier: str | None
    provider: str
    is_wish: bool = False

    @classmethod
    def of(
        cls, settings: Settings, bundle: Path | None, tier: str | None, provider: str | None
    ) -> Self:
        """Complete the options from the settings; a stored tier belongs to the stored bundle."""
        is_wish = bundle is None and bool(settings.model_path)
        if bundle is None:
            bundle = Path(settings.model_path) if settings.model_path else None
            tier = tier or settings.tier or None
        place = settings.provider if provider is None else str(provider)
        return cls(bundle, tier, place, is_wish)


def stored_settings(err: TextIO) -> Settings:
    """Return the stored settings; report on `err` what is invalid."""
    from granite_live.app.damaged_notes import set_aside_damaged_notes
    from granite_live.cli.terminal import Notes

    settings, sentence = load_or_set_aside()
    for one in filter(None, (sentence, *set_aside_damaged_notes())):
        Notes(err).warn(one)
    return settings


def session_settings(settings: Settings, *, as_heard: bool) -> SessionSettings:
    """Return the session settings; `as_heard` disables text polishing."""
    from granite_live.app.factory import SessionSettings
    from granite_live.transcript.polish import Polish

    chosen = SessionSettings.of(settings)
    return replace(chosen, polish=Polish()) if as_heard else chosen


def tell_settings(
    settings: Settings,
    err: IO[str],
    *,
    bundle: Path | None,
    skip_editor: str | None = None,
    editing_passes: int | None = None,
    as_heard: bool = False,
) -> None:
    """Report in one line which settings differ from the defaults.

    Args:
        settings: The stored settings.
        err: Receives the line.
        bundle: The option that overrides the stored model.
        skip_editor: The option that overrides the stored editor mode.
        editing_passes: The option that overrides the stored number of editor passes.
        as_heard: The option that disables text polishing.
    """
    found = []
    if bundle is None and settings.model_path:
        found.append(f"the model in {settings.model_path}")
    if skip_editor is None and settings.skip_editor != _USUAL.skip_editor:
        found.append(_SKIPPED[settings.skip_editor])
    if editing_passes is None and settings.editing_passes != _USUAL.editing_passes:
        found.append(f"{settings.editing_passes} editor passes")
    if settings.silence_ms != _USUAL.silence_ms:
        found.append(f"pauses of {settings.silence_ms} ms")
    if settings.detector != _USUAL.detector:
        found.append(f"the {settings.detector} detector")
    if settings.replacements and not as_heard:
        count = len(settings.replacements)
        found.append("1 replacement" if count == 1 else f"{count} replacements")
    if settings.sentence_case != _USUAL.sentence_case and not as_heard:
        found.append("no capitals")
    if found:
        err.write(printable(f"From your settings: {', '.join(found)}.") + "\n")
