"""What masks attention is added to its scores instead of chosen for them.

    Where(seen, scores, -3.4e38)    becomes    scores + Where(seen, 0, -3.4e38)

The second Where is as small as `seen`, and one does for all layers. A score is nothing beside
3.4e38, so the sums are the same to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from granite_live.bundle.prepare.editing import GraphEditor
from granite_live.bundle.prepare.outcome import Outcome

if TYPE_CHECKING:
    import onnx

# Half a unit in the last place of this is 5e22: whatever a score is, it disappears in it.
_VAST = -1e30


def rewrite_attention_mask(graph: GraphEditor) -> Outcome:
    """Rewrite every Where that has such a number on one side and leads to a Softmax."""
    masks: dict[tuple[str, bool, float], str] = {}
    changed = 0
    for node in graph.nodes:
        if node.op_type != "Where" or not _is_softened(graph, node):
            continue
        seen, yes, no = node.input
        kept, vast = (yes, graph.constants.scalar(no)), (no, graph.constants.scalar(yes))
        for is_kept_where_true, (scores, number) in ((True, kept), (False, vast)):
            if number is None or not -np.inf < number <= _VAST:
                continue
            key = (seen, is_kept_where_true, number)
            if key not in masks:
                masks[key] = _mask(graph, *key)
            result = node.output[0]
            graph.reread(result, graph.add("Add", [scores, masks[key]], f"{result}/masked"))
            changed += 1
            break
    return Outcome(changed)


def _is_softened(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    """Say whether a Softmax reads what `node` makes, or its sum with something."""
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
