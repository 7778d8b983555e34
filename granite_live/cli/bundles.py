"""Which model bundle a command uses, and what is said about the choice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.cli.notes import Notes

if TYPE_CHECKING:
    from granite_live.bundle import Bundle


def choose_bundle(
    path: Path | None, tier: str | None, notes: Notes, *, accelerator: bool = False
) -> Bundle:
    """Open the bundle at `path`, else the newest installed one, else the demo, and say which.

    Raises:
        BundleError: The chosen bundle cannot be used, or there is none at all.
    """
    from granite_live.bundle import open_bundle
    from granite_live.engine.models import PUBLISHED_BUNDLE, demo_path, newest_installed

    if path is not None:
        bundle, origin = open_bundle(path, tier, accelerator=accelerator), "as asked"
    else:
        remedy = "give a bundle with --bundle PATH"
        installed = newest_installed(tier, notes.warn, accelerator=accelerator, remedy=remedy)
        bundle = installed or open_bundle(demo_path(), tier, accelerator=accelerator)
        origin = "the newest installed model" if installed else "no other model is installed"
    notes.say(f"Model: {bundle.name}, {bundle.tier} ({bundle.tier_reason}), in {bundle.path}")
    if bundle.is_demo:
        notes.say(
            f"This is the small English demo model, not Granite ({origin}): expect mistakes. "
            f"For Granite, run 'granite-live models download' (it fetches {PUBLISHED_BUNDLE} from "
            f"the Hugging Face hub), or give a bundle's folder with --bundle PATH."
        )
    return bundle
