"""A mask that is added says what one that chooses says."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from helpers.small_graphs import kinds, model_of, rewritten, run
from onnx import TensorProto, helper

from granite_live.models.optimize.attention import rewrite_attention_mask
from granite_live.models.optimize.graph_editor import RewriteCount

VAST = -3.4e38


def _model(
    *, vast: float = VAST, vast_first: bool = False, added: bool = True, layers: int = 2
) -> onnx.ModelProto:
    """Softmaxes over masked scores, in each layer of other scores but of the same mask."""
    sides = ["vast", "s{}"] if vast_first else ["s{}", "vast"]
    nodes = [helper.make_node("Cast", ["n"], ["seen"], to=TensorProto.BOOL)]
    for layer in map(str, range(layers)):
        side_names = [side.format(layer) for side in sides]
        nodes.append(helper.make_node("Where", ["seen", *side_names], [f"m{layer}"]))
        if added:
            nodes.append(helper.make_node("Add", [f"o{layer}", f"m{layer}"], [f"a{layer}"]))
        nodes.append(
            helper.make_node("Softmax", [f"{'a' if added else 'm'}{layer}"], [f"y{layer}"])
        )
    names = [f"{one}{layer}" for layer in range(layers) for one in ("so" if added else "s")]
    shape = [2, 3, 4, 4]
    return model_of(
        nodes,
        {"n": [2, 1, 4, 4], **dict.fromkeys(names, shape)},
        {f"y{layer}": shape for layer in range(layers)},
        {"vast": np.array(vast, np.float32)},
    )


def _feed(model: onnx.ModelProto, rng: np.random.Generator) -> dict[str, np.ndarray]:
    seen = rng.integers(0, 2, (2, 1, 4, 4)).astype(np.float32)
    seen[1, 0, 2] = 0  # a place that sees nothing, as those after the end are
    seen[1, 0, 3] = 1
    scores = [value.name for value in model.graph.input if value.name != "n"]
    return {
        "n": seen,
        **{name: 30 * rng.standard_normal((2, 3, 4, 4)).astype(np.float32) for name in scores},
    }


@pytest.mark.parametrize("vast_first", [False, True])
@pytest.mark.parametrize("added", [False, True])
def test_the_same_to_the_last_bit_with_one_small_choice(vast_first: bool, added: bool) -> None:
    model = _model(vast_first=vast_first, added=added)
    summed, outcome = rewritten(model, rewrite_attention_mask)
    assert outcome == RewriteCount(2)
    assert kinds(summed)["Where"] == 1
    feed = _feed(model, np.random.default_rng(0))
    for new, old in zip(run(summed, **feed), run(model, **feed), strict=True):
        np.testing.assert_array_equal(new, old)


@pytest.mark.parametrize("vast", [-1e4, 3.4e38, -np.inf, 0.0])
def test_a_number_that_a_score_would_change_is_left_alone(vast: float) -> None:
    model = _model(vast=vast)
    same, outcome = rewritten(model, rewrite_attention_mask)
    assert outcome == RewriteCount()
    assert kinds(same)["Where"] == 2


def test_a_choice_that_leads_elsewhere_is_left_alone() -> None:
    model = _model(layers=1)
    model.graph.node[-1].op_type = "Relu"
    assert rewritten(model, rewrite_attention_mask)[1] == RewriteCount()
