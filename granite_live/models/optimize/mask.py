"""Remove additions of the editor's mask, which is always zero.

The editor attends in both directions and reads one utterance at a time: nothing is masked.
"""

from __future__ import annotations

from granite_live.models.optimize.editing import GraphEditor
from granite_live.models.optimize.outcome import Outcome

MASK = "attention_mask"


def drop_zero_mask(graph: GraphEditor) -> Outcome:
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
                graph.reread(node.output[0], scores)
                changed += 1
            else:
                left += 1
    return Outcome(changed, left)
