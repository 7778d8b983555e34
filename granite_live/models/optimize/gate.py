"""Apply the gate of a pointwise convolution before the Transpose, not after it.

    rows -> Transpose -> Split -> a * sigmoid(b)    becomes    rows -> Split -> ... -> Transpose

The Transpose then has half the size, and each number is computed as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from granite_live.models.optimize.editing import GraphEditor, attribute
from granite_live.models.optimize.outcome import Outcome
from granite_live.models.optimize.turning import TURNED, rows_behind

if TYPE_CHECKING:
    import onnx


def rewrite_gate(graph: GraphEditor) -> Outcome:
    """Rewrite every such gate over the channels of [B, C, T]."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "Split" or attribute(node, "axis", 0) not in {1, -2}:
            continue
        done = _rewrite(graph, node)
        changed, left = changed + done, left + (not done)
    return Outcome(changed, left)


def _rewrite(graph: GraphEditor, split: onnx.NodeProto) -> bool:
    rows = rows_behind(graph, split.input[0])
    if rows is None or len(split.output) != 2:
        return False
    value, opening = split.output
    sigmoid = graph.only_reader(opening, "Sigmoid")
    product = graph.only_reader(value, "Mul")
    if sigmoid is None or product is None:
        return False
    if graph.only_reader(sigmoid.output[0], "Mul") is not product:
        return False
    result = product.output[0]
    settings = {} if len(split.input) > 1 else {"num_outputs": 2}
    halves = graph.add_many(
        "Split",
        [rows, *split.input[1:]],
        [f"{result}/value", f"{result}/opening"],
        axis=2,
        **settings,
    )
    opened = graph.add("Sigmoid", [halves[1]], f"{result}/opened")
    gated = graph.add("Mul", [halves[0], opened], f"{result}/gated")
    graph.reread(result, graph.add("Transpose", [gated], f"{result}/channels", perm=TURNED))
    return True
