"""What can be compared: each installed tier, in each form, with numbers of editor passes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.messages import alternatives
from granite_live.messages.models import ComparisonMessage
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice

_log = logging.getLogger(__name__)

# The most exact first. int8 rounds what it computes with, the others only what they store.
_MOST_EXACT = ("fp32", "fp16w", "int8")
PUBLISHED, PREPARED = "published", "prepared"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One form of a model.

    Attributes:
        path: The bundle's folder.
        name: The model's name.
        tier: "fp32", "fp16w" or "int8".
        graphs: "published" or "prepared".
        provider: See `ModelChoice`.
        editing_passes: The maximum number of editor passes.
    """

    path: str
    name: str
    tier: str
    graphs: str
    provider: str = "auto"
    editing_passes: int = 1

    def __str__(self) -> str:
        passes = f", {self.editing_passes} passes" if self.editing_passes > 1 else ""
        return f"{self.name} {self.tier} {self.graphs}{passes}"

    @property
    def is_exact(self) -> bool:
        """Whether it may be the reference of its model: published, with one pass."""
        return self.graphs == PUBLISHED and self.editing_passes == 1

    def is_used_by_sessions(self, others: Sequence[Candidate]) -> bool:
        """Return whether sessions take this form of the tier: the prepared one, if it exists."""
        prepared = replace(self, graphs=PREPARED)
        return self == prepared or prepared not in others


def find_models(
    paths: Sequence[Path] = (), tier: str | None = None, provider: str = "auto"
) -> list[ModelChoice]:
    """Return the tiers of the bundles at `paths`, else of all installed ones, else of the demo.

    Args:
        paths: Folders of bundles.
        tier: Only this tier.
        provider: See `app.models.all_models`.

    Raises:
        BundleError: A bundle at `paths` is unusable, or there is no such tier.
    """
    from granite_live.app.models import all_models
    from granite_live.models.opening import open_bundle

    for path in paths:
        open_bundle(path)  # `all_models` skips what it cannot open
    found = [
        model
        for path in paths or (None,)
        for model in all_models(path, provider)
        if path is None or model.path == path
    ]
    if not paths and not all(one.is_demo for one in found):
        found = [one for one in found if not one.is_demo]
    asked = [one for one in found if tier in {None, one.tier}]
    if not asked:
        have = alternatives(sorted({one.tier for one in found}))
        raise BundleError(ComparisonMessage.NO_SUCH_TIER(tier=tier, have=have))
    return asked


def find_candidates(
    models: Iterable[ModelChoice], editing_passes: Sequence[int] = (1,)
) -> list[Candidate]:
    """Return the forms of `models`, the reference of each model before its other forms.

    A tier has its prepared form if that was made on this computer.
    """
    ordered = sorted(models, key=lambda one: (str(one.path), _MOST_EXACT.index(one.tier)))
    found = []
    for model in ordered:
        forms = [PUBLISHED, PREPARED] if _is_prepared(model) else [PUBLISHED]
        basis = Candidate(str(model.path.absolute()), model.name, model.tier, "", model.provider)
        found += [
            replace(basis, graphs=form, editing_passes=passes)
            for form in forms
            for passes in editing_passes
        ]
    return found


def reference_of(candidate: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """Return the most exact form of the same model among `others`; None without one."""
    same = [one for one in others if one.path == candidate.path and one.is_exact]
    return min(same, key=lambda one: _MOST_EXACT.index(one.tier), default=None)


def _is_prepared(model: ModelChoice) -> bool:
    from granite_live.asr.providers import first_provider
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import find_prepared

    try:
        bundle = open_bundle(model.path, model.tier)
        return find_prepared(bundle, first_provider(model.provider, model.tier)) is not None
    except BundleError as error:
        _log.warning("The prepared form is not compared. %s", error)
        return False
