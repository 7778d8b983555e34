"""Ids, probabilities and entropies from the graph are those that the scores give."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from helpers.small_graphs import F32, integers, kinds, model_of, rewritten, run
from onnx import helper

from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount
from granite_live.models.optimize.heads import (
    add_draft_head,
    add_editor_head,
    drop_unread_outputs,
    drop_zero_mask,
)

WIDTH, WORDS = 8, 21


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores.astype(float) - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def test_the_draft_is_in_the_graph(rng: np.random.Generator) -> None:
    model = model_of(
        [helper.make_node("Identity", ["x"], ["bpe_logits_dense"])],
        {"x": ["B", "T", WORDS]},
        {"bpe_logits_dense": ["B", "T", WORDS]},
        {},
    )
    given, outcome = rewritten(model, add_draft_head)
    assert outcome == RewriteCount(1)
    scores = (30 * rng.standard_normal((1, 9, WORDS))).astype(np.float32)
    scores[0, 4, 5] = scores[0, 4, 11] = 200.0  # of equal ones the first
    watched = np.array([7, 0, 7, 2])
    classes, likely, entropies, below = run(given, x=scores, watched_classes=watched)
    np.testing.assert_array_equal(below, scores[..., watched] - scores.max(-1, keepdims=True))
    chances = _softmax(scores)
    np.testing.assert_array_equal(classes, scores.argmax(-1))
    np.testing.assert_allclose(likely, chances.max(-1), rtol=1e-6)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(chances > 0, -chances * np.log(chances), 0)
    np.testing.assert_allclose(entropies, parts.sum(-1), rtol=1e-4, atol=1e-6)


def test_classes_that_are_filled_in_count_without_being_computed(rng: np.random.Generator) -> None:
    known = (2 * rng.standard_normal((1, 6, 9))).astype(np.float32)
    known[0, 3] = -3.0  # here the filling is the best, and of equal ones the first
    fill = np.array(-2.5, np.float32)
    pads = np.array([0, 0, 0, 0, 0, WORDS - 9], np.int64)
    model = model_of(
        [helper.make_node("Pad", ["x", "pads", "fill"], ["bpe_logits_dense"])],
        {"x": ["B", "T", 9]},
        {"bpe_logits_dense": ["B", "T", WORDS]},
        {"pads": pads, "fill": fill},
    )
    given, outcome = rewritten(model, add_draft_head)
    assert outcome == RewriteCount(1)
    scores = np.pad(known, ((0, 0), (0, 0), (0, WORDS - 9)), constant_values=fill)
    watched = np.array([7, 9, 20, 0])
    classes, likely, entropies, below = run(given, x=known, watched_classes=watched)
    np.testing.assert_array_equal(classes, scores.argmax(-1))
    np.testing.assert_array_equal(below, scores[..., watched] - scores.max(-1, keepdims=True))
    chances = _softmax(scores)
    np.testing.assert_allclose(likely, chances.max(-1), rtol=1e-6)
    np.testing.assert_allclose(entropies, -(chances * np.log(chances)).sum(-1), rtol=1e-5)


def _editor(rng: np.random.Generator, *ends: onnx.NodeProto) -> onnx.ModelProto:
    """x -> h -> product with the vocabulary -> `ends`, which read "product" and give "logits"."""
    weights = {
        "w": rng.standard_normal((WIDTH, WORDS)).astype(np.float32),
        "scale": np.array(8.0, np.float32),
        "b": rng.standard_normal(WORDS).astype(np.float32),
    }
    nodes = [
        helper.make_node("Tanh", ["x"], ["h"]),
        helper.make_node("MatMul", ["h", "w"], ["product"]),
        *ends,
    ]
    return model_of(nodes, {"x": [1, "N", WIDTH]}, {"logits": [1, "N", WORDS]}, weights)


def _quantized_editor(rng: np.random.Generator) -> onnx.ModelProto:
    weights = {
        "w": integers(rng, WIDTH, WORDS),
        "w_zero": np.zeros(WORDS, np.int8),
        "w_scale": rng.uniform(0.01, 0.02, WORDS).astype(np.float32),
        "scale": np.array(8.0, np.float32),
    }
    nodes = [
        helper.make_node("Tanh", ["x"], ["h"]),
        helper.make_node("DynamicQuantizeLinear", ["h"], ["q", "q_scale", "q_zero"]),
        helper.make_node("MatMulInteger", ["q", "w", "q_zero", "w_zero"], ["i"]),
        helper.make_node("Cast", ["i"], ["f"], to=F32),
        helper.make_node("Mul", ["q_scale", "w_scale"], ["scales"]),
        helper.make_node("Mul", ["f", "scales"], ["product"]),
        helper.make_node("Div", ["product", "scale"], ["logits"]),
    ]
    return model_of(nodes, {"x": [1, "N", WIDTH]}, {"logits": [1, "N", WORDS]}, weights)


def _nonlinear(rng: np.random.Generator) -> onnx.ModelProto:
    return _editor(
        rng,
        helper.make_node("Softmax", ["product"], ["p"], axis=1),
        helper.make_node("Div", ["p", "scale"], ["logits"]),
    )


def _scaled(rng: np.random.Generator) -> onnx.ModelProto:
    return _editor(
        rng,
        helper.make_node("Add", ["b", "product"], ["biased"]),
        helper.make_node("Div", ["biased", "scale"], ["logits"]),
    )


@pytest.mark.parametrize(
    ("make", "found"), [(_scaled, True), (_quantized_editor, True), (_nonlinear, False)]
)
@pytest.mark.parametrize("audio", [0, 4, 9])
def test_the_editor_gives_the_tokens_of_its_text_rows(
    rng: np.random.Generator,
    make: Callable[[np.random.Generator], onnx.ModelProto],
    found: bool,
    audio: int,
) -> None:
    model = make(rng)
    given, outcome = rewritten(model, add_editor_head)
    # A head that mixes rows cannot be narrowed: there the rows are taken from its result.
    assert outcome == (RewriteCount(1) if found else RewriteCount(left=1))
    order = [node.op_type for node in given.graph.node]
    head = "MatMulInteger" if make is _quantized_editor else "MatMul"
    assert (order.index("Slice") < order.index(head)) == found
    rows = rng.standard_normal((1, 10, WIDTH)).astype(np.float32)
    if make is _quantized_editor:
        rows[0, -1, :2] = 9.0, -9.0  # the text rows have the whole range, so the scale is equal
    tokens, likely = run(given, x=rows, audio_length=np.array([audio]))
    scores = run(model, x=rows)[0][:, audio:]
    np.testing.assert_array_equal(tokens, scores.argmax(-1))
    np.testing.assert_allclose(likely, _softmax(scores).max(-1), rtol=1e-4)


def test_what_else_reads_the_rows_before_the_head_still_has_all(rng: np.random.Generator) -> None:
    model = _scaled(rng)
    model.graph.output.append(helper.make_tensor_value_info("all", F32, [1, "N", WIDTH]))
    model.graph.node.append(helper.make_node("Neg", ["h"], ["all"]))
    given, _ = rewritten(model, add_editor_head)
    rows = rng.standard_normal((1, 10, WIDTH)).astype(np.float32)
    every = dict(zip((o.name for o in given.graph.output),
                     run(given, x=rows, audio_length=np.array([6])), strict=True))  # fmt: skip
    np.testing.assert_allclose(every["all"], -np.tanh(rows), rtol=1e-5)
    assert every["text_tokens"].shape == (1, 4)


def test_the_additions_of_the_mask_go_and_the_mask_with_them(rng: np.random.Generator) -> None:
    end = np.array([2**62], np.int64)
    nodes = [
        helper.make_node("Slice", ["attention_mask", "zero", "end", "axis"], ["part"]),
        helper.make_node("Add", ["x", "part"], ["masked"]),
        helper.make_node("Softmax", ["masked"], ["p"]),
        helper.make_node("Add", ["attention_mask", "p"], ["y"]),
    ]
    model = model_of(
        nodes,
        {"x": [1, 2, "N", "N"], "attention_mask": [1, 1, "N", "N"]},
        {"y": [1, 2, "N", "N"]},
        {"zero": np.zeros(1, np.int64), "end": end, "axis": np.array([3], np.int64)},
    )

    def rewrite(graph: GraphEditor) -> RewriteCount:
        outcome = drop_zero_mask(graph)
        graph.prune()
        graph.drop_unread_inputs()
        return outcome

    without, outcome = rewritten(model, rewrite)
    assert outcome == RewriteCount(2)
    assert [value.name for value in without.graph.input] == ["x"]
    scores = rng.standard_normal((1, 2, 5, 5)).astype(np.float32)
    zeros = np.zeros((1, 1, 5, 5), np.float32)
    np.testing.assert_array_equal(
        run(without, x=scores)[0], run(model, x=scores, attention_mask=zeros)[0]
    )


def test_a_mask_that_is_read_in_another_way_stays() -> None:
    model = model_of(
        [helper.make_node("Where", ["is", "x", "attention_mask"], ["y"])],
        {"x": ["N"], "attention_mask": ["N"]},
        {"y": ["N"]},
        {"is": np.array([True])},
    )
    same, outcome = rewritten(model, drop_zero_mask)
    assert outcome == RewriteCount(left=1)
    assert [value.name for value in same.graph.input] == ["x", "attention_mask"]


def test_an_unread_output_goes_with_its_branch_and_weights(rng: np.random.Generator) -> None:
    model = model_of(
        [
            helper.make_node("Tanh", ["x"], ["h"]),
            helper.make_node("MatMul", ["h", "w"], ["chars"]),
            helper.make_node("Neg", ["h"], ["rows"]),
        ],
        {"x": ["N", WIDTH]},
        {"chars": ["N", WORDS], "rows": ["N", WIDTH]},
        {"w": rng.standard_normal((WIDTH, WORDS)).astype(np.float32)},
    )
    narrow, outcome = rewritten(model, lambda graph: drop_unread_outputs(graph, {"rows"}))
    assert outcome == RewriteCount(1)
    assert kinds(narrow) == {"Tanh": 1, "Neg": 1}
    assert not narrow.graph.initializer
    rows = rng.standard_normal((3, WIDTH)).astype(np.float32)
    np.testing.assert_array_equal(run(narrow, x=rows)[0], run(model, x=rows)[1])
