"""Rewrites of the outputs: classes and probabilities instead of scores, text rows only, no unread
outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount, attribute

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, slots=True)
class BestClassOutputs:
    """Value names; each value has the axes of the scores except the last.

    `ids` int64, the first of the best classes; `probability` float32, its softmax.
    """

    ids: str
    probability: str
    scores_below_best: str
    exponentials: str
    total: str


@dataclass(frozen=True, slots=True)
class _Scores:
    """The name of scores [..., classes], whose last class stands for `alike` equal ones."""

    name: str
    alike: int = 1


def add_best(graph: GraphEditor, scored: _Scores, hint: str) -> BestClassOutputs:
    """Add the nodes for the scores."""
    scores = scored.name
    axis = graph.constant(np.array([-1], np.int64), f"{hint}/axis")
    ids = graph.add("ArgMax", [scores], f"{hint}/best", axis=-1, keepdims=0)
    top = graph.add("ReduceMax", [scores, axis], f"{hint}/top", keepdims=1)
    below = graph.add("Sub", [scores, top], f"{hint}/below_top")
    exponentials = graph.add("Exp", [below], f"{hint}/exponentials")
    total = _sum(graph, exponentials, scored.alike, f"{hint}/total")
    # The best class has the exponential exp(0) = 1.
    probability = graph.add("Reciprocal", [total], f"{hint}/probability")
    return BestClassOutputs(ids, probability, below, exponentials, total)


def add_entropy(graph: GraphEditor, best: BestClassOutputs, alike: int, hint: str) -> str:
    """Add the entropy of each row in nats: log(total) - sum(exp(x) * x) / total."""
    weighted = graph.add(
        "Mul", [best.exponentials, best.scores_below_best], f"{hint}/entropy_parts"
    )
    summed = _sum(graph, weighted, alike, f"{hint}/entropy_sum")
    mean = graph.add("Div", [summed, best.total], f"{hint}/entropy_mean")
    log = graph.add("Log", [best.total], f"{hint}/entropy_log")
    return graph.add("Sub", [log, mean], f"{hint}/entropy")


def _sum(graph: GraphEditor, values: str, alike: int, hint: str) -> str:
    """Add the sum over the classes, the last of them counted `alike` times."""
    axis = graph.constant(np.array([-1], np.int64), f"{hint}/axis")
    total = graph.add("ReduceSum", [values, axis], hint, keepdims=0)
    if alike == 1:
        return total
    place = graph.constant(np.array(-1, np.int64), f"{hint}/last_place")
    times = graph.constant(np.array(alike - 1, np.float32), f"{hint}/further")
    last = graph.add("Gather", [values, place], f"{hint}/last", axis=-1)
    further = graph.add("Mul", [last, times], f"{hint}/others")
    return graph.add("Add", [total, further], f"{hint}/of_all")


ENCODER_SCORES = "bpe_logits_dense"
WATCHED_CLASSES = "watched_classes"
WATCHED_SCORES = "watched_scores"


def add_draft_head(graph: GraphEditor, *, is_watchable: bool = True) -> RewriteCount:
    """Replace the scores by `draft_classes`, `draft_probabilities` and `draft_entropies`.

    Each is [batch, frames]: int64, float32 in 0..1, float32 in nats. onnxruntime computes all
    outputs, requested or not; the entropies cost two passes over the scores.

    With `is_watchable` the new input `watched_classes` int64 [W] chooses classes whose scores
    minus the best of their frame become the output `watched_scores` float32 [batch, frames, W].
    """
    if ENCODER_SCORES not in graph.outputs:
        return RewriteCount()
    scored = _without_filling(graph, ENCODER_SCORES)
    best = add_best(graph, scored, "draft")
    axes = ("B", "T_bpe")
    graph.add_output(best.ids, "draft_classes", np.int64, axes)
    graph.add_output(best.probability, "draft_probabilities", np.float32, axes)
    entropy = add_entropy(graph, best, scored.alike, "draft")
    graph.add_output(entropy, "draft_entropies", np.float32, axes)
    if is_watchable:
        graph.add_input(WATCHED_CLASSES, np.int64, ["W"])
        chosen = WATCHED_CLASSES
        if scored.alike > 1:
            width = graph.add("Shape", [scored.name], "draft/width", start=-1)
            one = graph.constant(np.array([1], np.int64), "draft/one")
            last = graph.add("Sub", [width, one], "draft/last_class")
            chosen = graph.add("Min", [WATCHED_CLASSES, last], "draft/watched_classes")
        inputs = [best.scores_below_best, chosen]
        watched = graph.add("Gather", inputs, "draft/watched", axis=2)
        graph.add_output(watched, WATCHED_SCORES, np.float32, (*axes, "W"))
    graph.drop_output(ENCODER_SCORES)
    return RewriteCount(1)


def _without_filling(graph: GraphEditor, scores: str) -> _Scores:
    """Return the scores with one in place of all classes that are filled in behind the others.

    A head that writes fewer classes than the vocabulary has, as that of the demo model, fills in
    the rest with a number. Then most of the work on the scores is work on copies of it.
    """
    pad = graph.producer(scores, "Pad")
    if pad is None or attribute(pad, "mode", b"constant") != b"constant" or len(pad.input) > 3:
        return _Scores(scores)
    amounts = graph.constants.value(pad.input[1])
    if amounts is None or amounts.shape != (6,) or amounts[:5].any() or amounts[5] < 2:
        return _Scores(scores)
    single = graph.constant(np.array([0, 0, 0, 0, 0, 1], np.int64), "draft/single")
    inputs = [pad.input[0], single, *pad.input[2:]]
    return _Scores(graph.add("Pad", inputs, "draft/scores"), int(amounts[5]))


EDITOR_SCORES = "logits"
LENGTH = "audio_length"
ROWS = "text_rows"
RowSelector = Callable[[GraphEditor, str], str]
"""Adds nodes that select the text rows of a value [batch, rows, ...]; returns the new name."""

# Row-wise operators that may follow the head's matrix product.
_BY_ROW = frozenset({"Add", "Cast", "Div", "Identity", "Mul", "Sub"})


def select_rows_after_audio(graph: GraphEditor, value: str) -> str:
    """Select the rows from the new input `audio_length` int64 [1] on."""
    graph.add_input(LENGTH, np.int64, [1])
    return _slice(graph, value, LENGTH, np.iinfo(np.int64).max)


def select_listed_rows(graph: GraphEditor, value: str) -> str:
    """Select the rows listed in the new input `text_rows` int64 [L]."""
    graph.add_input(ROWS, np.int64, ["L"])
    return graph.add("Gather", [value, ROWS], "text/rows", axis=1)


def select_first_rows(count: int) -> RowSelector:
    """Select the first `count` rows."""

    def take(graph: GraphEditor, value: str) -> str:
        start = graph.constant(np.array([0], np.int64), "text/start")
        return _slice(graph, value, start, count)

    return take


def add_editor_head(
    graph: GraphEditor, take: RowSelector = select_rows_after_audio
) -> RewriteCount:
    """Replace `logits` by `text_tokens` int64 and `text_probabilities` float32, [batch, slots]."""
    if EDITOR_SCORES not in graph.outputs:
        return RewriteCount()
    product = _head(graph)
    scores = EDITOR_SCORES
    if product is None:
        scores = take(graph, EDITOR_SCORES)
    else:
        _narrow(graph, product, take)
    best = add_best(graph, _Scores(scores), "text")
    axes = ("B", "L")
    graph.add_output(best.ids, "text_tokens", np.int64, axes)
    graph.add_output(best.probability, "text_probabilities", np.float32, axes)
    graph.drop_output(EDITOR_SCORES)
    return RewriteCount(int(product is not None), int(product is None))


def _head(graph: GraphEditor) -> onnx.NodeProto | None:
    """Return the product with the vocabulary's weights, if only scaling follows it."""
    value = EDITOR_SCORES
    while (node := graph.producer(value)) is not None:
        if node.op_type in {"MatMul", "MatMulInteger"}:
            return node if _is_head(graph, node) else None
        if node.op_type not in _BY_ROW:
            return None
        varying = [name for name in node.input if not _is_single(graph, name)]
        if len(varying) != 1:
            return None
        value = varying[0]
    return None


def _is_single(graph: GraphEditor, name: str) -> bool:
    """Return whether a value is the same for every row: constant or a quantization scale."""
    if graph.constants.value(name) is not None:
        return True
    node = graph.producer(name, "Mul", "DynamicQuantizeLinear")
    if node is None:
        return False
    if node.op_type == "DynamicQuantizeLinear":
        return bool(name == node.output[1])
    return all(_is_single(graph, one) for one in node.input)


def _is_head(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    weight = graph.constants.value(node.input[1])
    if weight is None or weight.ndim != 2:
        return False
    return node.op_type == "MatMul" or _quantizer(graph, node) is not None


def _quantizer(graph: GraphEditor, product: onnx.NodeProto) -> onnx.NodeProto | None:
    quantise = graph.producer(product.input[0], "DynamicQuantizeLinear")
    if quantise is None or len(product.input) < 3 or product.input[2] != quantise.output[2]:
        return None
    # Other readers of the quantized values would be narrowed too.
    alone = graph.readers(quantise.output[0]) == [product]
    return quantise if alone and graph.readers(quantise.output[2]) == [product] else None


def _narrow(graph: GraphEditor, product: onnx.NodeProto, take: RowSelector) -> None:
    """Make the head read text rows only; quantization then takes the scale of these rows."""
    first = product if product.op_type == "MatMul" else graph.producer(product.input[0])
    assert first is not None  # checked in `_is_head`
    whole = first.input[0]
    others = [node for node in graph.readers(whole) if node is not first]
    text = take(graph, whole)
    taker = graph.producer(text)
    assert taker is not None
    graph.replace_reads(whole, text, keep=[*others, taker])


def _slice(graph: GraphEditor, value: str, start: str, stop: int) -> str:
    end = graph.constant(np.array([stop], np.int64), "text/end")
    axis = graph.constant(np.array([1], np.int64), "text/axis")
    return graph.add("Slice", [value, start, end, axis], "text/rows")


MASK = "attention_mask"


def drop_zero_mask(graph: GraphEditor) -> RewriteCount:
    """Remove additions of the mask [1, 1, N, N], and the input if nothing else reads it."""
    changed = left = 0
    zeros = [MASK] if MASK in graph.inputs else []
    while zeros:
        zero = zeros.pop()
        for node in graph.readers(zero):
            if node.op_type == "Identity" or (node.op_type == "Slice" and node.input[0] == zero):
                zeros.append(node.output[0])
            elif node.op_type == "Add" and node.input[0] != node.input[1]:
                scores = node.input[1] if node.input[0] == zero else node.input[0]
                graph.replace_reads(node.output[0], scores)
                changed += 1
            else:
                left += 1
    return RewriteCount(changed, left)


def drop_unread_outputs(graph: GraphEditor, read: Collection[str]) -> RewriteCount:
    """Drop every output that is not in `read`, with the nodes that only it needs."""
    unread = [name for name in graph.outputs if name not in read]
    for name in unread:
        graph.drop_output(name)
    graph.prune()
    return RewriteCount(len(unread))
