"""The bias by relative position: a product and a shift say what the Einsum says."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from helpers.small_graphs import kinds, model_of, rewritten, run
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from granite_live.models.optimize.attention import distinct_rows, rewrite_relative_bias
from granite_live.models.optimize.graph_editor import RewriteCount

EQUATION = "b m h c d, c r d -> b m h c r"


def _model(table: np.ndarray, equation: str = EQUATION) -> onnx.ModelProto:
    node = helper.make_node("Einsum", ["q", "table"], ["y"], equation=equation)
    places, columns, width = table.shape
    return model_of(
        [node],
        {"q": [1, "m", 2, places, width]},
        {"y": [1, "m", 2, places, columns]},
        {"table": table},
    )


def _multiplied(table: np.ndarray, *sides: str) -> onnx.ModelProto:
    """The model with a product of `sides` behind the Einsum, whose result is "bias"."""
    model = _model(table)
    model.graph.node[0].output[0] = "bias"
    model.graph.node.append(helper.make_node("Mul", sides, ["y"]))
    scale = onnx.numpy_helper.from_array(np.array(0.088, np.float32), "scale")
    model.graph.initializer.append(scale)
    return model


def _assert_same(new: onnx.ModelProto, old: onnx.ModelProto, query: np.ndarray) -> None:
    np.testing.assert_allclose(run(new, q=query)[0], run(old, q=query)[0], rtol=1e-4, atol=1e-5)


def _relative(places: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """A table whose row for (c, r) depends on r - c alone."""
    rows = rng.standard_normal((2 * places - 1, width)).astype(np.float32)
    offsets = np.arange(places)[None] - np.arange(places)[:, None] + places - 1
    return rows[offsets]


@given(places=st.integers(1, 12), width=st.integers(1, 9), blocks=st.integers(1, 3))
def test_a_table_of_distances_becomes_one_product_and_a_shift(
    places: int, width: int, blocks: int
) -> None:
    rng = np.random.default_rng(places)
    model = _model(_relative(places, width, rng))
    shifted, outcome = rewritten(model, rewrite_relative_bias)
    assert outcome == RewriteCount(1)
    assert kinds(shifted)["Einsum"] == 0
    _assert_same(
        shifted, model, rng.standard_normal((1, blocks, 2, places, width)).astype(np.float32)
    )


@pytest.mark.parametrize("scale_first", [False, True])
def test_what_the_bias_is_multiplied_by_goes_into_the_table(scale_first: bool) -> None:
    rng = np.random.default_rng(4)
    sides = ["scale", "bias"] if scale_first else ["bias", "scale"]
    model = _multiplied(_relative(6, 4, rng), *sides)
    shifted, outcome = rewritten(model, rewrite_relative_bias)
    assert outcome == RewriteCount(1)
    assert kinds(shifted)["Mul"] == 0
    _assert_same(shifted, model, rng.standard_normal((1, 2, 2, 6, 4)).astype(np.float32))


def test_what_is_multiplied_by_itself_is_not_scaled() -> None:
    rng = np.random.default_rng(5)
    model = _multiplied(_relative(6, 4, rng), "bias", "bias")
    shifted, _ = rewritten(model, rewrite_relative_bias)
    _assert_same(shifted, model, rng.standard_normal((1, 2, 2, 6, 4)).astype(np.float32))


def test_the_shifted_form_does_not_store_the_table() -> None:
    table = _relative(20, 8, np.random.default_rng(0))
    shifted, _ = rewritten(_model(table), rewrite_relative_bias)
    stored = sum(onnx.numpy_helper.to_array(t).nbytes for t in shifted.graph.initializer)
    assert stored < table.nbytes / 8


@pytest.mark.parametrize("shape", [(6, 6, 4), (6, 5, 4)])
def test_any_other_table_becomes_a_batched_product(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    model = _model(rng.standard_normal(shape).astype(np.float32))
    batched, outcome = rewritten(model, rewrite_relative_bias)
    assert outcome == RewriteCount(1)
    assert kinds(batched)["MatMul"] == 1
    _assert_same(batched, model, rng.standard_normal((1, 2, 2, 6, 4)).astype(np.float32))


def test_a_table_with_one_odd_number_is_not_taken_for_one_of_distances() -> None:
    table = _relative(9, 3, np.random.default_rng(2))
    assert distinct_rows(table) is not None
    table[5, 7, 1] += 1
    assert distinct_rows(table) is None


def test_another_equation_is_left_and_counted() -> None:
    table = np.random.default_rng(3).standard_normal((5, 5, 4)).astype(np.float32)
    model = _model(table, "b m h c d, r c d -> b m h c r")
    _, outcome = rewritten(model, rewrite_relative_bias)
    assert outcome == RewriteCount(left=1)
