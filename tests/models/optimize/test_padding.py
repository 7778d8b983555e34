"""Zeros added after the projections instead of before: the same numbers, fewer of them computed."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from helpers.small_graphs import F32, integers, kinds, model_of, rewritten, run
from onnx import helper

from granite_live.models.optimize.attention import rewrite_padding
from granite_live.models.optimize.graph_editor import RewriteCount

WIDTH = 6


def _model(
    *, mode: str = "constant", fill: float = 0.0, last: int = 0, also: str | None = None
) -> onnx.ModelProto:
    rng = np.random.default_rng(1)
    weights = {
        "g": rng.standard_normal(WIDTH).astype(np.float32),
        "pads": np.array([0, 0, 0, 0, 3, last], np.int64),
        "fill": np.array(fill, np.float32),
        "wq": rng.standard_normal((WIDTH + last, 4)).astype(np.float32),
        "wk": rng.standard_normal((WIDTH + last, 8)).astype(np.float32),
    }
    nodes = [
        helper.make_node("LayerNormalization", ["x", "g"], ["n"]),
        helper.make_node("Pad", ["n", "pads", "fill"], ["p"], mode=mode),
        helper.make_node("MatMul", ["p", "wq"], ["q"]),
        helper.make_node("MatMul", ["p", "wk"], ["k"]),
        helper.make_node("Shape", ["p"], ["s"]),
        helper.make_node("Cast", ["s"], ["size"], to=F32),
    ]
    outputs = {"q": [1, "U", 4], "k": [1, "U", 8], "size": [3]}
    if also:
        nodes.append(helper.make_node(also, ["p"], ["other"]))
        outputs["other"] = [1, "U", WIDTH]
    return model_of(nodes, {"x": [1, "T", WIDTH]}, outputs, weights)


def _quantized() -> onnx.ModelProto:
    rng = np.random.default_rng(2)
    weights = {
        "g": rng.standard_normal(WIDTH).astype(np.float32),
        "pads": np.array([0, 0, 0, 0, 3, 0], np.int64),
    }
    nodes = [
        helper.make_node("LayerNormalization", ["x", "g"], ["n"]),
        helper.make_node("Pad", ["n", "pads"], ["p"]),
        helper.make_node("DynamicQuantizeLinear", ["p"], ["d", "d_scale", "d_zero"]),
    ]
    for name, width in (("q", 4), ("k", 8)):
        weights |= {
            f"w{name}": integers(rng, WIDTH, width),
            f"z{name}": integers(rng, width),
            f"s{name}": rng.uniform(0.01, 0.02, width).astype(np.float32),
        }
        nodes += [
            helper.make_node("Mul", ["d_scale", f"s{name}"], [f"{name}_scales"]),
            helper.make_node(
                "MatMulInteger", ["d", f"w{name}", "d_zero", f"z{name}"], [f"{name}_i"]
            ),
            helper.make_node("Cast", [f"{name}_i"], [f"{name}_f"], to=F32),
            helper.make_node("Mul", [f"{name}_f", f"{name}_scales"], [name]),
        ]
    outputs = {"q": [1, "U", 4], "k": [1, "U", 8]}
    return model_of(nodes, {"x": [1, "T", WIDTH]}, outputs, weights)


@pytest.mark.parametrize("model", [_model(), _quantized()])
def test_the_same_numbers_to_the_last_bit(model: onnx.ModelProto) -> None:
    narrow, outcome = rewritten(model, rewrite_padding)
    assert outcome == RewriteCount(1)
    order = [node.op_type for node in narrow.graph.node]
    products = [i for i, kind in enumerate(order) if kind.startswith("MatMul")]
    assert kinds(narrow)["Pad"] >= 2
    assert max(i for i, kind in enumerate(order) if kind == "Pad") > min(products)
    rows = np.random.default_rng(0).standard_normal((1, 7, WIDTH)).astype(np.float32)
    for was, now in zip(run(model, x=rows), run(narrow, x=rows), strict=True):
        np.testing.assert_array_equal(now, was)


def test_the_products_read_rows_that_are_not_padded() -> None:
    narrow, _ = rewritten(_model(), rewrite_padding)
    for node in narrow.graph.node:
        if node.op_type == "MatMul":
            assert node.input[0] == "n"


@pytest.mark.parametrize(
    "model",
    [_model(mode="reflect"), _model(fill=0.5), _model(last=2), _model(also="Tanh")],
    ids=["reflected", "not zero", "wider", "read by something else"],
)
def test_any_other_padding_is_left_and_counted(model: onnx.ModelProto) -> None:
    same, outcome = rewritten(model, rewrite_padding)
    assert outcome == RewriteCount(left=1)
    assert kinds(same) == kinds(model)
