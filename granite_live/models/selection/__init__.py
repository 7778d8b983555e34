"""Choose the tier and provider for a machine: measure, decide, respect the user's choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.models import layout
from granite_live.models.opening import open_bundle
from granite_live.models.selection.decision import (
    MachineFacts,
    TierChoice,
    TierSize,
    choose_for_machine,
    is_worthwhile,
)
from granite_live.models.selection.machine_facts import coreml_share, measure_machine
from granite_live.models.store.verification import failed_check, failed_check_reason

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle
    from granite_live.models.catalog import CatalogBundle


__all__ = [
    "MachineFacts",
    "SelectedModel",
    "TierChoice",
    "measure_machine",
    "open_best_tier",
    "recommend_tier",
    "reconsider",
]


@dataclass(frozen=True, slots=True)
class SelectedModel:
    """An opened tier, and the choice that led to it.

    `skipped` has one sentence for each tier that is not used because its check failed.
    """

    bundle: Bundle
    choice: TierChoice
    skipped: tuple[str, ...] = ()


def open_best_tier(
    path: Path, tier: str | None = None, provider: str = "auto", facts: MachineFacts | None = None
) -> SelectedModel:
    """Open the tier of a bundle that suits this machine, or the requested tier.

    Args:
        path: The bundle's folder.
        tier: The user's choice; None chooses among the tiers whose check did not fail.
        provider: The user's choice; "auto" chooses.
        facts: The machine; None measures it, which takes seconds the first time.

    Raises:
        FailedCheckError: The requested tier, or every tier, failed its check.
        BundleError: The bundle cannot be used.
    """
    tiers = layout.find_tiers(path)
    layout.choose_tier(tiers, tier)
    failed = {
        one: failed_check(path, one, fault)
        for one in tiers
        if (fault := failed_check_reason(path, one))
    }
    good = [one for one in tiers if one not in failed]
    if tier in failed or not good:
        raise failed[tier if tier in failed else tiers[0]]
    if facts is None:
        facts = measure_machine(accelerators=provider == "auto")
    choice = _decide(path, good, tier, provider, facts)
    passed_over = () if tier else tuple(str(one) for one in failed.values())
    return SelectedModel(open_bundle(path, choice.tier), choice, passed_over)


def _decide(
    path: Path, tiers: list[str], tier: str | None, provider: str, facts: MachineFacts
) -> TierChoice:
    sizes = {one: TierSize(0, _weights_bytes(path / one)) for one in tiers}
    wished = None if provider == "auto" else provider
    choice = choose_for_machine(facts, sizes, tier=tier, provider=wished)
    if choice.provider == "coreml" and wished is None:
        # A session of this model is better evidence than the small test graph.
        share = coreml_share(path, choice.tier)
        if share is not None:
            choice = choose_for_machine(replace(facts, coreml_share=share), sizes, tier=tier)
    return choice


def reconsider(before: SelectedModel, coreml_share: float) -> SelectedModel | None:
    """Return a better choice after a session showed the `coreml_share` of the model's nodes.

    Returns None if CoreML runs enough of the model or the user asked for it.

    Raises:
        BundleError: See `open_best_tier`.
    """
    choice = before.choice
    if choice.is_provider_asked or is_worthwhile(coreml_share):
        return None
    tier = choice.tier if choice.is_tier_asked else None
    facts = replace(measure_machine(), coreml_share=coreml_share)
    return open_best_tier(before.bundle.path, tier, facts=facts)


def recommend_tier(bundle: CatalogBundle, facts: MachineFacts) -> TierChoice:
    """Return which tier of a catalog bundle suits a machine."""
    return choose_for_machine(facts, tier_sizes(bundle))


def tier_sizes(bundle: CatalogBundle) -> Mapping[str, TierSize]:
    """Return the sizes of a catalog bundle's tiers, including disk space for preparing."""
    return {
        one.name: TierSize(int(one.about_bytes * (1 + one.preparing_factor)), one.about_bytes)
        for one in bundle.tiers
    }


def _weights_bytes(folder: Path) -> int:
    try:
        return sum(one.stat().st_size for one in folder.iterdir() if one.is_file())
    except OSError:
        return 0  # opening the graphs reports the error
