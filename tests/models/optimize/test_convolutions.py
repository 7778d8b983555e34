"""Convolutions as products: the same numbers, to the last bit where they are integers."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import onnx
import pytest
from helpers.small_graphs import integers, kinds, model_of, quantized_conv, rewritten, run
from onnx import helper

from granite_live.models.optimize.convolutions import rewrite_depthwise
from granite_live.models.optimize.graph_editor import RewriteCount
from granite_live.models.optimize.pointwise import rewrite_pointwise, signed_products_saturate


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def _sound(rng: np.random.Generator, channels: int, length: int = 37) -> np.ndarray:
    return rng.standard_normal((1, channels, length)).astype(np.float32)


def _conv(rng: np.random.Generator, weight: tuple[int, ...], **settings: Any) -> onnx.ModelProto:
    weights = {
        "w": rng.standard_normal(weight).astype(np.float32),
        "b": rng.standard_normal(weight[0]).astype(np.float32),
    }
    node = helper.make_node("Conv", ["x", "w", "b"], ["y"], **settings)
    inputs = weight[1] * settings.get("group", 1)
    return model_of([node], {"x": [1, inputs, "T"]}, {"y": [1, weight[0], "U"]}, weights)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("zero_point", [0, 3])
def test_a_quantised_pointwise_convolution_is_bit_equal_as_a_product(
    rng: np.random.Generator, bias: bool, per_channel: bool, zero_point: int
) -> None:
    model = quantized_conv(
        rng, integers(rng, 24, 16, 1), bias=bias, per_channel=per_channel, zero_point=zero_point
    )
    product, outcome = rewritten(model, rewrite_pointwise)
    assert outcome == RewriteCount(1)
    assert kinds(product)["ConvInteger"] == 0
    assert kinds(product)["MatMulInteger"] == 1
    sound = _sound(rng, 16)
    np.testing.assert_array_equal(run(product, x=sound)[0], run(model, x=sound)[0])


@pytest.mark.parametrize("zero_point", [0, 3])
@pytest.mark.parametrize("unsigned", [True, False])
def test_the_largest_weights_are_multiplied_exactly(
    rng: np.random.Generator, unsigned: bool, zero_point: int
) -> None:
    """Without VNNI an x86 processor clips sums of signed products: there they are unsigned."""
    if not unsigned and signed_products_saturate():
        pytest.skip("this processor multiplies signed weights inexactly, so they are not used")
    weight = np.where(integers(rng, 24, 16, 1) < 0, -127, 127).astype(np.int8)
    model = quantized_conv(rng, weight, zero_point=zero_point)
    product, outcome = rewritten(model, partial(rewrite_pointwise, unsigned=unsigned))
    assert outcome == RewriteCount(1)
    sound = np.abs(_sound(rng, 16)) + 3
    np.testing.assert_array_equal(run(product, x=sound)[0], run(model, x=sound)[0])


def test_a_pointwise_convolution_is_a_product(rng: np.random.Generator) -> None:
    model = _conv(rng, (24, 16, 1))
    product, outcome = rewritten(model, rewrite_pointwise)
    assert outcome == RewriteCount(1)
    assert kinds(product)["Conv"] == 0
    sound = _sound(rng, 16)
    np.testing.assert_allclose(
        run(product, x=sound)[0], run(model, x=sound)[0], rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize(
    ("weight", "settings"),
    [
        ((24, 16, 3), {"pads": [1, 1]}),
        ((24, 8, 1), {"group": 2}),
        ((24, 16, 1), {"strides": [2]}),
        ((24, 16, 1), {"pads": [1, 1]}),
    ],
)
def test_other_convolutions_are_no_products(
    rng: np.random.Generator, weight: tuple[int, ...], settings: dict[str, Any]
) -> None:
    model = _conv(rng, weight, **settings)
    same, outcome = rewritten(model, rewrite_pointwise)
    assert outcome == RewriteCount()
    assert kinds(same) == kinds(model)


@pytest.mark.parametrize("rewrite", [rewrite_pointwise, rewrite_depthwise])
def test_integers_that_something_else_reads_too_are_left_and_counted(
    rng: np.random.Generator, rewrite: Any
) -> None:
    if rewrite is rewrite_pointwise:
        model = quantized_conv(rng, integers(rng, 24, 16, 1))
    else:
        model = quantized_conv(rng, integers(rng, 16, 1, 5), group=16, pads=[2, 2])
    model.graph.output.append(
        helper.make_tensor_value_info("i", onnx.TensorProto.INT32, [1, None, None])
    )
    same, outcome = rewritten(model, rewrite)
    assert outcome == RewriteCount(left=1)
    assert str(outcome) == "0 changed, 1 left as they are"
    assert kinds(same) == kinds(model)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("per_channel", [True, False])
def test_a_quantised_depthwise_convolution_becomes_the_exact_one(
    rng: np.random.Generator, bias: bool, per_channel: bool
) -> None:
    weight = integers(rng, 16, 1, 5)
    model = quantized_conv(
        rng, weight, bias=bias, per_channel=per_channel, zero_point=2, group=16, pads=[2, 2]
    )
    exact, outcome = rewritten(model, rewrite_depthwise)
    assert outcome == RewriteCount(1)
    assert kinds(exact) == {"Conv": 1, "Identity": 1}
    sound = _sound(rng, 16)
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    kernel = (weight[:, 0].astype(float) - 2) * stored["w_scale"].reshape(-1, 1)
    padded = np.pad(sound[0].astype(float), ((0, 0), (2, 2)))
    wanted = np.stack([np.correlate(*pair) for pair in zip(padded, kernel, strict=True)])
    if bias:
        wanted += stored["b"][:, None]
    np.testing.assert_allclose(run(exact, x=sound)[0][0], wanted, rtol=1e-4, atol=1e-4)
    # What was rounded differs from it, though not by much: it was another arithmetic.
    rounded = run(model, x=sound)[0][0]
    assert 0 < np.abs(rounded - wanted).max() < 0.02 * np.abs(wanted).max()
