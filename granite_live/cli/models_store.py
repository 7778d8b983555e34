"""`granite-live models list|where|import|remove|download`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.model_preparation import prepare_installed
from granite_live.cli.options import Quiet
from granite_live.cli.signals import EXIT_TIMEOUT_S, StopRequest, run_stoppable
from granite_live.messages.download import DownloadMessage
from granite_live.util import paths
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.cli.terminal import ByteProgressBar, Messages
    from granite_live.models.catalog import CatalogBundle
    from granite_live.models.download.control import Event
    from granite_live.models.store import BundleStore, InstalledBundle


Prepare = Annotated[
    bool,
    typer.Option(
        "--prepare/--no-prepare",
        help="Prepare the model for this machine, which takes minutes once and makes it faster.",
    ),
]


Name = Annotated[str, typer.Argument(metavar="NAME", help="As 'models list' shows it.")]
Tier = Annotated[str | None, typer.Option(metavar="fp32|fp16w|int8", help="Only this tier.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("list")(list_)
    app.command()(where)
    app.command("import")(import_)
    app.command()(remove)


def list_() -> None:
    """List the installed models, their sizes, and what can be downloaded."""

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # read-only
        from granite_live.cli.model_loading import open_store

        return show_list(open_store(), sys.stdout)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work)))


def where() -> None:
    """Print the folder of the installed models."""

    def work() -> int:
        typer.echo(printable(paths.models_dir()))
        return 0

    raise typer.Exit(run_guarded(work))


def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder, .zip, .tar or .tar.gz.")],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of the installed model. Default: its own name."),
    ] = None,
    with_preparing: Prepare = True,
    quiet: Quiet = False,
) -> None:
    """Copy a model bundle from a folder or an archive, check it, install it and prepare it."""

    def work(stop: StopRequest) -> int:
        return _import(path, name, stop, with_preparing=with_preparing, quiet=quiet)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def remove(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="As 'models list' shows it.")
    ] = None,
    tier: Tier = None,
    unfinished: Annotated[
        bool,
        typer.Option("--unfinished", help="Remove the files of interrupted downloads instead."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove an installed model, or one of its tiers."""
    if (name is None) is not unfinished:
        raise typer.BadParameter("give the NAME of a model, or --unfinished")
    raise typer.Exit(run_guarded(lambda: _remove(name, tier, asked=not yes), uses_data=True))


def show_list(store: BundleStore, out: TextIO) -> int:
    """Write the installed, unfinished and available models; return the exit code.

    Raises:
        BundleError: The models folder or the catalog cannot be read.
    """
    from granite_live.models.catalog import load_catalog
    from granite_live.models.disk import size_text

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
            f"Unfinished downloads take {size_text(use.incoming_bytes)}: continue with 'models "
            f"download', or remove them with 'models remove --unfinished'.\n"
        )
    names = {one.name for one in here}
    for known in load_catalog():
        if known.id not in names:
            tiers = ", ".join(f"{t.name} {size_text(t.about_bytes)}" for t in known.tiers)
            out.write(
                f"Available with 'granite-live models download {known.id}': {known.title} "
                f"({tiers}; {known.license}; {', '.join(known.languages)})\n"
            )
    out.write(f"Free on that disk: {size_text(use.free_bytes)}\n")
    return 0


def _tier_lines(one: InstalledBundle) -> list[str]:
    from granite_live.models.disk import size_text
    from granite_live.models.store.verification import failed_check_reason

    if one.problem:
        return [f"cannot be used: {one.problem}"]
    lines = []
    for tier in one.tiers:
        record = tier.record
        told = "installed by hand" if record is None else f"checked {record.checked}"
        if fault := failed_check_reason(one.path, tier.name):
            told = f"FAILED its check: {fault}; not used"
        if record is not None and record.revision is not None:
            told += f", revision {record.revision[:12]}"
        lines.append(f"{tier.name}  {size_text(tier.size_bytes)}  {told}")
    return lines


def _import(
    path: Path, name: str | None, stop: StopRequest, *, with_preparing: bool, quiet: bool
) -> int:
    from granite_live.cli.model_loading import open_store
    from granite_live.cli.terminal import Messages, byte_progress
    from granite_live.models.store import ImportStoppedError, import_bundle

    notes = Messages(sys.stderr, quiet=quiet)
    try:
        with byte_progress("importing") as bar:
            here = import_bundle(open_store(), path, name, bar.show, lambda: stop.is_requested)
    except ImportStoppedError:
        notes.info("No model was installed, and all copied files were removed.")
        stop.check()
        raise
    tiers = ", ".join(tier.name for tier in here.tiers)
    typer.echo(printable(f"Installed {here.name} ({tiers}) in {here.path}"))
    if with_preparing:
        prepare_installed(here.path, None, notes, stop)
    return 0


def _remove(name: str | None, tier: str | None, *, asked: bool) -> int:
    from granite_live.cli.model_loading import open_store
    from granite_live.models.disk import size_text
    from granite_live.models.optimize import remove_stale_prepared

    store = open_store()
    if name is not None:
        here = store.find(name)
        what = f"{name} ({tier})" if tier else f"{name} with all its tiers"
        # Asked in the main thread, where Ctrl-C interrupts the question.
        if asked and not typer.confirm(f"Remove {printable(what)}, {size_text(here.size_bytes)}?"):
            return 1

    def work(_stop: StopRequest) -> int:
        # The first signal waits for the end: removing takes a moment, and half a model is of no
        # use.
        if name is None:
            return store.discard_incoming()
        return store.remove(name, tier) + remove_stale_prepared()

    typer.echo(f"{size_text(run_stoppable(work))} were freed.")
    return 0


def download(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Model to download. Default: Granite Speech."),
    ] = None,
    tier: Annotated[
        str | None,
        typer.Option(metavar="fp32|fp16w|int8", help="Default: the tier that suits this machine."),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DIR|URL",
            help="Folder on this computer or on the web instead of the hub; HF_ENDPOINT names a "
            "mirror.",
        ),
    ] = None,
    newest: Annotated[
        bool,
        typer.Option(
            "--newest", help="Download the newest revision, not the first one that was seen."
        ),
    ] = False,
    with_preparing: Prepare = True,
    quiet: Quiet = False,
) -> None:
    """Download a model, check every byte of it, install it and prepare it for this machine.

    After Ctrl-C or a lost connection, the next download resumes where this one stopped.
    """

    def work(stop: StopRequest) -> int:
        return download_and_install(
            name, tier, place, stop, newest=newest, with_preparing=with_preparing, quiet=quiet
        )

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def download_and_install(
    name: str | None,
    tier: str | None,
    place: str | None,
    stop: StopRequest,
    *,
    newest: bool,
    with_preparing: bool,
    quiet: bool,
) -> int:
    """Download, install and prepare; return the exit code.

    Raises:
        DownloadError, BundleError: The model cannot be downloaded.
        StopRequested: A signal arrived; what was fetched stays for the next time.
    """
    from granite_live.cli.model_loading import open_store
    from granite_live.cli.terminal import Messages, byte_progress
    from granite_live.models.catalog import find_bundle
    from granite_live.models.download import TierDownload, open_source
    from granite_live.models.download.control import DownloadCanceledError, DownloadControl

    notes = Messages(sys.stderr, quiet=quiet)
    bundle = find_bundle(name)
    tier = tier or _recommended_tier(bundle, notes)
    control = DownloadControl()
    # A server that does not answer cannot be interrupted, and a download may end at any moment.
    stop.notify(control.cancel, grace_s=EXIT_TIMEOUT_S)
    source = open_source(bundle, place)
    try:
        with byte_progress("asking") as bar:
            shown = DownloadView(notes, bar)
            path = TierDownload(
                open_store(), bundle, tier, source, shown.tell, control=control, newest=newest
            ).run()
    except DownloadCanceledError:
        notes.info("The downloaded part is kept; the same command continues there.")
        stop.check()
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
        prepare_installed(path, tier, notes, stop)
    return 0


def _recommended_tier(bundle: CatalogBundle, notes: Messages) -> str:
    from granite_live.models.selection import measure_machine, recommend_tier
    from granite_live.util.paths import models_dir

    choice = recommend_tier(bundle, measure_machine(models_dir()))
    notes.info(f"Tier {choice.tier}: {choice.reason}")
    return choice.tier


class DownloadView:
    """Shows download events: a progress bar on a terminal, and messages."""

    def __init__(self, notes: Messages, bar: ByteProgressBar) -> None:
        self._notes = notes
        self._bar = bar

    def tell(self, event: Event) -> None:
        """Show an event."""
        from granite_live.models.disk import size_text
        from granite_live.models.download import control

        match event:
            case control.DownloadPlanned():
                here = f", {size_text(event.have_bytes)} already here" if event.have_bytes else ""
                self._notes.info(
                    f"Downloading {event.bundle} ({event.tier}) from {event.origin} to "
                    f"{event.folder}: {size_text(event.total_bytes)} in {event.files} files{here}."
                )
            case control.DownloadProgress():
                self._bar.show(event.done_bytes, event.total_bytes, event.file)
            case control.RetryScheduled():
                self._notes.warn(DownloadMessage.RETRYING(reason=event.reason, wait_s=event.wait_s))
            case control.FileRefetched():
                self._notes.warn(
                    DownloadMessage.WRONG_FILE_RETRIED(file=event.file, reason=event.reason)
                )
            case control.DownloadFinished() if event.fetched_bytes == 0:
                self._notes.info("All files were already downloaded.")
            case _:
                pass  # only the window pauses
