"""Graphs of a few nodes, and what they give before and after a rewrite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from granite_live.models.onnx_runtime import ort as onnxruntime
from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount

Rewrite = Callable[[GraphEditor], RewriteCount]
F32, I64 = TensorProto.FLOAT, TensorProto.INT64


def model_of(
    nodes: list[onnx.NodeProto],
    inputs: dict[str, list[Any]],
    outputs: dict[str, list[Any]],
    weights: dict[str, np.ndarray],
) -> onnx.ModelProto:
    """A checked model of opset 20; inputs and outputs are float32 unless they say otherwise."""
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, F32, dims) for name, dims in inputs.items()],
        [helper.make_tensor_value_info(name, F32, dims) for name, dims in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(model)
    return model


def rewritten(model: onnx.ModelProto, rewrite: Rewrite) -> tuple[onnx.ModelProto, RewriteCount]:
    """A rewritten copy, without what nothing needs any more; and what the rewrite says it did."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph = GraphEditor(copy, Path())
    outcome = rewrite(graph)
    graph.prune()
    result = graph.build()
    onnx.checker.check_model(result)
    return result, outcome


def run(model: onnx.ModelProto, **feed: np.ndarray) -> list[np.ndarray]:
    """All outputs, computed node by node as the graph says, without onnxruntime's own rewrites."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return list(session.run(None, feed))


def kinds(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


def quantized_conv(
    rng: np.random.Generator,
    weight: np.ndarray,
    *,
    bias: bool = True,
    per_channel: bool = False,
    zero_point: int = 0,
    **settings: Any,
) -> onnx.ModelProto:
    """x [1, I, T] -> y as dynamic quantisation writes it. `weight` int8 [O, I / groups, K]."""
    groups, channels = settings.get("group", 1), len(weight)
    scale = rng.uniform(0.01, 0.02, channels if per_channel else ()).astype(np.float32)
    weights = {
        "w": weight,
        "w_zero": np.array(zero_point, np.int8),
        "w_scale": scale.reshape(1, -1, 1) if per_channel else scale,
        "b": rng.standard_normal(channels).astype(np.float32),
        "b_shape": np.array([1, -1, 1], np.int64),
    }
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "q_scale", "q_zero"]),
        helper.make_node("Mul", ["q_scale", "w_scale"], ["scales"]),
        helper.make_node("ConvInteger", ["q", "w", "q_zero", "w_zero"], ["i"], **settings),
        helper.make_node("Cast", ["i"], ["f"], to=F32),
        helper.make_node("Mul", ["f", "scales"], ["scaled" if bias else "y"]),
    ]
    if bias:
        nodes += [
            helper.make_node("Reshape", ["b", "b_shape"], ["b_row"]),
            helper.make_node("Add", ["scaled", "b_row"], ["y"]),
        ]
    inputs = weight.shape[1] * groups
    return model_of(nodes, {"x": [1, inputs, "T"]}, {"y": [1, channels, "U"]}, weights)


def integers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.integers(-127, 128, shape).astype(np.int8)
