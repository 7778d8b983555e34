"""Add nodes that compute the best class of each row of scores and its probability.

The graph then returns two numbers a row instead of a hundred thousand scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from granite_live.models.optimize.editing import GraphEditor


@dataclass(frozen=True, slots=True)
class Best:
    """Value names; each value has the axes of the scores except the last.

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
    # The best class has the exponential exp(0) = 1.
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
