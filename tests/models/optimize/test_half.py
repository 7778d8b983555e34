"""Products in 16 bits: what changes, what must not, and how near the results stay."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from helpers.small_graphs import model_of, run
from onnx import helper

from granite_live.models.onnx_runtime import ort as onnxruntime
from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount
from granite_live.models.optimize.graph_values import infer_values
from granite_live.models.optimize.half import convert_to_float16
from granite_live.models.optimize.recipe import rewrite_graph

FLOAT, HALF = onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16
RNG = np.random.default_rng(0)


def in_half(model: onnx.ModelProto) -> tuple[onnx.ModelProto, RewriteCount]:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    types = infer_values(copy).types
    graph = GraphEditor(copy, Path())
    outcome = convert_to_float16(graph, types)
    result = graph.build()
    onnx.checker.check_model(result, full_check=True)
    return result, outcome


def weight(*shape: int) -> np.ndarray:
    return (RNG.standard_normal(shape) / 8).astype(np.float16)


def reads(model: onnx.ModelProto) -> dict[str, set[tuple[Any, ...]]]:
    """For each kind of node the types of what it reads."""
    types = infer_values(model).types
    found: dict[str, set[tuple[Any, ...]]] = {}
    for node in model.graph.node:
        read = tuple(types.get(name) for name in node.input if name)
        found.setdefault(node.op_type, set()).add(read)
    return found


def layer() -> onnx.ModelProto:
    """y = x + gelu(norm(x) W1 + b1) W2, as fp16w stores it: every weight through a Cast."""
    weights = {
        "w1_16": weight(8, 16), "b1_16": weight(16), "w2_16": weight(16, 8),
        "s_16": weight(8), "o_16": weight(8),
    }  # fmt: skip
    casts = [helper.make_node("Cast", [name], [name[:-3]], to=FLOAT) for name in weights]
    nodes = [
        *casts,
        helper.make_node("LayerNormalization", ["x", "s", "o"], ["n"]),
        helper.make_node("MatMul", ["n", "w1"], ["p"]),
        helper.make_node("Add", ["p", "b1"], ["q"]),
        helper.make_node("Gelu", ["q"], ["g"]),
        helper.make_node("MatMul", ["g", "w2"], ["r"]),
        helper.make_node("Add", ["x", "r"], ["y"]),
    ]
    return model_of(nodes, {"x": [1, "T", 8]}, {"y": [1, "T", 8]}, weights)


def test_products_read_stored_weights_and_norms_and_sums_stay() -> None:
    model = layer()
    result, outcome = in_half(model)
    assert outcome == RewriteCount(2, 0)
    found = reads(result)
    assert found["MatMul"] == {(HALF, HALF)}
    assert found["Gelu"] == {(HALF,)}
    assert found["LayerNormalization"] == {(FLOAT, FLOAT, FLOAT)}
    assert found["Add"] == {(HALF, HALF), (FLOAT, FLOAT)}  # the bias; the residual stream
    # Two casts of what comes and goes, and those of the norm's own weights.
    assert sum(node.op_type == "Cast" for node in result.graph.node) == 4
    x = RNG.standard_normal((1, 5, 8)).astype(np.float32)
    (was,), (now,) = run(model, x=x), run(result, x=x)
    assert now.dtype == np.float32
    np.testing.assert_allclose(now, was, atol=2e-3)
    assert not np.array_equal(now, was)


@pytest.mark.parametrize("reader", ["Softmax", "ArgMax"])
def test_a_head_stays_in_32_bits(reader: str) -> None:
    nodes = [
        helper.make_node("Cast", ["w_16"], ["w"], to=FLOAT),
        helper.make_node("MatMul", ["x", "w"], ["p"]),
        helper.make_node("Add", ["p", "b"], ["scores"]),
        helper.make_node(reader, ["scores"], ["best"], axis=-1),
        helper.make_node("Cast", ["best"], ["y"], to=FLOAT),
    ]
    weights = {"w_16": weight(8, 30), "b": np.ones(30, np.float32)}
    model = model_of(nodes, {"x": [1, "T", 8]}, {"y": [1, "T", "C"]}, weights)
    result, outcome = in_half(model)
    assert outcome == RewriteCount(0, 1)
    assert reads(result)["MatMul"] == {(FLOAT, FLOAT)}
    x = RNG.standard_normal((1, 5, 8)).astype(np.float32)
    np.testing.assert_array_equal(run(result, x=x)[0], run(model, x=x)[0])


@pytest.mark.parametrize(
    ("number", "kept"), [(0.125, False), (-3.4e38, True), (1e5, True), (1e-8, True), (0.0, False)]
)
def test_a_number_that_16_bits_cannot_hold_keeps_its_node_in_32(number: float, kept: bool) -> None:
    """Such as what masks scores before softmax: in 16 bits it would be infinite."""
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["p"]),
        helper.make_node("Mul" if 0 < number < 1 else "Add", ["p", "c"], ["y"]),
    ]
    weights = {"w": weight(8, 8).astype(np.float32), "c": np.array(number, np.float32)}
    model = model_of(nodes, {"x": [1, 3, 8]}, {"y": [1, 3, 8]}, weights)
    result, _ = in_half(model)
    kind = FLOAT if kept else HALF
    assert reads(result)[nodes[1].op_type] == {(kind, kind)}
    x = RNG.standard_normal((1, 3, 8)).astype(np.float32)
    (was,), (now,) = run(model, x=x), run(result, x=x)
    np.testing.assert_allclose(now, was, atol=2e-3, rtol=2e-3)


@pytest.mark.parametrize("name", ["encoder", "editor"])
def test_a_whole_graph_is_valid_and_what_is_delicate_is_not_rounded(
    bundle_dir: Path, tmp_path: Path, name: str
) -> None:
    path = bundle_dir / "fp16w" / f"{name}.onnx"
    made = rewrite_graph(name, path, half=True)
    (tmp_path / path.name).write_bytes(made.model)
    shutil.copy(path.with_name(f"{name}.onnx_data"), tmp_path)
    onnx.checker.check_model(tmp_path / path.name, full_check=True)
    found = reads(onnx.load(tmp_path / path.name, load_external_data=False))
    for kind in ("LayerNormalization", "Softmax", "ReduceMean", "Sqrt", "ArgMax", "Exp"):
        assert not any(HALF in read for read in found.get(kind, ())), kind
    assert (HALF, HALF) in found["MatMul"]
    inputs = {one.name: one.type.tensor_type.elem_type for one in onnx.load(path).graph.input}
    result = onnx.load(tmp_path / path.name, load_external_data=False)
    for one in result.graph.input:
        assert one.type.tensor_type.elem_type == inputs.get(one.name, onnx.TensorProto.INT64)
    assert not any(one.type.tensor_type.elem_type == HALF for one in result.graph.output)


@pytest.mark.parametrize("rows", [57, 133])
def test_the_whole_encoder_stays_near_what_was_published(bundle_dir: Path, rows: int) -> None:
    path = bundle_dir / "fp16w" / "encoder.onnx"
    made = rewrite_graph("encoder", path, half=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(made.folder)
    )
    cpu = ["CPUExecutionProvider"]
    prepared = onnxruntime.InferenceSession(made.model, options, providers=cpu)
    published = onnxruntime.InferenceSession(str(path), providers=cpu)
    noise = np.random.default_rng(rows).normal(0.5, 0.4, (1, rows, 160)).astype(np.float32)
    feed = {"input_features": noise, "attention_mask": np.ones((1, rows), np.int64)}
    was = published.run(["audio_embeds", "bpe_logits_dense"], feed)
    feed["watched_classes"] = np.empty(0, np.int64)
    taken = {one.name: feed[one.name] for one in prepared.get_inputs()}
    now = prepared.run(["audio_embeds", "draft_classes"], taken)
    assert np.abs(now[0] - was[0]).max() <= 0.01 * np.abs(was[0]).max()
    assert (was[1].argmax(-1) == now[1]).mean() >= 0.98
