"""Build optimized graphs, and check that they give the published graphs' results."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import (
    COMPILED,
    CPU,
    Form,
    device_options,
    first_line,
    limit_spinning,
    providers_with_fallback,
    set_weights_folder,
)
from granite_live.models.optimize import dependencies, recipe
from granite_live.models.optimize.graph_values import with_cache_key
from granite_live.models.optimize.heads import WATCHED_CLASSES
from granite_live.models.optimize.lengths import concatenate_utterances, pad_batch, text_then_audio
from granite_live.models.optimize.open_graph import OpenGraph
from granite_live.models.optimize.quantized_weights import quantize_weights
from granite_live.models.optimize.recipe import file_name, with_prepared_graphs
from granite_live.models.optimize.row_scaled_tier import describe_nearness, row_scaled_graphs
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


_ROWS = 150  # 3 s, which attention pads to a block of 4 s
_SLOTS = 9
_FILLED = 37
"""Padding rows behind the longest of several utterances."""

# (maximum difference of audio rows as a share of the largest value, minimum share of equal
# classes). int8 differs because depthwise convolutions are no longer rounded, fp16w because
# products use 16 bits; on noise the model is never certain.
_LIMITS: Mapping[str, tuple[float, float]] = {
    "fp32": (1e-3, 0.99),
    "fp16w": (0.05, 0.9),
    "int8": (0.25, 0.8),
}

_Arrays = dict[str, NDArray[Any]]


def compare_with_published(bundle: Bundle, prepared: Bundle, provider: str = CPU) -> str:
    """Run the published and the prepared graphs on the same noise; return the comparison in words.

    Only one session is open at a time; prepared graphs run on `provider`. Joint graphs get two
    utterances of different lengths, fixed graphs one in each size.

    Raises:
        BundleError: They differ by more than the tier's limits.
    """
    most, least = _LIMITS[bundle.tier]
    lengths = (_ROWS, _ROWS * 2 // 3) if prepared.form is Form.JOINT else (_ROWS,)
    rng = np.random.default_rng(0)
    dim = bundle.front_end.feature_dim
    sounds = [rng.normal(0.5, 0.4, (1, rows, dim)).astype(np.float32) for rows in lengths]
    published = OpenGraph(bundle.graphs["encoder"])
    heard = [_run_encoder(published, sound) for sound in sounds]
    del published
    differences, equal = [], []
    for path, weights, width in _encoders(prepared, max(lengths)):
        features, mask = pad_batch(sounds, width)
        feed: _Arrays = {
            **{"input_features": features, "attention_mask": mask},
            WATCHED_CLASSES: np.empty(0, np.int64),
        }
        now = OpenGraph(path, provider, weights).run(("draft_classes", "audio_embeds"), feed)
        for k, (classes, rows) in enumerate(heard):
            off = np.abs(rows - now["audio_embeds"][k, : len(rows)]).max()
            differences.append(float(off / max(np.abs(rows).max(), 1e-30)))
            equal.append(float((classes == now["draft_classes"][k, : len(classes)]).mean()))
    difference, drafted = max(differences), min(equal)
    edited = _compare_editors(bundle, prepared, [rows for _, rows in heard], provider)
    said = OptimizeMessage.DIFFERENCE(difference=difference, drafted=drafted, edited=edited)
    if not (difference <= most and drafted >= least and edited >= least):
        raise BundleError(OptimizeMessage.NOT_EQUAL(reason=said))
    return said


def _encoders(prepared: Bundle, rows: int) -> list[tuple[Path, Path | None, int]]:
    """Return each encoder, its weights folder, and the padded length for up to `rows` rows."""
    if prepared.form is Form.FIXED:
        return [(one.path, one.weights, one.rows) for one in prepared.fixed["encoder"]]
    return [(prepared.graphs["encoder"], None, rows + _FILLED * (prepared.form is Form.JOINT))]


def _run_encoder(
    encoder: OpenGraph, sound: NDArray[np.float32]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the published encoder's classes [frames] and valid audio rows [A, D]."""
    features, mask = pad_batch([sound], sound.shape[1])
    was = encoder.run(
        ("bpe_logits_dense", "audio_embeds", "audio_lengths"),
        {"input_features": features, "attention_mask": mask},
    )
    count = int(was["audio_lengths"][0])
    return was["bpe_logits_dense"][0].argmax(-1), was["audio_embeds"][0, :count]


def _compare_editors(
    bundle: Bundle, prepared: Bundle, heard: Sequence[NDArray[np.float32]], provider: str
) -> float:
    """Return the minimum share of equal tokens in text rows, for audio rows [each A, D]."""
    slots = np.full((1, _SLOTS), bundle.eos_id, np.int64)
    slots[0, 1::2] = np.arange(_SLOTS // 2) + 1
    embed = OpenGraph(bundle.graphs["embed_tokens"])
    text = embed.run(("inputs_embeds",), {"input_ids": slots})["inputs_embeds"][0]
    scale = np.float32(bundle.embedding_multiplier)
    utterances = [(np.concatenate([rows / scale, text]), len(rows)) for rows in heard]
    published = OpenGraph(bundle.graphs["editor"])
    was = [
        published.run(("logits",), concatenate_utterances([one])[0])["logits"][0, -_SLOTS:].argmax(
            -1
        )
        for one in utterances
    ]
    del published
    shares = []
    for path, weights, inputs in _editors(prepared, utterances):
        now = OpenGraph(path, provider, weights).run(("text_tokens",), inputs)["text_tokens"][0]
        for k, tokens in enumerate(was):
            shares.append(float((tokens == now[_SLOTS * k :][:_SLOTS]).mean()))
    return min(shares)


def _editors(
    prepared: Bundle, utterances: Sequence[tuple[NDArray[np.float32], int]]
) -> list[tuple[Path, Path | None, _Arrays]]:
    """Return each editor, its weights folder and its inputs."""
    first = utterances[0]
    if prepared.form is Form.FIXED:
        sizes = prepared.fixed["editor"]
        return [
            (one.path, one.weights, text_then_audio(*first, one.rows, one.slots)) for one in sizes
        ]
    inputs, _ = concatenate_utterances(utterances)
    inputs["audio_length"] = np.array([first[1]], np.int64)
    return [(prepared.graphs["editor"], None, inputs)]


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
    limit_spinning(options)
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
    bundle: Bundle,
    folder: Path,
    source: Mapping[str, Any],
    tell: Callable[[str], None],
    sounds: Sequence[NDArray[np.float32]] = (),
) -> dict[str, Any]:
    """Make the graphs; return their JSON notes: a report, and the folders of their weights.

    Args:
        bundle: An opened tier with its published graphs.
        folder: An empty folder for the graphs.
        source: An entry of `dependencies.describe_sources`.
        tell: Called with a sentence at each step.
        sounds: Features of speech [each shape=(1, T, F)], for `Form.ROW_SCALED`; noise if empty.

    Raises:
        BundleError: A graph cannot be made or differs from the published one.
        OSError: A file cannot be written.
    """
    provider, form = source["provider"], Form(source["form"])
    if form is Form.ROW_SCALED:
        return _make_row_scaled(bundle, folder, tell, sounds or _noise(bundle))
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
        report["equality"] = compare_with_published(bundle, prepared, provider)
        return {"report": report}
    # Compiling for the device takes minutes, so check correctness on the CPU first.
    report["equality"] = compare_with_published(bundle, prepared, CPU)
    _compile(prepared, folder / COMPILED, provider, tell)
    return {"report": report, "weights": weights}


def _make_row_scaled(
    bundle: Bundle,
    folder: Path,
    tell: Callable[[str], None],
    sounds: Sequence[NDArray[np.float32]],
) -> dict[str, Any]:
    """Save the graphs of both forms with row scales.

    The weights of int8 stay in the published files, those of other tiers are rounded to 8 bits.
    """
    rewritten = {}
    for name in recipe.REWRITTEN:
        tell(OptimizeMessage.PREPARING(graph=name, model=bundle.name, tier=bundle.tier))
        rewritten[name] = _rewritten(bundle, name, Form.ROW_SCALED)
        if bundle.tier != "int8":
            data = folder / f"{file_name(name)}_data"
            rewritten[name] = quantize_weights(rewritten[name], data)
    tell(OptimizeMessage.COMPARING_EXACT())
    report: dict[str, Any] = {}
    for name, made in row_scaled_graphs(bundle, rewritten, sounds).items():
        report[name] = {
            **rewritten[name].report,
            "outlier_channels": {one: ids.tolist() for one, ids in made.outliers.items()},
        }
        for form, model in made.models.items():
            write_graph(folder / file_name(name, form=form), model)
            nearness = made.nearness[form]
            report[name][form.value] = {
                "layer_errors": nearness.layers,
                "equality": describe_nearness(OptimizeMessage.NEARER, name, nearness),
            }
    # The folder is renamed later, so its own path is not kept.
    weights = {
        name: "." if graph.folder == folder else str(graph.folder.resolve())
        for name, graph in rewritten.items()
    }
    return {"report": report, "weights": weights}


def write_graph(target: Path, model: bytes) -> None:
    """Write a serialized model as `target`.

    Raises:
        OSError: It cannot be written.
    """
    target.write_bytes(model)


def _noise(bundle: Bundle) -> list[NDArray[np.float32]]:
    """Return noise features of two lengths [each shape=(1, T, F)]."""
    rng = np.random.default_rng(0)
    dim = bundle.front_end.feature_dim
    return [
        rng.normal(0.5, 0.4, (1, rows, dim)).astype(np.float32) for rows in (_ROWS, _ROWS * 2 // 3)
    ]


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
        half = bundle.tier in _HALF and form is not Form.ROW_SCALED
        return recipe.rewrite_graph(name, path, form, half=half, size=size)
    except BundleError:
        raise
    except Exception as error:  # a bug, or an unknown kind of graph
        logging.getLogger(__name__).exception("rewriting %s", path)
        raise BundleError(
            OptimizeMessage.UNKNOWN_FORM(graph=name, reason=type(error).__name__)
        ) from error
