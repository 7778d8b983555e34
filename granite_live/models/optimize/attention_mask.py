"""Mask attention by adding to the scores instead of selecting.

    Where(seen, scores, -3.4e38)    becomes    scores + Where(seen, 0, -3.4e38)

The second Where is as small as `seen` and is shared by all layers. Adding a score to 3.4e38 does
not change it, so the results are bit-identical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from granite_live.models.optimize.editing import GraphEditor
from granite_live.models.optimize.outcome import Outcome

if TYPE_CHECKING:
    import onnx

# Half a unit in the last place is 5e22: every attention score vanishes in the sum.
_VAST = -1e30


class Masked(NamedTuple):
    """Attention scores, and the Where that replaces some of them by a large negative `number`."""

    scores: str
    condition: str
    is_kept_where_true: bool
    number: float


def rewrite_attention_mask(graph: GraphEditor) -> Outcome:
    """Rewrite every Where that has a large negative constant and leads to a Softmax."""
    masks: dict[tuple[str, bool, float], str] = {}
    changed = 0
    for node in graph.nodes:
        found = find_masked(graph, node)
        if found is None:
            continue
        key = found.condition, found.is_kept_where_true, found.number
        if key not in masks:
            masks[key] = _mask(graph, *key)
        result = node.output[0]
        graph.reread(result, graph.add("Add", [found.scores, masks[key]], f"{result}/masked"))
        changed += 1
    return Outcome(changed)


def find_masked(graph: GraphEditor, node: onnx.NodeProto) -> Masked | None:
    """Return the masking of `node`, None if it is not such a Where."""
    if node.op_type != "Where" or not _is_softened(graph, node):
        return None
    seen, yes, no = node.input
    for scores, other in ((yes, no), (no, yes)):
        number = graph.constants.scalar(other)
        if number is not None and -np.inf < number <= _VAST:
            return Masked(scores, seen, scores == yes, number)
    return None


def _is_softened(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    """Return whether a Softmax reads the output of `node`, or its sum with another value."""
    reader = graph.only_reader(node.output[0], "Softmax", "Add")
    if reader is not None and reader.op_type == "Add":
        reader = graph.only_reader(reader.output[0], "Softmax")
    return reader is not None


def _mask(graph: GraphEditor, seen: str, is_kept_where_true: bool, number: float) -> str:
    sides = [
        graph.constant(np.array(value, np.float32), f"{seen}/{name}")
        for value, name in ((0.0, "seen"), (number, "unseen"))
    ]
    return graph.add(
        "Where", [seen, *(sides if is_kept_where_true else sides[::-1])], f"{seen}/sum"
    )
