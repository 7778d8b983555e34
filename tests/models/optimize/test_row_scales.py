"""Row scales: as exact as the 8-bit weights allow, whatever rows and channels are loud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from helpers.small_graphs import kinds, model_of

from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.open_graph import OpenGraph
from granite_live.models.optimize.row_scales import (
    DOMAIN,
    EIGHT_BITS,
    MOST_OUTLIERS,
    SEVEN_BITS,
    add_channel_peaks,
    choose_outliers,
    find_activations,
    find_scored,
    rewrite_row_scales,
    rewrite_weights_only,
)

ROWS, DEPTH, COLUMNS = 40, 256, 96
LOUD = np.array([3, 17, 90, 200])


def _weights(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Int8 weights [K, N], their scales and zero points."""
    values = rng.integers(-127, 128, (DEPTH, COLUMNS)).astype(np.int8)
    scales = rng.uniform(1e-3, 2e-3, COLUMNS).astype(np.float32)
    return values, scales, rng.integers(-5, 6, COLUMNS).astype(np.int8)


def _published(rng: np.random.Generator, products: int = 2) -> onnx.ModelProto:
    """x [1, M, K] -> y0, y1, ... as dynamic quantization writes products of one activation."""
    node = onnx.helper.make_node
    nodes = [node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"])]
    weights: dict[str, np.ndarray] = {}
    for k in range(products):
        weights[f"w{k}"], weights[f"ws{k}"], weights[f"wz{k}"] = _weights(rng)
        nodes += [
            node("MatMulInteger", ["q", f"w{k}", "z", f"wz{k}"], [f"i{k}"]),
            node("Cast", [f"i{k}"], [f"f{k}"], to=1),
            node("Mul", ["s", f"ws{k}"], [f"sc{k}"]),
            node("Mul", [f"f{k}", f"sc{k}"], [f"y{k}"]),
        ]
    outputs = {f"y{k}": [1, "m", COLUMNS] for k in range(products)}
    return model_of(nodes, {"x": [1, "m", DEPTH]}, outputs, weights)


def _activations(rng: np.random.Generator) -> np.ndarray:
    """Rows of differing loudness, with loud channels as in language models."""
    x = rng.standard_normal((1, ROWS, DEPTH)).astype(np.float32)
    x[..., LOUD] *= 40
    return x * np.exp(rng.standard_normal((1, ROWS, 1))).astype(np.float32)


def _edited(model: onnx.ModelProto) -> GraphEditor:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return GraphEditor(copy, Path())


def _run(editor: GraphEditor, x: np.ndarray, *, exact: bool = True) -> dict[str, np.ndarray]:
    editor.prune()
    outputs = editor.outputs
    model = editor.build().SerializeToString()
    return OpenGraph(Path("small"), model=model, exact=exact).run(outputs, {"x": x})


def test_the_activation_of_the_scores_is_found_through_scaling() -> None:
    rng = np.random.default_rng(4)
    node = onnx.helper.make_node
    first = _published(rng, products=1)
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in first.graph.initializer}
    scaled = model_of(
        [*first.graph.node, node("Div", ["y0", "eight"], ["logits"])],
        {"x": [1, "m", DEPTH]},
        {"logits": [1, "m", COLUMNS]},
        {**stored, "eight": np.float32(8)},
    )
    assert find_scored(_edited(scaled), "logits") == "x"
    assert find_scored(_edited(scaled), "x") is None


def _error(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.sqrt(np.square(found - wanted).mean() / np.square(wanted).mean()))


@pytest.fixture
def model() -> onnx.ModelProto:
    return _published(np.random.default_rng(1))


@pytest.fixture
def x() -> np.ndarray:
    return _activations(np.random.default_rng(2))


def _reference(model: onnx.ModelProto, x: np.ndarray, k: int) -> np.ndarray:
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    whole = stored[f"w{k}"].astype(np.float64) - stored[f"wz{k}"]
    return x.astype(np.float64) @ (whole * stored[f"ws{k}"])


def test_the_reference_multiplies_the_dequantized_weights(
    model: onnx.ModelProto, x: np.ndarray
) -> None:
    editor = _edited(model)
    assert rewrite_weights_only(editor).changed == 2
    found = _run(editor, x)
    for k in (0, 1):
        assert _error(found[f"y{k}"], _reference(model, x, k)) < 1e-6


def test_row_scales_and_outliers_are_twenty_times_nearer_to_the_weights(
    model: onnx.ModelProto, x: np.ndarray
) -> None:
    published = _run(_edited(model), x)
    editor = _edited(model)
    assert rewrite_row_scales(editor, {"x": LOUD}).changed == 2
    found = _run(editor, x)
    for k in (0, 1):
        wanted = _reference(model, x, k)
        assert _error(found[f"y{k}"], wanted) < _error(published[f"y{k}"], wanted) / 20


@pytest.mark.parametrize(("steps", "times"), [(EIGHT_BITS, 500), (SEVEN_BITS, 120)])
def test_two_terms_are_a_hundred_times_nearer_without_outliers(
    model: onnx.ModelProto, x: np.ndarray, steps: int, times: int
) -> None:
    published = _run(_edited(model), x)
    editor = _edited(model)
    assert rewrite_row_scales(editor, {}, {"x"}, steps).changed == 2
    found = _run(editor, x, exact=steps == EIGHT_BITS)
    for k in (0, 1):
        wanted = _reference(model, x, k)
        assert _error(found[f"y{k}"], wanted) < _error(published[f"y{k}"], wanted) / times


def test_two_terms_work_for_any_number_of_axes(model: onnx.ModelProto, x: np.ndarray) -> None:
    """Several utterances, each with its own scales."""
    pair = np.concatenate([x, 100 * x[:, ::-1]])
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 2
    editor = _edited(model)
    rewrite_row_scales(editor, {}, {"x"})
    found = _run(editor, pair)["y0"]
    assert _error(found[0], _reference(model, x, 0)[0]) < 1e-3
    assert _error(found[1], 100 * _reference(model, x, 0)[0, ::-1]) < 1e-3


def test_each_row_is_as_exact_as_if_it_were_alone(model: onnx.ModelProto, x: np.ndarray) -> None:
    editor = _edited(model)
    rewrite_row_scales(editor, {})
    together = _run(editor, x)["y0"]
    again = _edited(model)
    rewrite_row_scales(again, {})
    alone = _run(again, x[:, 5:6])["y0"]
    np.testing.assert_allclose(together[:, 5:6], alone, rtol=1e-5)


def test_a_row_of_zeros_stays_zero(model: onnx.ModelProto, x: np.ndarray) -> None:
    x[:, 7] = 0
    editor = _edited(model)
    rewrite_row_scales(editor, {"x": LOUD})
    found = _run(editor, x)["y1"]
    assert np.isfinite(found).all()
    assert not found[:, 7].any()


def test_products_of_one_activation_share_its_scales(model: onnx.ModelProto) -> None:
    editor = _edited(model)
    rewrite_row_scales(editor, {"x": LOUD})
    editor.prune()
    built = editor.build()
    counted = kinds(built)
    assert counted["QuantizeLinear"] == counted["ReduceMax"] == 1
    assert counted["MatMulIntegerToFloat"] == counted["MatMul"] == 2
    assert "DynamicQuantizeLinear" not in counted
    assert DOMAIN in {opset.domain for opset in built.opset_import}


def test_products_in_a_row_read_each_others_new_results() -> None:
    """The second activation is the first product itself."""
    rng = np.random.default_rng(3)
    first = _published(rng, products=1)
    node = onnx.helper.make_node
    w, ws, wz = rng.integers(-127, 128, (COLUMNS, 8)).astype(np.int8), 1e-3, np.int8(0)
    weights = {"w": w, "ws": np.float32([ws] * 8), "wz": np.array(wz)}
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in first.graph.initializer}
    chain = model_of(
        [
            *first.graph.node,
            node("DynamicQuantizeLinear", ["y0"], ["q2", "s2", "z2"]),
            node("MatMulInteger", ["q2", "w", "z2", "wz"], ["i"]),
            node("Cast", ["i"], ["f"], to=1),
            node("Mul", ["s2", "ws"], ["sc"]),
            node("Mul", ["f", "sc"], ["y"]),
        ],
        {"x": [1, "m", DEPTH]},
        {"y": [1, "m", 8]},
        {**stored, **weights},
    )
    x = _activations(rng)
    editor = _edited(chain)
    assert rewrite_row_scales(editor, {"x": LOUD}).changed == 2
    wanted = _reference(first, x, 0) @ (w.astype(np.float64) * ws)
    assert _error(_run(editor, x)["y"], wanted) < 0.02


@pytest.mark.parametrize("steps", [EIGHT_BITS, SEVEN_BITS])
def test_integers_are_exact_on_cpus_whose_sums_saturate(steps: int) -> None:
    """All bytes as large as they get, so that sums of two products of 8 bits exceed 16 bits."""
    node = onnx.helper.make_node
    model = model_of(
        [
            node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
            node("MatMulInteger", ["q", "w", "z"], ["i"]),
            node("Cast", ["i"], ["f"], to=1),
            node("Mul", ["s", "ws"], ["sc"]),
            node("Mul", ["f", "sc"], ["y"]),
        ],
        {"x": [1, "m", DEPTH]},
        {"y": [1, "m", COLUMNS]},
        {
            "w": np.full((DEPTH, COLUMNS), 127, np.int8),
            "ws": np.full(COLUMNS, 1e-3, np.float32),
        },
    )
    x = np.ones((1, ROWS, DEPTH), np.float32)
    editor = _edited(model)
    rewrite_row_scales(editor, {}, steps=steps)
    found = _run(editor, x, exact=steps == EIGHT_BITS)["y"]
    np.testing.assert_allclose(found, DEPTH * 0.127, rtol=1e-5)


def test_the_loud_channels_are_found_whatever_the_rows_loudness(
    model: onnx.ModelProto, x: np.ndarray
) -> None:
    editor = _edited(model)
    (activation,) = find_activations(editor)
    add_channel_peaks(editor, activation, "peaks")
    peaks = _run(editor, x)["peaks"]
    assert set(np.argsort(-peaks)[:4].tolist()) == set(LOUD.tolist())
    assert set(LOUD.tolist()) <= set(choose_outliers(peaks).tolist())


@pytest.mark.parametrize(
    ("width", "loud", "count"), [(1024, 0, 0), (1024, 8, 8), (1024, 40, MOST_OUTLIERS), (64, 9, 4)]
)
def test_no_more_channels_are_chosen_than_are_loud_or_allowed(
    width: int, loud: int, count: int
) -> None:
    peaks = np.ones(width, np.float32)
    peaks[:loud] = 3 * 2.0 ** np.arange(loud)
    chosen = choose_outliers(peaks)
    assert len(chosen) == count
    assert set(chosen.tolist()) <= set(range(loud))
