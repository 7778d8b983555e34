"""Rewrite convolutions of kernel 1 as matrix products, exact on this processor."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.convolutions import QuantizedConv, find_quantized
from granite_live.models.optimize.graph_editor import (
    SWAP_ROWS_CHANNELS,
    GraphEditor,
    RewriteCount,
    attribute,
)

if TYPE_CHECKING:
    import onnx


_ROWS, _DEPTH, _COLUMNS = 4, 64, 32


@functools.cache
def signed_products_saturate() -> bool:
    """Return whether a product of the largest bytes saturates on this CPU."""
    from onnx import TensorProto, helper, numpy_helper

    from granite_live.models.onnx_runtime import ort

    weight = numpy_helper.from_array(np.full((_DEPTH, _COLUMNS), 127, np.int8), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "saturation",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [_ROWS, _DEPTH])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [_ROWS, _COLUMNS])],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    (product,) = session.run(None, {"x": np.full((_ROWS, _DEPTH), 255, np.uint8)})
    return bool((np.asarray(product) != 255 * 127 * _DEPTH).any())


_UINT8, _INT32 = 2, 6  # values of onnx.TensorProto


def rewrite_pointwise(graph: GraphEditor, *, unsigned: bool | None = None) -> RewriteCount:
    """Rewrite every Conv and ConvInteger [B, I, T] -> [B, O, T] of kernel size 1.

    Args:
        graph: The graph to change.
        unsigned: Whether signed weights become unsigned; None decides by CPU.
    """
    changed = left = 0
    for node in graph.nodes:
        if node.op_type not in {"Conv", "ConvInteger"} or not _is_pointwise(graph, node):
            continue
        if node.op_type == "Conv":
            done = _as_product(graph, node)
        else:
            if unsigned is None:
                unsigned = signed_products_saturate()
            done = _as_integers(graph, node, unsigned=unsigned)
        changed, left = changed + done, left + (not done)
    return RewriteCount(changed, left)


def _is_pointwise(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    weight = graph.constants.value(node.input[1])
    return (
        weight is not None
        and weight.ndim == 3
        and weight.shape[2] == 1
        and attribute(node, "group", 1) == 1
        and attribute(node, "strides", [1]) == [1]
        and not any(attribute(node, "pads", [0, 0]))
        and attribute(node, "auto_pad", b"NOTSET") in {b"NOTSET", b"VALID"}
    )


def _as_product(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    source, weight, *bias = node.input
    result = node.output[0]
    rows = graph.add("Transpose", [source], f"{result}/rows", perm=SWAP_ROWS_CHANNELS)
    product = graph.add("MatMul", [rows, _turned(graph, weight)], f"{result}/product")
    if bias and bias[0]:
        product = graph.add("Add", [product, bias[0]], f"{result}/biased")
    _connect_result(graph, product, result)
    return True


def _as_integers(graph: GraphEditor, node: onnx.NodeProto, *, unsigned: bool) -> bool:
    conv = find_quantized(graph, node)
    if conv is None:
        return False
    result = conv.result
    rows = graph.add("Transpose", [conv.source], f"{result}/rows", perm=SWAP_ROWS_CHANNELS)
    # Transposing before quantization does not change the minimum, maximum or scale.
    data, scale, zero = graph.add_many(
        "DynamicQuantizeLinear", [rows], [f"{result}/{p}" for p in ("quantised", "scale", "zero")]
    )
    weight, weight_zero = conv.weight, conv.weight_zero
    if unsigned and _is_signed(graph, conv):
        weight, weight_zero = _as_unsigned(graph, conv)
    operands = [data, _turned(graph, weight), zero]
    if weight_zero is not None:
        operands.append(weight_zero)
    product = graph.add("MatMulInteger", operands, f"{result}/integers")
    number = graph.add("Cast", [product], f"{result}/number", to=1)
    scales = graph.add("Mul", [scale, _flat(graph, conv.weight_scale)], f"{result}/scales")
    scaled = graph.add("Mul", [number, scales], f"{result}/scaled")
    if conv.bias is not None:
        scaled = graph.add("Add", [scaled, _flat(graph, conv.bias)], f"{result}/biased")
    _connect_result(graph, scaled, result)
    return True


def _is_signed(graph: GraphEditor, conv: QuantizedConv) -> bool:
    weight = graph.constants.value(conv.weight)
    return weight is not None and weight.dtype == np.int8


def _as_unsigned(graph: GraphEditor, conv: QuantizedConv) -> tuple[str, str]:
    """Return the signed weights and zero points as unsigned values, 128 higher."""
    offset = graph.constant(np.array(128, np.int32), f"{conv.weight}/offset")

    def higher(name: str) -> str:
        wide = graph.add("Cast", [name], f"{name}/wide", to=_INT32)
        moved = graph.add("Add", [wide, offset], f"{name}/moved")
        return graph.add("Cast", [moved], f"{name}/unsigned", to=_UINT8)

    if conv.weight_zero is None:
        zero = graph.constant(np.array(128, np.uint8), f"{conv.weight}/zero")
    else:
        zero = higher(conv.weight_zero)
    return higher(conv.weight), zero


def _turned(graph: GraphEditor, weight: str) -> str:
    """Return the weight [O, I, 1] transposed to [I, O]."""
    axis = graph.constant(np.array([2], np.int64), f"{weight}/kernel_axis")
    flat = graph.add("Squeeze", [weight, axis], f"{weight}/flat")
    return graph.add("Transpose", [flat], f"{weight}/turned", perm=[1, 0])


def _flat(graph: GraphEditor, name: str) -> str:
    """Return a single-number constant unchanged, else flattened to one axis."""
    if graph.constants.scalar(name) is not None:
        return name
    shape = graph.constant(np.array([-1], np.int64), f"{name}/one_axis")
    return graph.add("Reshape", [name, shape], f"{name}/flat")


def _connect_result(graph: GraphEditor, rows: str, result: str) -> None:
    """Make readers of `result` [B, O, T] read `rows` [B, T, O], transposed."""
    back = graph.add("Transpose", [rows], f"{result}/channels", perm=SWAP_ROWS_CHANNELS)
    graph.replace_reads(result, back)
