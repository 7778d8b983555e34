"""The one place where it is decided what a model runs on: for sessions, commands and downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.bundle import layout
from granite_live.bundle.choosing.decision import Choice, choose, is_enough
from granite_live.bundle.choosing.facts import MachineFacts, TierSize
from granite_live.bundle.choosing.measuring import coreml_share, measure
from granite_live.bundle.opening import open_bundle
from granite_live.bundle.store.verdicts import failed_check, fault_of

if TYPE_CHECKING:
    from granite_live.bundle.catalog import CatalogBundle
    from granite_live.bundle.description import Bundle


@dataclass(frozen=True, slots=True)
class Suited:
    """An opened tier, and what was decided about it.

    `passed_over` says in sentences which tiers are not used because they failed their check.
    """

    bundle: Bundle
    choice: Choice
    passed_over: tuple[str, ...] = ()


def open_suiting(
    path: Path, tier: str | None = None, provider: str = "auto", facts: MachineFacts | None = None
) -> Suited:
    """Open the tier of a bundle that suits this machine, or the one that is asked for.

    Args:
        path: The bundle's folder.
        tier: The user's choice; None chooses among those that did not fail their check.
        provider: The user's choice; "auto" chooses.
        facts: The machine; None measures it, which takes seconds once.

    Raises:
        FailedCheckError: The tier that is asked for, or every one, failed its check.
        BundleError: The bundle cannot be used.
    """
    tiers = layout.find_tiers(path)
    layout.choose_tier(tiers, tier)
    failed = {
        one: failed_check(path, one, fault) for one in tiers if (fault := fault_of(path, one))
    }
    good = [one for one in tiers if one not in failed]
    if tier in failed or not good:
        raise failed[tier if tier in failed else tiers[0]]
    if facts is None:
        facts = measure(accelerators=provider == "auto")
    choice = _decide(path, good, tier, provider, facts)
    passed_over = () if tier else tuple(str(one) for one in failed.values())
    return Suited(open_bundle(path, choice.tier), choice, passed_over)


def _decide(
    path: Path, tiers: list[str], tier: str | None, provider: str, facts: MachineFacts
) -> Choice:
    sizes = {one: TierSize(0, _weights_bytes(path / one)) for one in tiers}
    wished = None if provider == "auto" else provider
    choice = choose(facts, sizes, tier=tier, provider=wished)
    if choice.provider == "coreml" and wished is None:
        # What a session of this very model showed counts more than what a small graph did.
        share = coreml_share(path, choice.tier)
        if share is not None:
            choice = choose(replace(facts, coreml_share=share), sizes, tier=tier)
    return choice


def decide_again(before: Suited, coreml_share: float) -> Suited | None:
    """Return what suits better, now that CoreML took `coreml_share` of the model's nodes.

    None if it is as it was: CoreML takes enough, or the user asked for it.

    Raises:
        BundleError: See `open_suiting`.
    """
    choice = before.choice
    if choice.is_provider_asked or is_enough(coreml_share):
        return None
    tier = choice.tier if choice.is_tier_asked else None
    facts = replace(measure(), coreml_share=coreml_share)
    return open_suiting(before.bundle.path, tier, facts=facts)


def advise(bundle: CatalogBundle, facts: MachineFacts) -> Choice:
    """Return which tier of a bundle that can be had suits a machine."""
    return choose(facts, sizes_of(bundle))


def sizes_of(bundle: CatalogBundle) -> Mapping[str, TierSize]:
    """Return what the tiers of a bundle that can be had take, and with them what is prepared."""
    return {
        one.name: TierSize(int(one.about_bytes * (1 + one.preparing_factor)), one.about_bytes)
        for one in bundle.tiers
    }


def _weights_bytes(folder: Path) -> int:
    try:
        return sum(one.stat().st_size for one in folder.iterdir() if one.is_file())
    except OSError:
        return 0  # whoever opens the graphs meets the same, and says so
