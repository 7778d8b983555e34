"""Chooses a command's model bundle and provider, and reports the choice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.cli.notes import Notes

if TYPE_CHECKING:
    from granite_live.models.selection import Suited
    from granite_live.util.errors import BundleError


def choose_bundle(
    path: Path | None,
    tier: str | None,
    notes: Notes,
    *,
    provider: str = "auto",
    is_wish: bool = False,
) -> Suited:
    """Open the bundle at `path`, else the newest installed one, else the demo; report which.

    Args:
        path: The bundle's folder.
        tier: One of its tiers; None for the recommended one.
        notes: Receives the choice and its reason.
        provider: The provider; "auto" for the recommended one.
        is_wish: `path` comes from the settings: fall back to another model if it failed its check.

    Raises:
        BundleError: The chosen bundle is unusable, or there is none at all.
    """
    from granite_live.models.selection import open_suiting
    from granite_live.models.store.verdicts import FailedCheckError

    if path is None:
        suited = _usual(tier, notes, provider)
    else:
        try:
            suited = open_suiting(path, tier, provider)
        except FailedCheckError as error:
            if not is_wish:
                raise
            notes.warn(f"the model of your settings is passed over. {error}")
            suited = _usual(None, notes, provider)
    for sentence in suited.passed_over:
        notes.warn(sentence)
    bundle, choice = suited.bundle, suited.choice
    place, reason = choice.provider, choice.reason
    if _is_missing(provider, bundle.tier):
        place, reason = "cpu", f"{provider} was asked for, but is not there."
    notes.say(f"Model: {bundle.name}, {bundle.tier} on {place}, in {bundle.path}. {reason}")
    if bundle.is_demo:
        _tell_demo("as asked" if path == bundle.path else _why_demo(), notes)
    return suited


def _is_missing(provider: str, tier: str) -> bool:
    """Return whether the installed onnxruntime lacks the requested provider."""
    if provider in ("auto", "cpu"):
        return False
    from granite_live.asr.providers import CPU, first_choice

    return first_choice(provider, tier) == CPU


def _usual(tier: str | None, notes: Notes, provider: str) -> Suited:
    from granite_live.app.models import usual_model

    def warn(error: BundleError) -> None:
        notes.warn(f"an installed model is passed over. {error}")

    return usual_model(tier, warn, provider=provider, remedy="give a bundle with --bundle PATH")


def _why_demo() -> str:
    from granite_live.util.paths import models_dir

    is_alone = not any(models_dir().glob("[!.]*/"))
    return f"no other model {'is installed' if is_alone else 'can be used'}"


def _tell_demo(origin: str, notes: Notes) -> None:
    from granite_live.app.models import PUBLISHED_BUNDLE

    notes.say(
        f"This is the small English demo model, not Granite ({origin}): expect mistakes. "
        f"For Granite, run 'granite-live models download' (it fetches {PUBLISHED_BUNDLE} from "
        f"the Hugging Face hub), or give a bundle's folder with --bundle PATH."
    )
