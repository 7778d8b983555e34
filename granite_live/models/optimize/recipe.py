"""Which rewrites each graph gets, in which order, and where the results lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import FixedGraph, Form, SharedWeights
from granite_live.models.optimize.attention import (
    rewrite_attention_mask,
    rewrite_padding,
    rewrite_relative_bias,
)
from granite_live.models.optimize.convolutions import (
    rewrite_channels_last,
    rewrite_depthwise,
    rewrite_gate,
)
from granite_live.models.optimize.coreml import fix_lengths, replace_unsupported_ops
from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount
from granite_live.models.optimize.graph_values import infer_values, resolve_weights
from granite_live.models.optimize.half import convert_to_float16
from granite_live.models.optimize.heads import (
    ENCODER_SCORES,
    add_draft_head,
    add_editor_head,
    drop_unread_outputs,
    drop_zero_mask,
    select_first_rows,
    select_listed_rows,
)
from granite_live.models.optimize.lengths import mask_padding
from granite_live.models.optimize.pointwise import rewrite_pointwise
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    import onnx

    from granite_live.models.bundle import Bundle


VERSION = 8
"""Part of the key of prepared tiers; increase when the rewrites change."""

Rewrite = Callable[[GraphEditor], RewriteCount]

_READ = frozenset({ENCODER_SCORES, "bpe_mask", "audio_embeds", "audio_lengths"})

_Steps = Sequence[tuple[str, Rewrite]]

# Forms for one utterance at a time, of any length.
_SINGLE = frozenset({Form.PREPARED, Form.ROW_SCALED})


def _encoder_rows(unsigned: bool | None) -> _Steps:
    """Return the first rewrites of the encoder; `unsigned` as for `rewrite_pointwise`."""
    return (
        ("unread outputs", lambda graph: drop_unread_outputs(graph, _READ)),
        ("pointwise convolutions", lambda graph: rewrite_pointwise(graph, unsigned=unsigned)),
        ("gates", rewrite_gate),
        ("depthwise convolutions", rewrite_depthwise),
    )


_ENCODER_LAYERS: _Steps = (
    ("convolutions of rows", rewrite_channels_last),
    ("padding before attention", rewrite_padding),
    ("relative position bias", rewrite_relative_bias),
    ("mask of attention", rewrite_attention_mask),
)

REWRITTEN = ("encoder", "editor")
"""The graphs that are rewritten. The embedding table is used as published."""


@dataclass(frozen=True, slots=True)
class RewrittenGraph:
    """A serialized rewritten model, the folder of its weights, and a report by rewrite."""

    model: bytes
    folder: Path
    report: dict[str, str]


@dataclass(frozen=True, slots=True, order=True)
class FixedSize:
    """The lengths of a graph of `Form.FIXED`, see `models.bundle.FixedGraph`."""

    rows: int
    slots: int = 0

    def lengths(self, name: str) -> dict[str, tuple[int, ...]]:
        """Return the axis lengths of a graph's inputs, without widths stated in the graph."""
        if name == "encoder":
            return {"input_features": (1, self.rows), "attention_mask": (1, self.rows)}
        both = self.rows + self.slots
        return {
            "inputs_embeds": (1, both),
            "position_ids": (1, both),
            "attention_mask": (1, 1, both, both),
        }


FIXED_SIZES: Mapping[str, tuple[FixedSize, ...]] = {
    "encoder": (FixedSize(400), FixedSize(1200)),
    "editor": (FixedSize(80, 96), FixedSize(240, 248)),
}
"""8 s, which fits most utterances and every draft, and 24 s: utterances are cut at 20 s.

Compiling takes minutes per graph and as much disk space as its weights. The slots allow 5.9 and 5.1
tokens a second; speech has 3.2.
"""


def rewrite_graph(
    name: str,
    path: Path,
    form: Form = Form.PREPARED,
    *,
    half: bool = False,
    size: FixedSize | None = None,
) -> RewrittenGraph:
    """Rewrite the graph at `path` into a prepared form, without reading its weights.

    `half` computes in 16 bits where this is safe. `Form.FIXED` requires a `size`; other forms
    accept any lengths.
    """
    import onnx

    published = onnx.load(path, load_external_data=False)
    steps = _steps(name, form, size, published)
    graph = GraphEditor(published, path.parent)
    report: dict[str, str] = {}
    branches = graph.has_branches()
    if branches and form is Form.FIXED:
        raise BundleError(OptimizeMessage.HAS_BRANCHES(graph=name))
    for title, rewrite in steps:
        if branches and title not in _NEEDED:
            report[title] = "left out, the graph has branches"
            continue
        report[title] = str(rewrite(graph))
        graph.prune()
    graph.drop_unread_inputs()
    model = graph.build()
    if size is not None:
        model = fix_lengths(model, size.lengths(name))
    if half and not branches:
        values = infer_values(model)
        graph = GraphEditor(model, path.parent)  # nodes are in topological order now
        report["products in 16 bits"] = str(convert_to_float16(graph, values.types))
        model = graph.build()
    if form is Form.FIXED:
        values = infer_values(model)
        graph = GraphEditor(model, path.parent)
        report["plain operators"] = str(replace_unsupported_ops(graph, values))
        graph.prune()
        model = graph.build()
    folder = resolve_weights(model, path.parent)
    return RewrittenGraph(model.SerializeToString(), folder, report)


def _steps(name: str, form: Form, size: FixedSize | None, model: onnx.ModelProto) -> _Steps:
    """Return the rewrites of a published model, in order."""
    if name == "encoder":
        # A graph of fixed lengths cannot have a varying number of watched classes.
        watchable = form is not Form.FIXED
        draft = ("draft in the graph", lambda g: add_draft_head(g, is_watchable=watchable))
        # A session of row scales makes integer products exact without changed weights.
        unsigned = False if form is Form.ROW_SCALED else None
        return (*_encoder_rows(unsigned), *_padding_steps(form, model), *_ENCODER_LAYERS, draft)
    head = "head for text rows"
    if form in _SINGLE:
        return (("mask of zeros", drop_zero_mask), (head, add_editor_head))
    take = select_listed_rows if size is None else select_first_rows(size.slots)
    return ((head, lambda graph: add_editor_head(graph, take)),)


def _padding_steps(form: Form, model: onnx.ModelProto) -> _Steps:
    """Return the rewrites for padded encoder input; the CPU form does not need padding."""
    if form in _SINGLE:
        return ()
    values = infer_values(model)
    return (("lengths of sounds", lambda graph: mask_padding(graph, values)),)


# Rewrites that define a prepared graph's outputs, and only touch outputs.
_NEEDED = frozenset({"draft in the graph", "head for text rows"})


def file_name(name: str, size: FixedSize | None = None, form: Form | None = None) -> str:
    """Return the file name of a graph, with its length if fixed.

    The graphs of `Form.TWO_TERMS` lie beside those of `Form.ROW_SCALED`.
    """
    if form is Form.TWO_TERMS:
        return f"{name}-two-terms.onnx"
    return f"{name}.onnx" if size is None else f"{name}-{size.rows}.onnx"


def weights_bytes(bundle: Bundle, name: str) -> int:
    """Return the size of a graph's files, its weights included."""
    files = bundle.graphs[name].parent.glob(f"{name}.*")
    return sum(file.stat().st_size for file in files)


def _own_bytes(home: Path, name: str) -> int:
    """Return the size of a graph's weights that lie beside it in `home`."""
    return (home / f"{file_name(name)}_data").stat().st_size


def with_prepared_graphs(
    bundle: Bundle, home: Path, form: Form, weights: Mapping[str, str]
) -> Bundle:
    """Return the bundle with the graphs in the folder `home`.

    `weights` are the folders of the weights that fixed and row-scaled graphs use: of the published
    ones, or "." for those in `home`.
    """
    if form is not Form.FIXED:
        graphs = {name: home / file_name(name, form=form) for name in REWRITTEN}
        shared = {
            name: SharedWeights(
                home / folder,
                _own_bytes(home, name) if folder == "." else weights_bytes(bundle, name),
            )
            for name, folder in weights.items()
        }
        return replace(bundle, graphs={**bundle.graphs, **graphs}, form=form, weights=shared)
    fixed = {
        name: tuple(
            FixedGraph(size.rows, size.slots, home / file_name(name, size), Path(weights[name]))
            for size in sizes
        )
        for name, sizes in FIXED_SIZES.items()
    }
    shortest = {name: graphs[0].path for name, graphs in fixed.items()}
    return replace(bundle, graphs={**bundle.graphs, **shortest}, form=form, fixed=fixed)
