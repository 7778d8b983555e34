"""Depthwise convolutions of rows: the same numbers, and nothing is turned by itself."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from helpers.small_graphs import F32, kinds, model_of, rewritten, run
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from granite_live.models.optimize.building import save_optimized
from granite_live.models.optimize.convolutions import rewrite_channels_last
from granite_live.models.optimize.graph_editor import RewriteCount

TURNED = [0, 2, 1]


def _model(
    rng: np.random.Generator,
    channels: int = 16,
    width: int = 5,
    *,
    bias: bool = True,
    silu: bool = True,
    group: int | None = None,
    **settings: object,
) -> onnx.ModelProto:
    """rows -> Transpose -> Conv (-> silu) -> Transpose -> rows."""
    group = channels if group is None else group
    weights = {"w": rng.standard_normal((channels, channels // group, width)).astype(np.float32)}
    if bias:
        weights["b"] = rng.standard_normal(channels).astype(np.float32)
    nodes = [
        helper.make_node("Transpose", ["x"], ["turned"], perm=TURNED),
        helper.make_node("Conv", ["turned", *weights], ["c"], group=group, **settings),
    ]
    if silu:
        nodes += [
            helper.make_node("Sigmoid", ["c"], ["s"]),
            helper.make_node("Mul", ["c", "s"], ["silu"]),
        ]
    nodes.append(helper.make_node("Transpose", ["silu" if silu else "c"], ["y"], perm=TURNED))
    return model_of(nodes, {"x": [1, "T", channels]}, {"y": [1, "U", channels]}, weights)


def _rows(rng: np.random.Generator, count: int, channels: int = 16) -> np.ndarray:
    return rng.standard_normal((1, count, channels)).astype(np.float32)


@given(
    width=st.integers(1, 15),
    before=st.integers(0, 7),
    after=st.integers(0, 7),
    stride=st.integers(1, 2),
    dilation=st.integers(1, 2),
    bias=st.booleans(),
    silu=st.booleans(),
)
def test_the_same_numbers(
    width: int, before: int, after: int, stride: int, dilation: int, bias: bool, silu: bool
) -> None:
    rng = np.random.default_rng(width)
    model = _model(
        *(rng, 16, width),
        bias=bias,
        silu=silu,
        pads=[before, after],
        strides=[stride],
        dilations=[dilation],
    )
    flat, outcome = rewritten(model, rewrite_channels_last)
    assert outcome == RewriteCount(1)
    rows = _rows(rng, 40)
    np.testing.assert_allclose(run(flat, x=rows)[0], run(model, x=rows)[0], rtol=1e-5, atol=1e-5)


def test_onnxruntime_turns_nothing_any_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("optimised")
    model = _model(np.random.default_rng(0), 16, 15, pads=[7, 7])
    flat, _ = rewritten(model, rewrite_channels_last)
    left = {}
    for name, one in (("before", model), ("after", flat)):
        target = folder / f"{name}.onnx"
        save_optimized(one.SerializeToString(), folder, target, packed=False)
        left[name] = kinds(onnx.load(target))["Transpose"]
    assert left == {"before": 2, "after": 0}


def test_what_reads_it_before_it_is_turned_back_still_can() -> None:
    rng = np.random.default_rng(1)
    model = _model(rng, silu=True)
    model.graph.output.append(helper.make_tensor_value_info("c", F32, [1, 16, "U"]))
    flat, outcome = rewritten(model, rewrite_channels_last)
    assert outcome == RewriteCount(1)
    rows = _rows(rng, 12)
    for new, old in zip(run(flat, x=rows), run(model, x=rows), strict=True):
        np.testing.assert_allclose(new, old, rtol=1e-5, atol=1e-5)


def test_what_is_no_such_convolution_is_left() -> None:
    rng = np.random.default_rng(2)
    whole = _model(rng, group=1)
    unturned = _model(rng)
    unturned.graph.node[0].attribute[0].ints[:] = [0, 1, 2]
    automatic = _model(rng, auto_pad="SAME_UPPER")
    assert rewritten(whole, rewrite_channels_last)[1] == RewriteCount()
    assert rewritten(unturned, rewrite_channels_last)[1] == RewriteCount(left=1)
    assert rewritten(automatic, rewrite_channels_last)[1] == RewriteCount()
