"""Make the stored weights small: int8 where they are multiplied, fp16 elsewhere.

Two ways for the large matrices. `dynamic` is what the published bundle does (activations are
quantised as they come, MatMulInteger); `weights` stores int8 per column and multiplies in
fp32, which costs no accuracy and no special instructions.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# The program need not be installed where this runs.
sys.path.append(str(Path(__file__).parents[2]))
from granite_live.onnx_runtime import submodule

SMALL = 4096


def dynamic(source: Path, target: Path, seven_bit: bool, skip: list[str] | None = None) -> None:
    """Dynamic int8 of every MatMul with a constant matrix, per channel."""
    quantization = submodule("quantization")
    quantization.quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=seven_bit,
        weight_type=quantization.QuantType.QInt8,
        nodes_to_exclude=skip or [],
        extra_options={"MatMulConstBOnly": True},
    )


def without_copies(model: onnx.ModelProto) -> None:
    """Let nodes read a tensor itself where the exporter put an Identity before its second use."""
    graph = model.graph
    stored = {t.name for t in graph.initializer}
    identities = [n for n in graph.node if n.op_type == "Identity"]
    copies = {n.output[0]: n for n in identities if n.input[0] in stored}
    for node in graph.node:
        for i, name in enumerate(node.input):
            if name in copies:
                node.input[i] = copies[name].input[0]
    for node in copies.values():
        graph.node.remove(node)


def weights_only(model: onnx.ModelProto) -> None:
    """Store the matrices of MatMul as int8 per column, multiplied out when they are loaded."""
    graph = model.graph
    tensors = {t.name: t for t in graph.initializer}
    done: dict[str, str] = {}
    for node in list(graph.node):
        if node.op_type != "MatMul" or node.input[1] not in tensors:
            continue
        name = node.input[1]
        w = numpy_helper.to_array(tensors[name])
        if w.ndim != 2 or w.size < SMALL:
            continue
        if name not in done:
            scale = np.maximum(np.abs(w).max(0), 1e-12).astype(np.float32) / 127.0
            q = np.clip(np.rint(w / scale), -127, 127).astype(np.int8)
            graph.initializer.remove(tensors[name])
            graph.initializer.append(numpy_helper.from_array(q, name + "_q"))
            graph.initializer.append(numpy_helper.from_array(scale, name + "_s"))
            # Not DequantizeLinear: onnxruntime multiplies what comes from one by activations
            # rounded to 8 bits, and then one step of a sample changes words.
            widen = helper.make_node("Cast", [name + "_q"], [name + "_f"], to=TensorProto.FLOAT)
            scaled = helper.make_node("Mul", [name + "_f", name + "_s"], [name + "_w"])
            graph.node.insert(0, scaled)
            graph.node.insert(0, widen)
            done[name] = name + "_w"
        node.input[1] = done[name]


def half(model: onnx.ModelProto) -> None:
    """Store the remaining large fp32 tensors as fp16 with a Cast behind them."""
    graph = model.graph
    for t in list(graph.initializer):
        w = numpy_helper.to_array(t) if t.data_type == TensorProto.FLOAT else None
        if w is None or w.size < SMALL:
            continue
        name = t.name
        graph.initializer.remove(t)
        small = np.clip(w, -65504, 65504).astype(np.float16)
        graph.initializer.append(numpy_helper.from_array(small, name + "_h"))
        gathers = [n for n in graph.node if name in n.input and n.op_type == "Gather"]
        for n in gathers:  # look the rows up first: casting the table would cost more
            n.input[0] = name + "_h"
            out = n.output[0]
            n.output[0] = out + "_h"
            at = list(graph.node).index(n)
            cast = helper.make_node("Cast", [out + "_h"], [out], to=TensorProto.FLOAT)
            graph.node.insert(at + 1, cast)
        if any(name in n.input for n in graph.node):
            cast = helper.make_node("Cast", [name + "_h"], [name], to=TensorProto.FLOAT)
            graph.node.insert(0, cast)


def store(model: onnx.ModelProto, path: Path) -> None:
    """Write with one external data file, and check what must hold."""
    model.ir_version = 10
    domains = {n.domain for n in model.graph.node}
    if not domains <= {"", "ai.onnx"}:
        raise ValueError(f"{path}: operators of {domains}")
    for op in list(model.opset_import):
        if op.domain not in ("", "ai.onnx"):
            model.opset_import.remove(op)
    for old in (path, path.with_suffix(".onnx_data")):
        old.unlink(missing_ok=True)
    onnx.save_model(
        model,
        str(path),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=path.stem + ".onnx_data",
        size_threshold=1024,
    )
    onnx.checker.check_model(str(path))
