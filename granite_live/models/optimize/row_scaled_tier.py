"""Make the row-scaled form of an int8 tier, and check that it is nearer to its exact weights.

The reference ("W8A32") multiplies the same 8-bit weights by float32 activations. It runs once over
samples of speech, which also shows the outlier channels.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.messages import Message
from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import EXACT_FORMS, Form
from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.heads import WATCHED_CLASSES
from granite_live.models.optimize.lengths import pad_batch
from granite_live.models.optimize.open_graph import OpenGraph
from granite_live.models.optimize.pointwise import signed_products_saturate
from granite_live.models.optimize.recipe import RewrittenGraph
from granite_live.models.optimize.row_scales import (
    EIGHT_BITS,
    SEVEN_BITS,
    Outliers,
    QuantizedActivation,
    add_channel_peaks,
    choose_outliers,
    find_activations,
    find_scored,
    rewrite_row_scales,
    rewrite_weights_only,
)
from granite_live.util.errors import BundleError
from granite_live.util.process import trim_heap

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle

_Arrays = dict[str, NDArray[Any]]
_Edit = Callable[[GraphEditor, Sequence[QuantizedActivation]], object]

_MOST_LAYERS = 24
"""Activations of so many products, evenly spread, are compared."""
_SCORES = ("bpe_logits_dense", "logits")
_IDS = {"encoder": "draft_classes", "editor": "text_tokens"}
_ENCODER_OUTPUTS = ("draft_classes", "bpe_mask", "audio_embeds", "audio_lengths")


@dataclass(slots=True)
class Nearness:
    """How far two forms of a graph are from the reference: as published, and made more exact.

    `layers` are the relative rms errors of each compared activation; `equal` are the shares of
    equal classes.
    """

    layers: dict[str, tuple[float, float]] = field(default_factory=dict)
    equal: tuple[float, float] = (1.0, 1.0)

    @property
    def errors(self) -> tuple[float, float]:
        """The mean relative error of the layers, as published and made more exact."""
        both = np.array(list(self.layers.values()) or [(0.0, 0.0)])
        return float(both[:, 0].mean()), float(both[:, 1].mean())

    @property
    def is_nearer(self) -> bool:
        """Whether the other form is nearer to the reference than the published one."""
        was, now = self.errors
        return now < was and self.equal[1] >= self.equal[0]


@dataclass(frozen=True, slots=True)
class RowScaledGraph:
    """A graph with row scales: serialized, and compared with the reference, by form.

    `outliers` are its outlier channels by product.
    """

    models: Mapping[Form, bytes]
    nearness: Mapping[Form, Nearness]
    outliers: Outliers


def row_scaled_graphs(
    bundle: Bundle, rewritten: Mapping[str, RewrittenGraph], sounds: Sequence[NDArray[np.float32]]
) -> dict[str, RowScaledGraph]:
    """Return encoder and editor with row scales, in one term and in two.

    Args:
        bundle: The published tier.
        rewritten: Its rewritten graphs with products as published.
        sounds: Features of speech [each shape=(1, T, F)].

    Raises:
        BundleError: A graph has no products of the known kind, cannot be run, or is not nearer to
            the reference than the published form.
    """
    feeds = [_encoder_feed(sound) for sound in sounds]
    encoder, heard = _row_scaled("encoder", rewritten["encoder"], feeds, _ENCODER_OUTPUTS)
    embed = OpenGraph(bundle.graphs["embed_tokens"])
    texts = [_editor_feed(bundle, embed, one) for one in heard]
    editor, _ = _row_scaled("editor", rewritten["editor"], texts, ())
    made = {"encoder": encoder, "editor": editor}
    for name, one in made.items():
        for nearness in one.nearness.values():
            if not nearness.is_nearer:
                raise BundleError(describe_nearness(OptimizeMessage.NOT_NEARER, name, nearness))
    return made


def describe_nearness(message: OptimizeMessage, name: str, nearness: Nearness) -> Message:
    """Return the comparison of the graph `name` as `message`."""
    was, now = nearness.errors
    return message(
        graph=name,
        published=was,
        prepared=now,
        equal_published=nearness.equal[0],
        equal_prepared=nearness.equal[1],
    )


def _row_scaled(
    name: str, graph: RewrittenGraph, feeds: Sequence[_Arrays], outputs: Sequence[str]
) -> tuple[RowScaledGraph, list[_Arrays]]:
    """Return a graph with row scales, and the reference's `outputs` for each feed."""
    editor = _edited(graph)
    found = list(find_activations(editor))
    if not found or editor.has_branches():
        raise BundleError(OptimizeMessage.NO_INTEGER_PRODUCTS(graph=name))
    names = [one.name for one in found]
    compared = sorted({int(k) for k in np.linspace(0, len(names) - 1, _MOST_LAYERS)})
    scores = [one for one in _SCORES if editor.producer(one) is not None]
    values = {f"compared/{k}": names[k] for k in compared}
    values |= {f"compared/{one}": one for one in scores}
    peaks = {f"peaks/{k}": one for k, one in enumerate(names)}

    def reference(editor: GraphEditor, found: Sequence[QuantizedActivation]) -> None:
        for place, activation in enumerate(found):
            add_channel_peaks(editor, activation, f"peaks/{place}")
        rewrite_weights_only(editor)

    exact = _run(name, graph, values, reference, feeds, [*outputs, *peaks, _IDS[name]], folds=False)
    outliers = {
        one: choose_outliers(np.stack([run[output] for run in exact]).max(axis=0))
        for output, one in peaks.items()
    }

    # Rounding before the head goes straight into the scores: half of the error in a twentieth of
    # the work.
    heads = {head for one in scores if (head := find_scored(editor, one)) is not None}
    models, compared_forms = {}, {}
    was = _run(name, graph, values, lambda *_: None, feeds, [_IDS[name]])
    # Products of 7 bits are a third faster where those of 8 bits saturate, and 14 bits are enough.
    fine = SEVEN_BITS if signed_products_saturate() else EIGHT_BITS
    forms = ((Form.ROW_SCALED, heads, EIGHT_BITS), (Form.TWO_TERMS, set(names), fine))
    for form, two_terms, steps in forms:

        def scaled(
            editor: GraphEditor,
            _: Sequence[QuantizedActivation] = (),
            two_terms: Collection[str] = two_terms,
            steps: int = steps,
        ) -> None:
            rewrite_row_scales(editor, outliers, two_terms, steps)

        nearness = Nearness()
        is_exact = form in EXACT_FORMS
        now = _run(name, graph, values, scaled, feeds, [_IDS[name]], exact=is_exact)
        for output, value in values.items():
            nearness.layers[value] = (_error(exact, was, output), _error(exact, now, output))
        nearness.equal = (_equal(exact, was, _IDS[name]), _equal(exact, now, _IDS[name]))
        final = _edited(graph)
        scaled(final)
        final.prune()
        models[form] = final.build().SerializeToString()
        compared_forms[form] = nearness
    return RowScaledGraph(models, compared_forms, outliers), exact


def _edited(graph: RewrittenGraph) -> GraphEditor:
    import onnx

    return GraphEditor(onnx.load_model_from_string(graph.model), graph.folder)


def _run(
    name: str,
    graph: RewrittenGraph,
    values: Mapping[str, str],
    edit: _Edit,
    feeds: Sequence[_Arrays],
    outputs: Sequence[str],
    *,
    folds: bool = True,
    exact: bool = False,
) -> list[_Arrays]:
    """Edit a graph, and return its `values` and `outputs` for each feed."""
    editor = _edited(graph)
    found = list(find_activations(editor))
    for output, value in values.items():
        editor.add_output(value, output, np.float32)
    edit(editor, found)
    editor.prune()
    model = editor.build().SerializeToString()
    run = OpenGraph(Path(name), weights=graph.folder, model=model, folds=folds, exact=exact)
    wanted = dict.fromkeys([*outputs, *values])
    found_values = [run.run(wanted, feed) for feed in feeds]
    del run
    trim_heap()  # before the next session packs the same weights
    return found_values


def _error(exact: Sequence[_Arrays], other: Sequence[_Arrays], output: str) -> float:
    """Return the rms of the difference as a share of the exact values' rms."""
    pairs = [(a[output], b[output]) for a, b in zip(exact, other, strict=True)]
    off = sum(float(np.square(a - b, dtype=np.float64).sum()) for a, b in pairs)
    whole = sum(float(np.square(a, dtype=np.float64).sum()) for a, _ in pairs)
    return float(np.sqrt(off / max(whole, 1e-30)))


def _equal(exact: Sequence[_Arrays], other: Sequence[_Arrays], output: str) -> float:
    pairs = [a[output] == b[output] for a, b in zip(exact, other, strict=True)]
    return float(np.concatenate([one.reshape(-1) for one in pairs]).mean())


def _encoder_feed(sound: NDArray[np.float32]) -> _Arrays:
    features, mask = pad_batch([sound], sound.shape[1])
    return {
        **{"input_features": features, "attention_mask": mask},
        WATCHED_CLASSES: np.empty(0, np.int64),
    }


_LEAST_SLOTS = 8


def _editor_feed(bundle: Bundle, embed: OpenGraph, heard: Mapping[str, NDArray[Any]]) -> _Arrays:
    """Return the editor's inputs for an utterance as the reference encoder heard it."""
    length = int(heard["audio_lengths"][0])
    classes = heard["draft_classes"][0][heard["bpe_mask"][0] > 0]
    changes = classes[np.flatnonzero(np.diff(classes, prepend=-1))]
    tokens = changes[changes != bundle.ctc.blank] - bundle.ctc.shift
    slots = np.full(max(2 * len(tokens) + 1, _LEAST_SLOTS), bundle.eos_id, np.int64)
    slots[1 : 2 * len(tokens) : 2] = tokens
    text = embed.run(["inputs_embeds"], {"input_ids": slots[None]})["inputs_embeds"][0]
    scale = bundle.embedding_multiplier if bundle.scale_projected_embeddings else 1.0
    rows = np.concatenate([heard["audio_embeds"][0, :length] / np.float32(scale), text])
    count = len(rows)
    return {
        "inputs_embeds": rows[None].astype(np.float32),
        "position_ids": np.arange(count, dtype=np.int64)[None],
        "attention_mask": np.zeros((1, 1, count, count), np.float32),
        "audio_length": np.array([length], np.int64),
    }
