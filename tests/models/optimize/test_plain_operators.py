"""What CoreML has no operator for is said in others, with the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from helpers.small_graphs import kinds, model_of, rewritten, run
from onnx import helper

from granite_live.models.bundle import Form
from granite_live.models.optimize.coreml import replace_unsupported_ops
from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount
from granite_live.models.optimize.graph_values import infer_values
from granite_live.models.optimize.recipe import FIXED_SIZES, rewrite_graph
from granite_live.vad.events import SegmenterSettings

RNG = np.random.default_rng(5)
SHAPE = [1, 4, 6]

TAKEN = frozenset({
    "Add", "ArgMax", "Cast", "Concat", "Conv", "Cos", "Div", "Erf", "Exp", "Gelu", "Gemm",
    "Identity", "LayerNormalization", "MatMul", "Mul", "Pow", "ReduceMax", "ReduceMean",
    "ReduceSum", "Reshape", "Sigmoid", "Sin", "Slice", "Softmax", "Split", "Sqrt", "Squeeze", "Sub",
    "Tanh", "Transpose", "Unsqueeze",
})  # fmt: skip
"""Those of onnxruntime's list of what its CoreML provider takes in ML Programs (1.24) that
occur here. Not measured: no such device is here."""


def plainly(
    nodes: list[onnx.NodeProto],
    weights: dict[str, Any],
    shape: list[int] | None = None,
    y: list[int] | None = None,
) -> tuple[onnx.ModelProto, onnx.ModelProto, RewriteCount]:
    model = model_of(nodes, {"x": list(shape or SHAPE)}, {"y": list(y or SHAPE)}, weights)
    values = infer_values(model)
    made, outcome = rewritten(model, lambda graph: replace_unsupported_ops(graph, values))
    return model, made, outcome


def assert_same(was: onnx.ModelProto, now: onnx.ModelProto, shape: list[int] | None = None) -> None:
    x = RNG.standard_normal(shape or SHAPE).astype(np.float32)
    np.testing.assert_array_equal(run(now, x=x)[0], run(was, x=x)[0])


@pytest.mark.parametrize(("kind", "said"), [("Neg", {"Mul": 1}), ("Reciprocal", {"Div": 1})])
def test_signs_and_inverses(kind: str, said: dict[str, int]) -> None:
    model, made, outcome = plainly([helper.make_node(kind, ["x"], ["y"])], {})
    assert outcome == RewriteCount(1)
    assert {k: n for k, n in kinds(made).items() if k != "Identity"} == said
    assert_same(model, made)


@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize("axis", [1, 2])
def test_zeros_at_the_end_of_an_axis(axis: int, more: int) -> None:
    amounts = np.zeros(6, np.int64)
    amounts[3 + axis] = more
    shape = [n + more * (k == axis) for k, n in enumerate(SHAPE)]
    nodes = [helper.make_node("Pad", ["x", "n"], ["p"]), helper.make_node("Add", ["p", "p"], ["y"])]
    model, made, outcome = plainly(nodes, {"n": amounts}, y=shape)
    assert outcome == RewriteCount(1)
    assert kinds(made) == ({"Concat": 1, "Add": 1} if more else {"Add": 1})
    assert_same(model, made)


@pytest.mark.parametrize(
    ("amounts", "settings"),
    [
        ([0, 1, 0, 0, 0, 0], {}),
        ([0, 0, 0, 0, 1, 1], {}),
        ([0, 0, 0, 0, -1, 0], {}),
        ([0, 0, 0, 0, 1, 0], {"mode": "edge"}),
    ],
)
def test_other_paddings_are_left(amounts: list[int], settings: dict[str, str]) -> None:
    nodes = [helper.make_node("Pad", ["x", "n"], ["y"], **settings)]
    shape = [n + a + b for n, a, b in zip(SHAPE, amounts, amounts[3:], strict=False)]
    model, made, outcome = plainly(nodes, {"n": np.array(amounts, np.int64)}, y=shape)
    assert outcome == RewriteCount(0, 1)
    assert_same(model, made)


def test_padding_with_another_number_is_left() -> None:
    nodes = [helper.make_node("Pad", ["x", "n", "v"], ["y"])]
    weights = {"n": np.array([0, 0, 0, 0, 2, 0], np.int64), "v": np.array(1, np.float32)}
    model, made, outcome = plainly(nodes, weights, y=[1, 6, 6])
    assert outcome == RewriteCount(0, 1)
    assert_same(model, made)


def test_copies_one_after_another() -> None:
    """As the heads of keys are repeated for those of queries."""
    shape = [1, 2, 1, 5, 3]
    nodes = [
        helper.make_node("Expand", ["x", "n"], ["e"]),
        helper.make_node("Reshape", ["e", "r"], ["y"]),
    ]
    weights = {"n": np.array([1, 2, 4, 5, 3], np.int64), "r": np.array([1, 8, 5, 3], np.int64)}
    model, made, outcome = plainly(nodes, weights, shape, [1, 8, 5, 3])
    assert outcome == RewriteCount(1)
    assert kinds(made) == {"Concat": 1, "Reshape": 1}
    assert_same(model, made, shape)


def test_very_many_copies_are_left() -> None:
    nodes = [helper.make_node("Expand", ["x", "n"], ["y"])]
    model, made, outcome = plainly(nodes, {"n": np.array([40, 4, 6], np.int64)}, y=[40, 4, 6])
    assert outcome == RewriteCount(0, 1)
    assert_same(model, made)


@pytest.mark.parametrize("place", [0, 2, -1])
def test_one_place_of_an_axis(place: int) -> None:
    nodes = [helper.make_node("Gather", ["x", "n"], ["y"], axis=2)]
    model, made, outcome = plainly(nodes, {"n": np.array(place, np.int64)}, y=[1, 4])
    assert outcome == RewriteCount(1)
    assert set(kinds(made)) <= {"Slice", "Squeeze", "Identity"}
    assert_same(model, made)


def test_several_places_are_left() -> None:
    nodes = [helper.make_node("Gather", ["x", "n"], ["y"], axis=2)]
    model, made, outcome = plainly(nodes, {"n": np.array([0, 3], np.int64)}, y=[1, 4, 2])
    assert outcome == RewriteCount(0, 1)
    assert_same(model, made)


def _varying(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The nodes that depend on an input, in order."""
    moving = {value.name for value in model.graph.input}
    found = []
    for node in model.graph.node:
        if moving & set(node.input):
            moving |= set(node.output)
            found.append(node)
    return found


@pytest.mark.parametrize("name", ["encoder", "editor"])
@pytest.mark.parametrize("index", [0, 1])
def test_whole_graphs_are_one_piece_between_what_the_processor_begins_and_ends_with(
    bundle_dir: Path, name: str, index: int
) -> None:
    """Whatever is not taken comes of the mask and positions alone, or nothing taken reads it."""
    path = bundle_dir / "fp16w" / f"{name}.onnx"
    made = rewrite_graph(name, path, Form.FIXED, half=True, size=FIXED_SIZES[name][index])
    model = onnx.load_model_from_string(made.model)
    graph = GraphEditor(model, path.parent)
    data = "input_features" if name == "encoder" else "inputs_embeds"
    from_sound, behind = {data}, set[str]()
    left = []
    for node in _varying(graph.build()):
        is_of_sound = bool(from_sound & set(node.input))
        if is_of_sound:
            from_sound |= set(node.output)
        if behind & set(node.input):
            behind |= set(node.output)
        elif is_of_sound and node.op_type not in TAKEN:
            behind |= set(node.output)  # from here on it is the processor's
            left.append(node.op_type)
    assert sorted(left) == (["Log"] if name == "encoder" else [])
    products = [node for node in model.graph.node if node.op_type in {"Gemm", "MatMul", "Conv"}]
    assert not any(set(node.output) & behind for node in products)


@pytest.mark.parametrize("name", ["encoder", "editor"])
def test_heads_stay_in_32_bits_in_graphs_of_fixed_lengths_too(bundle_dir: Path, name: str) -> None:
    path = bundle_dir / "fp16w" / f"{name}.onnx"
    made = rewrite_graph(name, path, Form.FIXED, half=True, size=FIXED_SIZES[name][0])
    model = onnx.load_model_from_string(made.model)
    types = infer_values(model).types
    makers = {output: node for node in model.graph.node for output in node.output}
    best = next(node for node in model.graph.node if node.op_type == "ArgMax")
    node = makers[best.input[0]]
    while node.op_type not in {"Gemm", "MatMul"}:
        varying = [one for one in node.input if one in makers]
        node = makers[varying[0]]
    assert {types[one] for one in node.input} == {onnx.TensorProto.FLOAT}


def test_sizes_hold_what_speech_comes_to() -> None:
    """The editor's rows are those of the encoder of the same place; blocks are of 4 s."""
    for encoder, editor in zip(FIXED_SIZES["encoder"], FIXED_SIZES["editor"], strict=True):
        assert encoder.rows % 200 == 0
        assert editor.rows == encoder.rows // 5
        assert editor.slots >= 2 * 3.2 * encoder.rows / 50 * 1.5
    assert FIXED_SIZES["encoder"][-1].rows > SegmenterSettings().max_utterance_ms / 1000 * 50
