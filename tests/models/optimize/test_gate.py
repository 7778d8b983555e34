"""A gate closed before turning gives the same numbers to the last bit."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from helpers.small_graphs import F32, model_of, rewritten, run
from onnx import helper

from granite_live.models.optimize.convolutions import rewrite_gate
from granite_live.models.optimize.graph_editor import RewriteCount


def _model(*, perm: list[int] | None = None, sizes: bool = False) -> onnx.ModelProto:
    split = ["turned", "sizes"] if sizes else ["turned"]
    settings = {} if sizes else {"num_outputs": 2}
    nodes = [
        helper.make_node("Transpose", ["x"], ["turned"], perm=perm or [0, 2, 1]),
        helper.make_node("Split", split, ["a", "b"], axis=1, **settings),
        helper.make_node("Sigmoid", ["b"], ["open"]),
        helper.make_node("Mul", ["a", "open"], ["y"]),
    ]
    weights = {"sizes": np.array([6, 6], np.int64)} if sizes else {}
    return model_of(nodes, {"x": [1, "T", 12]}, {"y": [1, "C", "T"]}, weights)


@pytest.mark.parametrize("sizes", [True, False])
def test_the_same_numbers_with_half_as_much_to_turn(sizes: bool) -> None:
    model = _model(sizes=sizes)
    gated, outcome = rewritten(model, rewrite_gate)
    assert outcome == RewriteCount(1)
    order = [node.op_type for node in gated.graph.node]
    assert order.index("Split") < order.index("Transpose")
    rows = np.random.default_rng(0).standard_normal((1, 7, 12)).astype(np.float32)
    np.testing.assert_array_equal(run(gated, x=rows)[0], run(model, x=rows)[0])


def test_what_is_not_such_a_gate_is_left_and_counted() -> None:
    batch_first = _model(perm=[0, 1, 2])
    read_twice = _model()
    read_twice.graph.output.append(helper.make_tensor_value_info("b", F32, [1, "C", "T"]))
    for model in (batch_first, read_twice):
        _, outcome = rewritten(model, rewrite_gate)
        assert outcome == RewriteCount(left=1)
