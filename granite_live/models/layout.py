"""The layout of a bundle directory, and the default tier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from granite_live.util.errors import BundleError

TIERS = ("fp32", "fp16w", "int8")
GRAPHS = ("encoder", "embed_tokens", "editor")

DEMO_MODEL = "granite-live demo"
"""The demo bundle's `model` in its metadata."""

REMEDY = "Download the bundle again, or choose another one with --bundle."

# On CPUs with integer dot products int8 is fastest, and it needs a quarter of the memory. fp16w is
# last: onnxruntime casts its weights to fp32 at load, so it takes fp32's memory and time.
PROCESSOR_ORDER = ("int8", "fp32", "fp16w")
"""The tiers, best for a CPU first."""


def graph_path(bundle: Path, tier: str, graph: str) -> Path:
    """Return the path of `graph` of `tier`."""
    return bundle / tier / f"{graph}.onnx"


def find_tiers(bundle: Path) -> tuple[str, ...]:
    """Return the tiers of which `bundle` has at least one graph, in the order of `TIERS`.

    Raises:
        BundleError: The directory does not exist or has no tier.
    """
    if not bundle.exists():
        raise BundleError(f"There is no model bundle at {bundle}: give the folder's path.")
    if not bundle.is_dir():
        raise BundleError(f"{bundle} is a file, not a model bundle: give the bundle's folder.")
    tiers = tuple(
        tier for tier in TIERS if any(graph_path(bundle, tier, g).exists() for g in GRAPHS)
    )
    if not tiers:
        hint = ""
        if bundle.name in TIERS and any((bundle / f"{g}.onnx").exists() for g in GRAPHS):
            hint = f" It looks like one tier: give the folder above it, {bundle.absolute().parent}."
        raise BundleError(
            f"{bundle} is not a model bundle: none of {', '.join(f'{t}/' for t in TIERS)} "
            f"holds a graph.{hint or ' ' + REMEDY}"
        )
    return tiers


def choose_tier(tiers: Sequence[str], wanted: str | None) -> str:
    """Return the tier to open: the requested one, else the best for any CPU.

    `bundle.choosing` chooses for the machine at hand.

    Args:
        tiers: The bundle's tiers; at least one.
        wanted: The user's choice, or None.

    Raises:
        BundleError: The bundle has no such tier.
    """
    if wanted is None:
        return next(candidate for candidate in PROCESSOR_ORDER if candidate in tiers)
    if wanted not in tiers:
        raise BundleError(
            f"The bundle has no tier {wanted!r}: choose one of {', '.join(tiers)} with --tier."
        )
    return wanted
