"""Make the encoder return the best class of each frame instead of all scores."""

from __future__ import annotations

import numpy as np

from granite_live.models.optimize.best import add_best, add_entropy
from granite_live.models.optimize.editing import GraphEditor
from granite_live.models.optimize.outcome import Outcome

SCORES = "bpe_logits_dense"


def add_draft_head(graph: GraphEditor) -> Outcome:
    """Replace the scores by `draft_classes`, `draft_probabilities` and `draft_entropies`.

    Each is [batch, frames]: int64, float32 in 0..1, float32 in nats. onnxruntime computes all
    outputs, requested or not; the entropies cost two passes over the scores.
    """
    if SCORES not in graph.outputs:
        return Outcome()
    best = add_best(graph, SCORES, "draft")
    axes = ("B", "T_bpe")
    graph.add_output(best.ids, "draft_classes", np.int64, axes)
    graph.add_output(best.probability, "draft_probabilities", np.float32, axes)
    entropy = add_entropy(graph, best, "draft")
    graph.add_output(entropy, "draft_entropies", np.float32, axes)
    graph.drop_output(SCORES)
    return Outcome(1)
