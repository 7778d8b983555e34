"""Nodes that say of each row of scores which class is the best, and how likely it is.

The rows have a hundred thousand classes: what leaves the graph is two numbers each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from granite_live.bundle.prepare.editing import GraphEditor


@dataclass(frozen=True, slots=True)
class Best:
    """Names of values, each with the scores' axes but the last.

    `ids` int64, the first of the best classes; `probability` float32, its softmax.
    """

    ids: str
    probability: str
    scores_below_best: str
    exponentials: str
    total: str


def add_best(graph: GraphEditor, scores: str, hint: str) -> Best:
    """Add the nodes for `scores` [..., classes]."""
    axis = graph.constant(np.array([-1], np.int64), f"{hint}/axis")
    ids = graph.add("ArgMax", [scores], f"{hint}/best", axis=-1, keepdims=0)
    top = graph.add("ReduceMax", [scores, axis], f"{hint}/top", keepdims=1)
    below = graph.add("Sub", [scores, top], f"{hint}/below_top")
    exponentials = graph.add("Exp", [below], f"{hint}/exponentials")
    total = graph.add("ReduceSum", [exponentials, axis], f"{hint}/total", keepdims=0)
    # The best class's own exponential is exp(0).
    probability = graph.add("Reciprocal", [total], f"{hint}/probability")
    return Best(ids, probability, below, exponentials, total)


def add_entropy(graph: GraphEditor, best: Best, hint: str) -> str:
    """Add the entropy of each row in nats: log(total) - sum(exp(x) * x) / total."""
    axis = graph.constant(np.array([-1], np.int64), f"{hint}/entropy_axis")
    weighted = graph.add(
        "Mul", [best.exponentials, best.scores_below_best], f"{hint}/entropy_parts"
    )
    summed = graph.add("ReduceSum", [weighted, axis], f"{hint}/entropy_sum", keepdims=0)
    mean = graph.add("Div", [summed, best.total], f"{hint}/entropy_mean")
    log = graph.add("Log", [best.total], f"{hint}/entropy_log")
    return graph.add("Sub", [log, mean], f"{hint}/entropy")
