"""`granite-live doctor`: checks the installation and suggests remedies."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.app.doctor import CheckFinding

_STYLES = {"ok": "green", "note": "yellow", "broken": "bold red"}


def doctor(
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print JSON for a bug report, without your names, paths and texts."
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show only notes and problems.")
    ] = False,
) -> None:
    """Check whether everything works here. Takes some seconds, and listens for one second.

    Exit code 0: what is needed works. 1: something does not.
    """

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # read-only, so nothing has to be finished
        return _examine(as_json=as_json, quiet=quiet)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work)))


def _examine(*, as_json: bool, quiet: bool) -> int:
    from granite_live.app.doctor import run_checks

    return show(run_checks(), sys.stdout, as_json=as_json, quiet=quiet)


def show(
    findings: Iterable[CheckFinding], out: TextIO, *, as_json: bool, quiet: bool = False
) -> int:
    """Write each finding as soon as it is known, and return the exit code.

    With `quiet` a table leaves out what is in order.
    """
    from granite_live.app.doctor.checks import Status, has_failures, report

    seen: list[CheckFinding] = []
    line = _line_writer(out)
    for one in findings:
        seen.append(one)
        if not as_json and not (quiet and one.status is Status.OK):
            line(one)
    if as_json:
        out.write(json.dumps(report(seen), indent=1) + "\n")
    return int(has_failures(seen))


def _line_writer(out: TextIO) -> Callable[[CheckFinding], None]:
    from rich.text import Text

    from granite_live.cli.terminal import PlainConsole

    console = PlainConsole(out, soft_wrap=True)

    def write(one: CheckFinding) -> None:
        status = one.status.value
        console.print(
            Text.assemble(
                (f"{status:<7}", _STYLES[status]), printable(f" {one.topic:<16} {one.detail}")
            )
        )
        if one.remedy:
            console.print(Text(printable(f"{'':<24} {one.remedy}")))

    return write
