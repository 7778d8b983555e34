"""`granite-live uninstall-data`: lists what is stored and removes what the user chooses."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.exit_status import EXIT_INCOMPLETE, print_error, run_guarded
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.app.stored_data import DataKind, Removal, StoredData

KindName = StrEnum(
    "KindName", ["settings", "recordings", "sessions", "models", "prepared", "logs", "all"]
)

_DESCRIPTIONS = {
    "settings": "the settings, the service's token, the start at login",
    "recordings": "the sound of finished sessions; their texts stay",
    "sessions": "all sessions: texts, recordings, and the list of them",
    "models": "models that were downloaded or imported",
    "prepared": "models prepared for this computer, and measurements",
    "logs": "log files",
}


def uninstall_data(
    kinds: Annotated[
        list[KindName] | None,
        typer.Argument(
            metavar="[KINDS]",
            help="What to remove: settings, recordings, sessions, models, prepared, logs or all.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask. Needs the kinds as arguments.")
    ] = False,
) -> None:
    """List what the program has stored on this computer, and remove what you choose.

    Without kinds it lists everything with its size and place, and asks on a terminal what to
    remove. The program itself stays. Texts that you exported to other folders stay, too.

    Exit code 0: done. 1: not everything was removed, or you chose nothing. 2: a window or another
    command uses the data.
    """
    if yes and not kinds:
        raise typer.BadParameter("--yes needs the kinds to remove, for example: all")
    raise typer.Exit(run_guarded(lambda: _run([one.value for one in kinds or ()], asks=not yes)))


def _run(names: Sequence[str], *, asks: bool) -> int:
    from granite_live.app.stored_data import stored_data
    from granite_live.models.disk import size_text

    stored = stored_data()
    if asks:
        show(stored, sys.stdout)
    if not names:
        if not sys.stdin.isatty() or not any(one.paths for one in stored):
            return 0
        names = _ask_names()
    chosen = _chosen(names, stored)
    if not chosen:
        print_error("None of that is stored, so nothing was removed.")
        return 0 if names else EXIT_INCOMPLETE
    # Asked in the main thread, where Ctrl-C interrupts the question.
    listed = ", ".join(f"{one.kind.value} ({size_text(one.size_bytes)})" for one in chosen)
    if asks and not typer.confirm(f"Remove {listed}? This cannot be undone"):
        return EXIT_INCOMPLETE
    removal = run_stoppable(lambda stop: _remove([one.kind for one in chosen], stop))
    for failure in removal.failures:
        print_error(failure)
    typer.echo(f"{size_text(removal.freed_bytes)} were freed.")
    return EXIT_INCOMPLETE if removal.failures else 0


def show(stored: Iterable[StoredData], out: TextIO) -> None:
    """Write one line for each kind with its size, and its files and folders below."""
    from granite_live.models.disk import size_text

    for one in stored:
        size = size_text(one.size_bytes) if one.paths else "nothing"
        out.write(f"{one.kind.value:<11}{size:>10}  {_DESCRIPTIONS[one.kind.value]}\n")
        for folder in sorted({path.parent for path in one.paths}):
            names = [path.name for path in one.paths if path.parent == folder]
            what = names[0] if len(names) == 1 else f"{len(names)} files and folders"
            out.write(f"{'':<23}{printable(folder)}: {printable(what)}\n")


def _ask_names() -> list[str]:
    """Return the kinds that the user types; empty for none.

    Raises:
        typer.Abort: Ctrl-C or the end of the input.
    """
    known = [one.value for one in KindName]
    while True:
        answer: str = typer.prompt(
            f"Remove which ({', '.join(known)}; nothing: Enter)", default="", show_default=False
        )
        names = answer.replace(",", " ").split()
        unknown = [name for name in names if name not in known]
        if not unknown:
            return names
        print_error(f"There is no '{unknown[0]}': choose from {', '.join(known)}.")


def _chosen(names: Sequence[str], stored: Iterable[StoredData]) -> list[StoredData]:
    everything = KindName.all.value in names
    return [one for one in stored if one.paths and (everything or one.kind.value in names)]


def _remove(kinds: Sequence[DataKind], stop: StopRequest) -> Removal:
    from granite_live.app.stored_data import DataKind, remove
    from granite_live.desktop import autostart

    # The first signal ends it between two files or folders; the same command goes on from there.
    removal = remove(kinds, stop.check)
    if DataKind.SETTINGS in kinds:
        autostart.disable()
    return removal
