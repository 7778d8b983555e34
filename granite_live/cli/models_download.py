"""`granite-live models download`: downloads and installs a model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.boundary import run_guarded
from granite_live.cli.models_prepare import Prepare, prepare_installed
from granite_live.cli.models_store import open_store
from granite_live.cli.options import Quiet
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.cli.byte_progress import ByteBar
    from granite_live.cli.notes import Notes
    from granite_live.models.catalog import CatalogBundle
    from granite_live.models.download.events import Event


def download(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Which model. Default: Granite Speech.")
    ] = None,
    tier: Annotated[
        str | None,
        typer.Option(metavar="fp32|fp16w|int8", help="Default: what suits this machine."),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DIR|URL",
            help="A folder here or on the web in the hub's place; HF_ENDPOINT names a mirror.",
        ),
    ] = None,
    newest: Annotated[
        bool, typer.Option("--newest", help="Not the revision that was seen first.")
    ] = False,
    with_preparing: Prepare = True,
    quiet: Quiet = False,
) -> None:
    """Download a model, check every byte of it, install it and make it ready for this machine.

    Interrupted with Ctrl-C or by a lost connection, the next download goes on where it
    stopped.
    """

    def work() -> int:
        return fetch(name, tier, place, newest=newest, with_preparing=with_preparing, quiet=quiet)

    raise typer.Exit(run_guarded(work))


def fetch(
    name: str | None,
    tier: str | None,
    place: str | None,
    *,
    newest: bool,
    with_preparing: bool,
    quiet: bool = False,
) -> int:
    """Download, install and prepare; return the exit code.

    Raises:
        DownloadError, BundleError: The model cannot be downloaded.
    """
    from granite_live.cli.byte_progress import byte_progress
    from granite_live.cli.notes import Notes
    from granite_live.models.catalog import find_bundle
    from granite_live.models.download import Download, open_source

    notes = Notes(sys.stderr, quiet=quiet)
    bundle = find_bundle(name)
    tier = tier or _suiting(bundle, notes)
    source = open_source(bundle, place)
    try:
        with byte_progress("asking") as bar:
            shown = Shown(notes, bar)
            path = Download(open_store(), bundle, tier, source, shown.tell, newest=newest).run()
    except KeyboardInterrupt:
        notes.say("What was fetched stays; the same command goes on from there.")
        raise
    finally:
        source.close()
    typer.echo(printable(f"{bundle.title} ({tier}) is installed in {path}"))
    if place is not None and "://" in place:
        notes.warn(
            f"{source.origin} names no checksums: whether every byte is as published could not be "
            f"checked, only that this is a model whose graphs can be read."
        )
    if with_preparing:
        prepare_installed(path, tier, notes)
    return 0


def _suiting(bundle: CatalogBundle, notes: Notes) -> str:
    from granite_live.models.selection import advise, measure
    from granite_live.util.paths import models_dir

    choice = advise(bundle, measure(models_dir()))
    notes.say(f"Tier {choice.tier}: {choice.reason}")
    return choice.tier


class Shown:
    """Shows download events: a progress bar on a terminal, and messages."""

    def __init__(self, notes: Notes, bar: ByteBar) -> None:
        self._notes = notes
        self._bar = bar

    def tell(self, event: Event) -> None:
        """Show an event."""
        from granite_live.models.download import events
        from granite_live.models.store.disk import size_text

        match event:
            case events.Planned():
                here = f", {size_text(event.have_bytes)} are here" if event.have_bytes else ""
                self._notes.say(
                    f"Fetching {event.bundle} ({event.tier}) from {event.origin} to "
                    f"{event.folder}: {size_text(event.total_bytes)} in {event.files} files{here}."
                )
            case events.Progress():
                self._bar.show(event.done_bytes, event.total_bytes, event.file)
            case events.Waiting():
                self._notes.warn(f"{event.reason}; trying again in {event.wait_s:.0f} s.")
            case events.Refetching():
                self._notes.warn(f"{event.file} came wrong ({event.reason}); fetching it again.")
            case events.Finished() if event.fetched_bytes == 0:
                self._notes.say("Nothing had to be fetched.")
            case _:
                pass  # only the window pauses
