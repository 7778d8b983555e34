"""Make the graphs of a prepared tier and compare them with the published ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.models.description import Form
from granite_live.models.devices import COMPILED, CPU
from granite_live.models.optimize import equality, keys, recipe
from granite_live.models.optimize.optimising import compile_for, save_optimised
from granite_live.models.optimize.placing import as_prepared, file_name
from granite_live.models.optimize.weights import with_cache_key
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from granite_live.models.description import Bundle

# Packing doubles the file, and for fp32 also the memory while packing.
_PACKED = frozenset({"int8"})
_HALF = frozenset({"fp16w"})


def make_graphs(
    bundle: Bundle, folder: Path, source: Mapping[str, Any], tell: Callable[[str], None]
) -> dict[str, Any]:
    """Make the graphs; return their JSON notes: a report, and the folders of their weights.

    Args:
        bundle: An opened tier with its published graphs.
        folder: An empty folder for the graphs.
        source: An entry of `keys.describe_sources`.
        tell: Called with a sentence at each step.

    Raises:
        BundleError: A graph cannot be made or differs from the published one.
    """
    provider, form = source["provider"], Form(source["form"])
    report: dict[str, Any] = {}
    weights: dict[str, str] = {}
    for name in recipe.REWRITTEN:
        tell(f"Preparing the {name} of {bundle.name} ({bundle.tier}) for this machine.")
        save = _save_fixed if form is Form.FIXED else _save
        made = save(bundle, name, folder, source)
        report[name], weights[name] = made.report, str(made.folder.resolve())
    tell("Comparing with the published graphs.")
    prepared = as_prepared(bundle, folder, form, weights)
    if form is not Form.FIXED:
        report["equality"] = equality.check_equality(bundle, prepared, provider)
        return {"report": report}
    # Compiling for the device takes minutes, so check correctness on the CPU first.
    report["equality"] = equality.check_equality(bundle, prepared, CPU)
    _compile(prepared, folder / COMPILED, provider, tell)
    return {"report": report, "weights": weights}


def _save(bundle: Bundle, name: str, folder: Path, source: Mapping[str, Any]) -> recipe.Rewritten:
    made = _rewritten(bundle, name, Form(source["form"]))
    target, packed = folder / file_name(name), bundle.tier in _PACKED
    save_optimised(made.model, made.folder, target, packed=packed, provider=source["provider"])
    return made


def _save_fixed(
    bundle: Bundle, name: str, folder: Path, source: Mapping[str, Any]
) -> recipe.Rewritten:
    """Save a graph for each size. The weights stay in the published files."""
    for size in recipe.SIZES[name]:
        made = _rewritten(bundle, name, Form.FIXED, size)
        # CoreML's cache uses this key instead of the path, because the folder is renamed later.
        key = f"{keys.digest(dict(source))}{name}{size.rows}"
        (folder / file_name(name, size)).write_bytes(with_cache_key(made.model, key))
    return made


def _compile(prepared: Bundle, compiled: Path, provider: str, tell: Callable[[str], None]) -> None:
    """Compile all graphs for the device now, so that the first use is fast."""
    compiled.mkdir()
    graphs = [graph for name in recipe.REWRITTEN for graph in prepared.fixed[name]]
    for number, graph in enumerate(graphs, 1):
        tell(f"Compiling graph {number} of {len(graphs)}, which takes minutes.")
        compile_for(provider, graph.path, graph.weights, compiled)


def _rewritten(
    bundle: Bundle, name: str, form: Form, size: recipe.Size | None = None
) -> recipe.Rewritten:
    path = bundle.graphs[name]
    try:
        return recipe.rewrite_graph(name, path, form, half=bundle.tier in _HALF, size=size)
    except BundleError:
        raise
    except Exception as error:  # a bug, or an unknown kind of graph
        logging.getLogger(__name__).exception("rewriting %s", path)
        raise BundleError(
            f"The {name} is of a form that cannot be prepared ({type(error).__name__})."
        ) from error
