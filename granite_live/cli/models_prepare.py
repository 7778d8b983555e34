"""`granite-live models prepare`: optimizes an installed model for this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.boundary import run_guarded
from granite_live.cli.options import Quiet

if TYPE_CHECKING:
    from granite_live.cli.notes import Notes

Prepare = Annotated[
    bool,
    typer.Option(
        "--prepare/--no-prepare",
        help="Make its graphs ready for this machine too: once, minutes, quicker from then on.",
    ),
]


def prepare(
    bundle: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|PATH]",
            help="An installed model, or the folder of a bundle. Default: the model that is used.",
        ),
    ] = None,
    tier: Annotated[
        str | None,
        typer.Option(metavar="fp32|fp16w|int8", help="Default: what suits this machine."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make a model's graphs ready for this machine: the same words in less time.

    Exit code 0: they are ready, or nothing is gained by it. 1: they cannot be made, and the
    model works as it was published.
    """
    raise typer.Exit(run_guarded(lambda: _prepare(bundle, tier, quiet=quiet)))


def _prepare(name: str | None, tier: str | None, *, quiet: bool) -> int:
    from granite_live.cli.models import found
    from granite_live.cli.notes import Notes

    path, tier = found(name, tier)
    return 0 if prepare_installed(path, tier, Notes(sys.stderr, quiet=quiet)) else 1


def prepare_installed(path: Path, tier: str | None, notes: Notes) -> bool:
    """Prepare a model and report the result; return whether it succeeded.

    Raises:
        BundleError: The model is unusable.
    """
    from granite_live.app.preparing import Preparation
    from granite_live.models.selection import open_suiting

    suited = open_suiting(path, tier)
    bundle, choice = suited.bundle, suited.choice
    try:
        outcome = Preparation(path, bundle.tier, choice.provider, notes.say).run()
    except KeyboardInterrupt:
        notes.say(
            "The model is installed and works as it was published; "
            "'granite-live models prepare' makes it quicker another time."
        )
        raise
    if outcome.sentence:
        # A model that cannot be prepared may not run either, so do not say that it works.
        notes.warn(
            f"{bundle.name} ({bundle.tier}) could not be prepared and is used as it was published. "
            f"{outcome.sentence}"
        )
    elif outcome.is_ready:
        notes.say(f"{bundle.name} ({bundle.tier}) is ready for this machine.")
    else:
        notes.say(f"{bundle.name} ({bundle.tier}) gains nothing by preparing it for this machine.")
    return not outcome.sentence
