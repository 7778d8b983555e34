"""The rewrites on the committed bundle's own graphs: all scores stay what they were."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from helpers.small_graphs import Rewrite

from granite_live.models.onnx_runtime import ort as onnxruntime
from granite_live.models.optimize.attention import rewrite_padding, rewrite_relative_bias
from granite_live.models.optimize.convolutions import rewrite_depthwise, rewrite_gate
from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.pointwise import rewrite_pointwise
from granite_live.models.optimize.recipe import rewrite_graph

ROWS = 133
"""Feature rows: two whole blocks of the committed model's attention, and a part of a third."""


def _session(
    path: Path, rewrites: Sequence[Rewrite], *, plain: bool
) -> onnxruntime.InferenceSession:
    """The graph at `path` after `rewrites`; `plain`: without onnxruntime's own rewrites."""
    graph = GraphEditor(onnx.load(path, load_external_data=False), path.parent)
    for rewrite in rewrites:
        assert rewrite(graph).changed
        graph.prune()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    if plain:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(path.parent)
    )
    data = graph.build().SerializeToString()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _encoded(session: onnxruntime.InferenceSession, seed: int = 0) -> dict[str, np.ndarray]:
    noise = np.random.default_rng(seed).normal(0.5, 0.4, (1, ROWS, 160)).astype(np.float32)
    feed = {"input_features": noise, "attention_mask": np.ones((1, ROWS), np.int64)}
    names = [one.name for one in session.get_outputs()]
    if "watched_classes" in {one.name for one in session.get_inputs()}:
        feed["watched_classes"] = np.array([3, 0, 3], np.int64)
    return dict(zip(names, session.run(names, feed), strict=True))


def test_int8_pointwise_gates_and_padding_are_bit_equal_in_the_whole_encoder(
    bundle_dir: Path,
) -> None:
    path = bundle_dir / "int8" / "encoder.onnx"
    was = _encoded(_session(path, [], plain=True))
    now = _encoded(_session(path, [rewrite_pointwise, rewrite_gate, rewrite_padding], plain=True))
    assert list(was) == list(now)
    for name, value in was.items():
        np.testing.assert_array_equal(now[name], value, err_msg=name)


@pytest.mark.parametrize("seed", [1, 2])
def test_fp32_scores_are_within_a_thousandth(bundle_dir: Path, seed: int) -> None:
    path = bundle_dir / "fp32" / "encoder.onnx"
    was = _encoded(_session(path, [], plain=False), seed)
    rewrites = [rewrite_pointwise, rewrite_gate, rewrite_padding, rewrite_relative_bias]
    now = _encoded(_session(path, rewrites, plain=False), seed)
    for name in ("bpe_logits_dense", "audio_embeds", "char_logits"):
        scale = np.abs(was[name]).max()
        assert np.abs(now[name] - was[name]).max() <= 1e-3 * scale, name


def test_int8_without_rounded_depthwise_convolutions_is_nearer_to_fp32(bundle_dir: Path) -> None:
    exact = _encoded(_session(bundle_dir / "fp32" / "encoder.onnx", [], plain=False))
    path = bundle_dir / "int8" / "encoder.onnx"
    errors = [
        np.abs(_encoded(_session(path, rewrites, plain=False))[name] - exact[name]).mean()
        for rewrites in ([], [rewrite_depthwise])
        for name in ("audio_embeds",)
    ]
    assert errors[1] < errors[0]


def test_a_graph_with_branches_keeps_its_inside(tmp_path: Path, bundle_dir: Path) -> None:
    """A node may hold a graph that reads values by name: then only outputs are changed."""
    path = bundle_dir / "fp32" / "encoder.onnx"
    model = onnx.load(path)
    inner = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["read inside"], ["same"])],
        "inner",
        [],
        [onnx.helper.make_tensor_value_info("same", onnx.TensorProto.INT64, None)],
    )
    true = onnx.numpy_helper.from_array(np.array(True), "always")
    model.graph.initializer.append(true)
    model.graph.node.append(onnx.helper.make_node("Identity", ["audio_lengths"], ["read inside"]))
    model.graph.node.append(
        onnx.helper.make_node("If", ["always"], ["lengths"], then_branch=inner, else_branch=inner)
    )
    model.graph.output.append(
        onnx.helper.make_tensor_value_info("lengths", onnx.TensorProto.INT64, ["B"])
    )
    onnx.save(model, tmp_path / "encoder.onnx")
    made = rewrite_graph("encoder", tmp_path / "encoder.onnx")
    assert made.report["pointwise convolutions"] == "left out, the graph has branches"
    assert made.report["draft in the graph"] == "1 changed"
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(made.model, options, providers=["CPUExecutionProvider"])
    assert _encoded(session)["lengths"] == ROWS // 5
