"""`granite-live models list|where|import|remove`: manages the installed models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.boundary import run_guarded
from granite_live.cli.models_prepare import Prepare, prepare_installed
from granite_live.util import paths
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.models.store import Installed, Store

Name = Annotated[str, typer.Argument(metavar="NAME", help="As 'models list' shows it.")]
Tier = Annotated[str | None, typer.Option(metavar="fp32|fp16w|int8", help="Only this tier.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("list")(list_)
    app.command()(where)
    app.command("import")(import_)
    app.command()(remove)


def open_store() -> Store:
    """Return the store of installed models, after removing leftovers of killed processes."""
    from granite_live.models.store import Store

    store = Store(paths.models_dir())
    store.sweep()
    return store


def list_() -> None:
    """List the installed models, their sizes, and what can be downloaded."""
    import sys

    raise typer.Exit(run_guarded(lambda: show_list(open_store(), sys.stdout)))


def where() -> None:
    """Print the folder of the installed models."""

    def work() -> int:
        typer.echo(printable(paths.models_dir()))
        return 0

    raise typer.Exit(run_guarded(work))


def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder, .zip, .tar or .tar.gz.")],
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call it. Default: its own name.")
    ] = None,
    with_preparing: Prepare = True,
) -> None:
    """Copy a model bundle from a folder or an archive, check it, install it and prepare it."""
    raise typer.Exit(run_guarded(lambda: _import(path, name, with_preparing=with_preparing)))


def remove(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="As 'models list' shows it.")
    ] = None,
    tier: Tier = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="What interrupted downloads left, instead.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove an installed model, or one of its tiers."""
    if (name is None) is not unfinished:
        raise typer.BadParameter("give the NAME of a model, or --unfinished")
    raise typer.Exit(run_guarded(lambda: _remove(name, tier, asked=not yes)))


def show_list(store: Store, out: TextIO) -> int:
    """Write the installed, unfinished and available models; return the exit code.

    Raises:
        BundleError: The models folder or the catalog cannot be read.
    """
    from granite_live.models.catalog import load_catalog
    from granite_live.models.store.disk import size_text

    here = store.installed()
    for one in here:
        out.write(printable(f"{one.name}  {size_text(one.size_bytes)}  {one.path}") + "\n")
        for line in _tier_lines(one):
            out.write(f"    {printable(line)}\n")
    if not here:
        out.write("No model is installed; the demo model that comes with the program is used.\n")
    use = store.disk_use()
    if use.incoming_bytes > 10_000:
        out.write(
            f"Unfinished downloads take {size_text(use.incoming_bytes)}: go on with 'models "
            f"download', or remove them with 'models remove --unfinished'.\n"
        )
    names = {one.name for one in here}
    for known in load_catalog():
        if known.id not in names:
            tiers = ", ".join(f"{t.name} {size_text(t.about_bytes)}" for t in known.tiers)
            out.write(
                f"To be had with 'granite-live models download {known.id}': {known.title} "
                f"({tiers}; {known.licence}; {', '.join(known.languages)})\n"
            )
    out.write(f"Free on that disk: {size_text(use.free_bytes)}\n")
    return 0


def _tier_lines(one: Installed) -> list[str]:
    from granite_live.models.store.disk import size_text
    from granite_live.models.store.verdicts import fault_of

    if one.problem:
        return [f"cannot be used: {one.problem}"]
    lines = []
    for tier in one.tiers:
        record = tier.record
        told = "put there by hand" if record is None else f"checked {record.checked}"
        if fault := fault_of(one.path, tier.name):
            told = f"FAILED its check: {fault}; not used"
        if record is not None and record.revision is not None:
            told += f", revision {record.revision[:12]}"
        lines.append(f"{tier.name}  {size_text(tier.size_bytes)}  {told}")
    return lines


def _import(path: Path, name: str | None, *, with_preparing: bool) -> int:
    import sys

    from granite_live.cli.byte_progress import byte_progress
    from granite_live.cli.notes import Notes
    from granite_live.models.store import import_bundle

    notes = Notes(sys.stderr)
    try:
        with byte_progress("importing") as bar:
            here = import_bundle(open_store(), path, name, bar.show)
    except KeyboardInterrupt:
        notes.say("Nothing was installed, and nothing of it stays.")
        raise
    tiers = ", ".join(tier.name for tier in here.tiers)
    typer.echo(printable(f"Installed {here.name} ({tiers}) in {here.path}"))
    if with_preparing:
        prepare_installed(here.path, None, notes)
    return 0


def _remove(name: str | None, tier: str | None, *, asked: bool) -> int:
    from granite_live.models.optimize import sweep_prepared
    from granite_live.models.store.disk import size_text

    store = open_store()
    if name is None:
        freed = store.discard_incoming()
    else:
        here = store.find(name)
        what = f"{name} ({tier})" if tier else f"{name} with all its tiers"
        if asked and not typer.confirm(f"Remove {printable(what)}, {size_text(here.size_bytes)}?"):
            return 1
        freed = store.remove(name, tier) + sweep_prepared()
    typer.echo(f"{size_text(freed)} are free again.")
    return 0
