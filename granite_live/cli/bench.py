"""`granite-live bench`: measures a model's speed, as a table or JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.options import BundlePath, ProviderName, Quiet, SkipEditorName, Threads, Tier
from granite_live.cli.signals import StopRequest, run_stoppable

if TYPE_CHECKING:
    from granite_live.app.bench import FormResult
    from granite_live.cli.terminal import Messages

Reference = StrEnum("Reference", ["published"])
_MAX_SECONDS = 3600.0
_MAX_LENGTHS = 20
_TITLES = ("Graphs", "Sound", "Encoder", "Editor", "Host", "Total", "x real time", "Load", "Memory",
           "Tokens")  # fmt: skip
_EQUAL = {True: "equal", False: "differ", None: ""}


def bench(
    bundle: BundlePath = None,
    tier: Tier = None,
    seconds: Annotated[
        str,
        typer.Option(
            metavar="N,N,...",
            help="Lengths of sound to transcribe, 0.1 to 3600 s; at most 20 of them.",
        ),
    ] = "5,10,30",
    compare: Annotated[
        Reference | None, typer.Option(help="Also measure the graphs as published.")
    ] = None,
    threads: Threads = None,
    skip_editor: Annotated[
        SkipEditorName,
        typer.Option(help="Skip the editor where the draft is certain; not for published graphs."),
    ] = SkipEditorName.off,
    provider: Annotated[
        ProviderName, typer.Option(help="Processor or graphics card to compute on.")
    ] = ProviderName.cpu,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Measure a model on this machine. Close other programs first.

    Its graphs are prepared first if necessary (once, which takes minutes). Every figure is the
    median of five runs after a warm-up run; for loading, of three. The number of threads is
    measured again, and the best one is used from then on.
    """
    lengths = _lengths(seconds)

    def work(stop: StopRequest) -> int:
        from granite_live.cli.terminal import Messages

        skip = str(skip_editor)
        where = str(provider)
        return _run_benchmark(
            bundle,
            tier,
            lengths,
            compare,
            threads,
            where,
            Messages(sys.stderr, quiet=quiet),
            stop,
            skip_editor=skip,
            as_json=as_json,
        )

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def _lengths(text: str) -> tuple[float, ...]:
    try:
        lengths = tuple(float(part) for part in text.split(","))
    except ValueError:
        lengths = (math.nan,)
    is_usable = all(0.1 <= length <= _MAX_SECONDS for length in lengths)
    if not is_usable or len(lengths) > _MAX_LENGTHS:
        raise typer.BadParameter(
            f"{text!r} are not lengths between 0.1 and {_MAX_SECONDS:g} seconds, such as 5,10,30; "
            f"{_MAX_LENGTHS} at most",
            param_hint="--seconds",
        )
    return lengths


def _run_benchmark(
    path: Path | None,
    tier: str | None,
    seconds: tuple[float, ...],
    compare: Reference | None,
    threads: int | None,
    provider: str,
    notes: Messages,
    stop: StopRequest,
    *,
    skip_editor: str,
    as_json: bool,
) -> int:
    stop.exit_on_first_signal()  # nothing is written here
    from granite_live.app.bench import BenchmarkSpec, bench_forms
    from granite_live.app.models import ModelRequest
    from granite_live.cli.model_loading import choose_bundle, prepare_graphs
    from granite_live.cli.stored_settings import stored_settings

    wanted = ModelRequest.of(stored_settings(sys.stderr), path, tier, provider)
    suited = choose_bundle(wanted, notes)
    bundle = suited.bundle
    form = prepare_graphs(bundle, provider, notes, stop)
    stop.exit_on_first_signal()  # the measuring process ends with this one; nothing is half-written
    forms = list(dict.fromkeys([*([str(compare)] if compare else []), form]))
    place = bundle.path.absolute()
    specs = [
        # The reference always runs the editor.
        BenchmarkSpec(
            place,
            bundle.tier,
            one,
            seconds,
            threads,
            skip_editor if one == form else "off",
            provider,
        )
        for one in forms
    ]
    results, machine = bench_forms(specs, notes.info)
    show(results, machine, sys.stdout, as_json=as_json)
    return 0


def show(
    results: Sequence[FormResult],
    machine: dict[str, Any],
    out: TextIO,
    *,
    as_json: bool,
) -> None:
    """Write the results as JSON or as a table."""
    if as_json:
        said = {"machine": machine, "results": [one.as_json() for one in results]}
        out.write(json.dumps(said, indent=1) + "\n")
        return
    about = dict(machine)
    chosen = about.pop("threads_chosen", {})
    out.write(", ".join(f"{key} {value}" for key, value in about.items()) + "\n\n")
    rows = [_TITLES, *(_row(one) for one in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others, last in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:-1], strict=True)]
        out.write("  ".join([first.ljust(widths[0]), *cells, last]).rstrip() + "\n")
    for form, why in chosen.items():
        out.write(f"\nThreads of the {form} graphs: {why}.")
    out.write(f"\n{_provider_summary(results)}\n")


def _provider_summary(results: Sequence[FormResult]) -> str:
    """Return which providers ran: one sentence, or a line per graph if they differ."""
    places = {place for one in results for place in one.ran_on.values()}
    if len(places) == 1:
        return f"All graphs ran on {places.pop()}."
    lines = {
        f"{one.graphs} {graph}: {place}" for one in results for graph, place in one.ran_on.items()
    }
    return "\n".join(sorted(lines))


def _row(one: FormResult) -> tuple[str, ...]:
    return (
        f"{one.graphs} {one.tier}",
        f"{one.seconds:g} s",
        f"{one.encoder_s:.3f} s",
        "skipped" if one.editor_skipped else f"{one.editor_s:.3f} s",
        f"{one.host_s:.3f} s",
        f"{one.total_s:.3f} s",
        f"{one.real_time_factor:.3f}",
        f"{one.load_s:.2f} s",
        f"{one.peak_rss_mb:,.0f} MB",
        _EQUAL[one.tokens_equal],
    )
