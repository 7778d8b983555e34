"""Build the graphs of an optimized tier in an empty folder and compare them with the published
ones.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import (
    COMPILED,
    CPU,
    Form,
    device_options,
    first_line,
    providers_with_fallback,
    set_weights_folder,
)
from granite_live.models.optimize import dependencies, equality, recipe
from granite_live.models.optimize.graph_values import with_cache_key
from granite_live.models.optimize.recipe import file_name, with_prepared_graphs
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


# Smaller weights are stored inside the .onnx file.
_MIN_EXTERNAL_BYTES = "1024"


def save_optimized(
    model: bytes, folder: Path, target: Path, *, packed: bool, provider: str = CPU
) -> None:
    """Optimize a model and save it as `target` and `target`_data.

    Args:
        model: The serialized model without external weights.
        folder: The folder of its external weights, which are memory-mapped.
        target: The .onnx file to write.
        packed: Also store weights in this CPU's packed layout. They take twice the disk space, but
            opening copies none. While packing, both layouts are in memory.
        provider: The provider to optimize for; must be available.

    Raises:
        BundleError: onnxruntime cannot run the graph on the provider, or cannot write it.
    """
    from granite_live.models.onnx_runtime import ort

    options = ort.SessionOptions()
    options.log_severity_level = 4  # hides the warning that the model is for this machine only
    options.optimized_model_filepath = str(target)
    entries = {
        "session.optimized_model_external_initializers_file_name": f"{target.name}_data",
        "session.optimized_model_external_initializers_min_size_in_bytes": _MIN_EXTERNAL_BYTES,
        "session.save_external_prepacked_constant_initializers": "1" if packed else "0",
        "session.disable_prepacking": "0" if packed else "1",
    }
    set_weights_folder(options, folder)
    for key, value in entries.items():
        options.add_session_config_entry(key, value)
    try:
        session = ort.InferenceSession(
            model, options, providers=providers_with_fallback(provider), enable_fallback=0
        )
    except Exception as error:  # onnxruntime's errors have no common base class
        raise BundleError(
            OptimizeMessage.GRAPH_FAILED(graph=target.stem, reason=first_line(error))
        ) from error
    if provider not in session.get_providers():
        raise BundleError(
            OptimizeMessage.PROVIDER_DOES_NOT_WORK(provider=provider, graph=target.stem)
        )


def compile_graph(provider: str, graph: Path, weights: Path, compiled: Path) -> None:
    """Compile a graph on a device with a compile cache.

    Args:
        provider: The device's provider.
        graph: The .onnx file.
        weights: The folder of its weights.
        compiled: The cache folder.

    Raises:
        BundleError: The device cannot compile the graph.
    """
    from granite_live.models.onnx_runtime import ort

    options = ort.SessionOptions()
    options.log_severity_level = 4
    set_weights_folder(options, weights)
    try:
        ort.InferenceSession(
            graph.read_bytes(),
            options,
            providers=[
                (one, device_options(one, compiled)) for one in providers_with_fallback(provider)
            ],
            enable_fallback=0,
        )
    except Exception as error:  # onnxruntime's errors have no common base class
        raise BundleError(
            OptimizeMessage.COMPILING_FAILED(
                provider=provider, graph=graph.stem, reason=first_line(error)
            )
        ) from error


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
        source: An entry of `dependencies.describe_sources`.
        tell: Called with a sentence at each step.

    Raises:
        BundleError: A graph cannot be made or differs from the published one.
    """
    provider, form = source["provider"], Form(source["form"])
    report: dict[str, Any] = {}
    weights: dict[str, str] = {}
    for name in recipe.REWRITTEN:
        tell(OptimizeMessage.PREPARING(graph=name, model=bundle.name, tier=bundle.tier))
        save = _save_fixed if form is Form.FIXED else _save
        made = save(bundle, name, folder, source)
        report[name], weights[name] = made.report, str(made.folder.resolve())
    tell(OptimizeMessage.COMPARING())
    prepared = with_prepared_graphs(bundle, folder, form, weights)
    if form is not Form.FIXED:
        report["equality"] = equality.compare_with_published(bundle, prepared, provider)
        return {"report": report}
    # Compiling for the device takes minutes, so check correctness on the CPU first.
    report["equality"] = equality.compare_with_published(bundle, prepared, CPU)
    _compile(prepared, folder / COMPILED, provider, tell)
    return {"report": report, "weights": weights}


def _save(
    bundle: Bundle, name: str, folder: Path, source: Mapping[str, Any]
) -> recipe.RewrittenGraph:
    made = _rewritten(bundle, name, Form(source["form"]))
    target, packed = folder / file_name(name), bundle.tier in _PACKED
    save_optimized(made.model, made.folder, target, packed=packed, provider=source["provider"])
    return made


def _save_fixed(
    bundle: Bundle, name: str, folder: Path, source: Mapping[str, Any]
) -> recipe.RewrittenGraph:
    """Save a graph for each size. The weights stay in the published files."""
    for size in recipe.FIXED_SIZES[name]:
        made = _rewritten(bundle, name, Form.FIXED, size)
        # CoreML's cache uses this key instead of the path, because the folder is renamed later.
        key = f"{dependencies.digest(dict(source))}{name}{size.rows}"
        (folder / file_name(name, size)).write_bytes(with_cache_key(made.model, key))
    return made


def _compile(prepared: Bundle, compiled: Path, provider: str, tell: Callable[[str], None]) -> None:
    """Compile all graphs for the device now, so that the first use is fast."""
    compiled.mkdir()
    graphs = [graph for name in recipe.REWRITTEN for graph in prepared.fixed[name]]
    for number, graph in enumerate(graphs, 1):
        tell(OptimizeMessage.COMPILING(number=number, count=len(graphs)))
        compile_graph(provider, graph.path, graph.weights, compiled)


def _rewritten(
    bundle: Bundle, name: str, form: Form, size: recipe.FixedSize | None = None
) -> recipe.RewrittenGraph:
    path = bundle.graphs[name]
    try:
        return recipe.rewrite_graph(name, path, form, half=bundle.tier in _HALF, size=size)
    except BundleError:
        raise
    except Exception as error:  # a bug, or an unknown kind of graph
        logging.getLogger(__name__).exception("rewriting %s", path)
        raise BundleError(
            OptimizeMessage.UNKNOWN_FORM(graph=name, reason=type(error).__name__)
        ) from error
