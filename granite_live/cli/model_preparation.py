"""`granite-live models prepare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.options import Quiet
from granite_live.cli.signals import StopRequest, run_stoppable

if TYPE_CHECKING:
    from granite_live.cli.terminal import Messages


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
        typer.Option(metavar="fp32|fp16w|int8", help="Default: the tier that suits this machine."),
    ] = None,
    eight_bit: Annotated[
        bool,
        typer.Option(
            "--eight-bit",
            help="Round the weights of an fp32 or fp16w tier to 8 bits, for a processor: several "
            "times as fast, and used where full precision is too slow for live sessions.",
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Prepare a model for this machine: the same words in less time.

    Exit code 0: it is prepared, or preparing would gain nothing. 1: it cannot be prepared, and
    works as published.
    """

    def work(stop: StopRequest) -> int:
        return _prepare(bundle, tier, stop, is_eight_bit=eight_bit, quiet=quiet)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def _prepare(
    name: str | None, tier: str | None, stop: StopRequest, *, is_eight_bit: bool, quiet: bool
) -> int:
    from granite_live.cli.model_loading import find_bundle_folder
    from granite_live.cli.terminal import Messages

    path, tier = find_bundle_folder(name, tier)
    notes = Messages(sys.stderr, quiet=quiet)
    return 0 if prepare_installed(path, tier, notes, stop, is_eight_bit=is_eight_bit) else 1


def prepare_installed(
    path: Path,
    tier: str | None,
    notes: Messages,
    stop: StopRequest,
    *,
    is_eight_bit: bool = False,
) -> bool:
    """Prepare a model and report the result; return whether it succeeded.

    Raises:
        BundleError: The model is unusable.
        StopRequested: A signal arrived; nothing half-made stays.
    """
    from granite_live.app.model_tasks import ModelPreparation
    from granite_live.models.selection import open_best_tier

    suited = open_best_tier(path, tier)
    bundle, choice = suited.bundle, suited.choice
    preparation = ModelPreparation(
        path, bundle.tier, choice.provider, notes.info, is_eight_bit=is_eight_bit
    )
    stop.notify(preparation.stop)
    outcome = preparation.run()
    if outcome.was_stopped:
        notes.info(
            "The model is installed and works as published; "
            "'granite-live models prepare' makes it faster later."
        )
    stop.check()
    if outcome.sentence:
        # A model that cannot be prepared may not run either, so do not say that it works.
        notes.warn(
            f"{bundle.name} ({bundle.tier}) could not be prepared and is used as published. "
            f"{outcome.sentence}"
        )
    elif outcome.is_ready:
        notes.info(f"{bundle.name} ({bundle.tier}) is ready for this machine.")
    else:
        notes.info(f"{bundle.name} ({bundle.tier}) would not run faster if prepared.")
    return not outcome.sentence
