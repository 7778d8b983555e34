"""`granite-live prove`: compare models on recordings with known text, on this computer."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.options import MAX_EDITING_PASSES, ProviderName, Quiet, Tier, parse_path
from granite_live.cli.signals import StopRequest, run_stoppable

if TYPE_CHECKING:
    from granite_live.app.comparison import Candidate, ComparedModel, ComparisonRequest
    from granite_live.cli.terminal import Messages

_TITLES = ("Model", "Wrong words", "Interval", "Changed", "In silence", "Text after", "Speed",
           "Load", "Memory")  # fmt: skip


def _parse_passes(text: str) -> tuple[int, ...]:
    try:
        found = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        found = (0,)
    if not all(1 <= one <= MAX_EDITING_PASSES for one in found):
        raise typer.BadParameter(
            f"{text!r} are not whole numbers from 1 to {MAX_EDITING_PASSES}, such as 1,2"
        )
    return found


def prove(
    bundle: Annotated[
        list[Path] | None,
        typer.Option(
            "--bundle",
            parser=parse_path,
            metavar="PATH",
            help="Folder of a model bundle; can be given several times. Default: every installed "
            "model, else the demo.",
        ),
    ] = None,
    tier: Tier = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            parser=parse_path,
            metavar="DIR",
            help="Compare on the recordings in DIR; the text of talk.wav is in talk.txt.",
        ),
    ] = None,
    corrected: Annotated[
        bool,
        typer.Option("--corrected", help="Compare on the lines of sessions that you corrected."),
    ] = False,
    editing_passes: Annotated[
        str,
        typer.Option(metavar="N,N,...", help="Numbers of editor passes to compare."),
    ] = "1",
    provider: Annotated[
        ProviderName, typer.Option(help="Processor or graphics card to compute on.")
    ] = ProviderName.cpu,
    chart: Annotated[
        Path | None,
        typer.Option(parser=parse_path, metavar="FILE.svg", help="Write a chart into FILE.svg."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Compare models on recordings whose text is known. Nothing is sent.

    Each tier of each model runs as published and, if that exists, in the form that was prepared on
    this computer. Without --folder and --corrected the recordings are the samples that come with
    the program: synthetic speech, which is easier than a person in a room.

    Wrong words are words that are missing, added or replaced; capitals and punctuation do not
    count. The interval has the true rate in 95 of 100 cases. Changed words are those that differ
    from the most exact form of the same model.

    Lines that you corrected are mostly lines with a mistake of the model that wrote them, so that
    model looks worse there than it is.
    """
    passes = _parse_passes(editing_passes)

    def work(stop: StopRequest) -> int:
        from granite_live.app.comparison import ComparisonRequest
        from granite_live.app.comparison.chart import draw
        from granite_live.cli.terminal import Messages
        from granite_live.util.files import write_output

        request = ComparisonRequest(
            folder, corrected, tuple(bundle or ()), tier, str(provider), passes
        )
        rows = compare(request, Messages(sys.stderr, quiet=quiet), stop)
        if chart is not None:
            write_output(chart, draw(rows))
        show(rows, sys.stdout, as_json=as_json)
        return 0

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def compare(request: ComparisonRequest, notes: Messages, stop: StopRequest) -> list[ComparedModel]:
    """Run the comparison and tell its progress; return a row for each candidate.

    Raises:
        GraniteError: A model cannot be used.
        StopRequested: The user stopped the command.
    """
    from granite_live.app.comparison import Comparison
    from granite_live.app.subprocess_task import TaskStoppedError

    task = Comparison(request)
    stop.notify(task.stop)
    told: set[Candidate] = set()

    def tell(running: Candidate, share: float) -> None:
        if running not in told:
            told.add(running)
            notes.info(f"{share:4.0%}  {running}")

    try:
        rows = task.run(tell)
    except TaskStoppedError:
        stop.check()
        raise
    for sentence in dict.fromkeys(one for row in rows for one in (*row.problems, *row.notes)):
        notes.warn(sentence)
    return rows


def show(rows: Sequence[ComparedModel], out: TextIO, *, as_json: bool) -> None:
    """Write the rows as JSON, or as a table with a conclusion."""
    if as_json:
        out.write(json.dumps([one.as_json() for one in rows], indent=1, ensure_ascii=False) + "\n")
        return
    cells = [_TITLES, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for first, *others in cells:
        numbers = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        out.write("  ".join([first.ljust(widths[0]), *numbers]).rstrip() + "\n")
    out.write("\n" + "\n".join(_conclusion(rows)) + "\n")


def _cells(row: ComparedModel) -> tuple[str, ...]:
    rate = row.error_rate
    return (
        str(row.candidate),
        "" if rate is None else f"{rate.rate:.1%}",
        "" if rate is None else f"{rate.low:.1%} to {rate.high:.1%}",
        "" if row.changed is None else f"{row.changed:.1%}",
        str(row.words_in_silence) if row.silence_s else "",
        f"{row.text_after_s:.2f} s",
        f"{1 / row.real_time_factor:.1f}x" if row.real_time_factor else "",
        f"{row.load_s:.1f} s",
        f"{row.peak_mb:,.0f} MB",
    )


def _conclusion(rows: Sequence[ComparedModel]) -> list[str]:
    from granite_live.app.comparison.results import conclude

    found = conclude(rows)
    if found is None:
        return ["Nothing was said in these recordings, so no words can be wrong."]
    best = found.best
    said = [f"{best.words:,} words in {len(best.errors)} recordings."]
    if found.is_small:
        said.append("These are few recordings, so the intervals say little.")
    if len(rows) == 1:
        return said
    if found.equal:
        said.append(
            f"{best.candidate} has as few wrong words as {_names(found.equal)}; it is faster."
        )
    else:
        said.append(f"{best.candidate} has the fewest wrong words.")
    if found.unclear:
        said.append(f"That it is better than {_names(found.unclear)} may be chance.")
    if best.candidate.is_used_by_sessions([one.candidate for one in rows]):
        said += ["To use it in new sessions:", *_commands(best.candidate)]
    return said


def _names(rows: Sequence[ComparedModel]) -> str:
    return ", ".join(str(one.candidate) for one in rows)


def _commands(best: Candidate) -> list[str]:
    """Return the commands that make a form the one of new sessions."""
    import shlex

    return [
        f"    granite-live settings model_path {shlex.quote(best.path)}",
        f"    granite-live settings tier {best.tier}",
        f"    granite-live settings editing_passes {best.editing_passes}",
    ]
