"""Compute the editor's vocabulary head for text rows only, and return the best tokens.

A `Taking` selects the text rows: before the head if the head is found, else after it, which gives
the same tokens without the gain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.best import add_best
from granite_live.models.optimize.editing import GraphEditor
from granite_live.models.optimize.outcome import Outcome

if TYPE_CHECKING:
    import onnx

SCORES = "logits"
LENGTH = "audio_length"
ROWS = "text_rows"
Taking = Callable[[GraphEditor, str], str]
"""Adds nodes that select the text rows of a value [batch, rows, ...]; returns the new name."""

# Row-wise operators that may follow the head's matrix product.
_BY_ROW = frozenset({"Add", "Cast", "Div", "Identity", "Mul", "Sub"})


def rows_behind_audio(graph: GraphEditor, value: str) -> str:
    """Select the rows from the new input `audio_length` int64 [1] on."""
    graph.add_input(LENGTH, np.int64, [1])
    return _slice(graph, value, LENGTH, np.iinfo(np.int64).max)


def rows_listed(graph: GraphEditor, value: str) -> str:
    """Select the rows listed in the new input `text_rows` int64 [L]."""
    graph.add_input(ROWS, np.int64, ["L"])
    return graph.add("Gather", [value, ROWS], "text/rows", axis=1)


def first_rows(count: int) -> Taking:
    """Select the first `count` rows."""

    def take(graph: GraphEditor, value: str) -> str:
        start = graph.constant(np.array([0], np.int64), "text/start")
        return _slice(graph, value, start, count)

    return take


def add_editor_head(graph: GraphEditor, take: Taking = rows_behind_audio) -> Outcome:
    """Replace `logits` by `text_tokens` int64 and `text_probabilities` float32, [batch, slots]."""
    if SCORES not in graph.outputs:
        return Outcome()
    product = _head(graph)
    scores = SCORES
    if product is None:
        scores = take(graph, SCORES)
    else:
        _narrow(graph, product, take)
    best = add_best(graph, scores, "text")
    axes = ("B", "L")
    graph.add_output(best.ids, "text_tokens", np.int64, axes)
    graph.add_output(best.probability, "text_probabilities", np.float32, axes)
    graph.drop_output(SCORES)
    return Outcome(int(product is not None), int(product is None))


def _head(graph: GraphEditor) -> onnx.NodeProto | None:
    """Return the product with the vocabulary's weights, if only scaling follows it."""
    value = SCORES
    while (node := graph.maker(value)) is not None:
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
    node = graph.maker(name, "Mul", "DynamicQuantizeLinear")
    if node is None:
        return False
    if node.op_type == "DynamicQuantizeLinear":
        return bool(name == node.output[1])
    return all(_is_single(graph, one) for one in node.input)


def _is_head(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    weight = graph.constants.value(node.input[1])
    if weight is None or weight.ndim != 2:
        return False
    return node.op_type == "MatMul" or _quantiser(graph, node) is not None


def _quantiser(graph: GraphEditor, product: onnx.NodeProto) -> onnx.NodeProto | None:
    quantise = graph.maker(product.input[0], "DynamicQuantizeLinear")
    if quantise is None or len(product.input) < 3 or product.input[2] != quantise.output[2]:
        return None
    # Other readers of the quantized values would be narrowed too.
    alone = graph.readers(quantise.output[0]) == [product]
    return quantise if alone and graph.readers(quantise.output[2]) == [product] else None


def _narrow(graph: GraphEditor, product: onnx.NodeProto, take: Taking) -> None:
    """Make the head read text rows only; quantization then takes the scale of these rows."""
    first = product if product.op_type == "MatMul" else graph.maker(product.input[0])
    assert first is not None  # checked in `_is_head`
    whole = first.input[0]
    others = [node for node in graph.readers(whole) if node is not first]
    text = take(graph, whole)
    taker = graph.maker(text)
    assert taker is not None
    graph.reread(whole, text, keep=[*others, taker])


def _slice(graph: GraphEditor, value: str, start: str, stop: int) -> str:
    end = graph.constant(np.array([stop], np.int64), "text/end")
    axis = graph.constant(np.array([1], np.int64), "text/axis")
    return graph.add("Slice", [value, start, end, axis], "text/rows")
