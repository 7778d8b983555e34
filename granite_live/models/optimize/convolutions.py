"""Rewrites of depthwise convolutions and of the gate before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.graph_editor import (
    SWAP_ROWS_CHANNELS,
    GraphEditor,
    RewriteCount,
    attribute,
    rows_before_transpose,
)

if TYPE_CHECKING:
    import onnx


def rewrite_gate(graph: GraphEditor) -> RewriteCount:
    """Rewrite every such gate over the channels of [B, C, T]."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "Split" or attribute(node, "axis", 0) not in {1, -2}:
            continue
        done = _move_gate(graph, node)
        changed, left = changed + done, left + (not done)
    return RewriteCount(changed, left)


def _move_gate(graph: GraphEditor, split: onnx.NodeProto) -> bool:
    rows = rows_before_transpose(graph, split.input[0])
    if rows is None or len(split.output) != 2:
        return False
    value, opening = split.output
    sigmoid = graph.only_reader(opening, "Sigmoid")
    product = graph.only_reader(value, "Mul")
    if sigmoid is None or product is None:
        return False
    if graph.only_reader(sigmoid.output[0], "Mul") is not product:
        return False
    result = product.output[0]
    settings = {} if len(split.input) > 1 else {"num_outputs": 2}
    halves = graph.add_many(
        "Split",
        [rows, *split.input[1:]],
        [f"{result}/value", f"{result}/opening"],
        axis=2,
        **settings,
    )
    opened = graph.add("Sigmoid", [halves[1]], f"{result}/opened")
    gated = graph.add("Mul", [halves[0], opened], f"{result}/gated")
    graph.replace_reads(
        result, graph.add("Transpose", [gated], f"{result}/channels", perm=SWAP_ROWS_CHANNELS)
    )
    return True


@dataclass(frozen=True, slots=True)
class QuantizedConv:
    """A quantized convolution; all fields except `node` are value names.

    `source` is the unquantized input; `weight_zero` and `bias` are None if absent; `result` is the
    final value.
    """

    node: onnx.NodeProto
    source: str
    weight: str
    weight_zero: str | None
    weight_scale: str
    bias: str | None
    result: str


def find_quantized(graph: GraphEditor, conv: onnx.NodeProto) -> QuantizedConv | None:
    """Return the parts around the ConvInteger `conv`, or None if the pattern does not match."""
    data, weight, *zeros = conv.input
    quantise = graph.producer(data, "DynamicQuantizeLinear")
    if quantise is None or not zeros or zeros[0] != quantise.output[2]:
        return None
    cast = graph.only_reader(conv.output[0], "Cast")
    product = graph.only_reader(cast.output[0], "Mul") if cast is not None else None
    if cast is None or product is None:
        return None
    scales = graph.producer(_other(product, cast.output[0]), "Mul")
    if scales is None or quantise.output[1] not in scales.input:
        return None
    weight_scale = _other(scales, quantise.output[1])
    if graph.constants.value(weight_scale) is None:
        return None
    result, bias = product.output[0], None
    add = graph.only_reader(result, "Add")
    if add is not None:
        offset = _other(add, result)
        if _is_per_channel(graph, offset, weight):
            result, bias = add.output[0], offset
    return QuantizedConv(
        node=conv,
        source=quantise.input[0],
        weight=weight,
        weight_zero=zeros[1] if len(zeros) > 1 and zeros[1] else None,
        weight_scale=weight_scale,
        bias=bias,
        result=result,
    )


def _other(node: onnx.NodeProto, name: str) -> str:
    """Return the input of a binary node that is not `name`."""
    first, second = node.input
    return str(second if first == name else first)


def _is_per_channel(graph: GraphEditor, offset: str, weight: str) -> bool:
    """Return whether `offset` is a constant with one number per output channel."""
    value, weights = graph.constants.value(offset), graph.constants.value(weight)
    if value is None or weights is None or value.ndim < 2:
        return False
    return bool(value.size == value.shape[1] == weights.shape[0])


_COPIED = ("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")


def rewrite_depthwise(graph: GraphEditor) -> RewriteCount:
    """Rewrite every depthwise ConvInteger."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "ConvInteger" or not is_depthwise(graph, node):
            continue
        conv = find_quantized(graph, node)
        if conv is None:
            left += 1
            continue
        _compute_in_single_precision(graph, conv)
        changed += 1
    return RewriteCount(changed, left)


def is_depthwise(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    """Return whether a convolution is depthwise with constant weights."""
    weight = graph.constants.value(node.input[1])
    groups = attribute(node, "group", 1)
    return weight is not None and 1 < groups == weight.shape[0] and weight.shape[1] == 1


def _compute_in_single_precision(graph: GraphEditor, conv: QuantizedConv) -> None:
    weight = graph.constants.value(conv.weight)
    scale = graph.constants.value(conv.weight_scale)
    assert weight is not None  # `find_quantized` has checked that both are constant
    assert scale is not None
    zero = None if conv.weight_zero is None else graph.constants.value(conv.weight_zero)
    whole = weight.astype(np.int32) - _each_channel(zero, weight.ndim).astype(np.int32)
    exact = (whole * _each_channel(scale, weight.ndim).astype(np.float32)).astype(np.float32)
    inputs = [conv.source, graph.constant(exact, f"{conv.weight}/exact")]
    if conv.bias is not None:
        bias = graph.constants.value(conv.bias)
        assert bias is not None
        flat = np.ascontiguousarray(bias.reshape(-1), np.float32)
        inputs.append(graph.constant(flat, f"{conv.bias}/flat"))
    settings = {name: attribute(conv.node, name) for name in _COPIED}
    said = {name: value for name, value in settings.items() if value is not None}
    graph.replace_reads(conv.result, graph.add("Conv", inputs, f"{conv.result}/exact", **said))


def _each_channel(value: np.ndarray | None, rank: int) -> np.ndarray:
    """Return one number, or one per channel, broadcastable to weights of `rank` axes."""
    if value is None:
        return np.zeros((), np.float32)
    return value.reshape(()) if value.size == 1 else value.reshape(-1, *[1] * (rank - 1))


def rewrite_channels_last(graph: GraphEditor) -> RewriteCount:
    """Rewrite every float32 depthwise Conv [B, C, T], with or without a following silu."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "Conv" or not _is_plain(graph, node):
            continue
        rows = rows_before_transpose(graph, node.input[0])
        if rows is None:
            left += 1
            continue
        _move_channels_last(graph, node, rows)
        changed += 1
    return RewriteCount(changed, left)


def _is_plain(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    """Return whether `node` is a 1-D depthwise Conv with explicit padding."""
    weight = graph.constants.value(node.input[1])
    return (
        weight is not None
        and weight.ndim == 3
        and weight.dtype == np.float32
        and is_depthwise(graph, node)
        and attribute(node, "auto_pad", b"NOTSET") == b"NOTSET"
    )


def _move_channels_last(graph: GraphEditor, node: onnx.NodeProto, rows: str) -> None:
    source, weight, *bias = node.input
    result = node.output[0]
    height = graph.constant(np.array([1], np.int64), f"{result}/height")
    flat = graph.constant(np.array([2], np.int64), f"{weight}/height")
    kernel = graph.add("Unsqueeze", [weight, flat], f"{weight}/flat")
    plane = graph.add("Unsqueeze", [rows, height], f"{source}/plane")
    turned = graph.add("Transpose", [plane], f"{source}/turned", perm=[0, 3, 1, 2])
    product = graph.add("Conv", [turned, kernel, *bias], f"{result}/plane", **_settings(node))
    back = graph.add("Transpose", [product], f"{result}/back", perm=[0, 2, 3, 1])
    given = graph.add("Squeeze", [back, height], f"{result}/rows")
    opening = next((one for one in graph.readers(result) if one.op_type == "Sigmoid"), None)
    silu = None if opening is None else graph.only_reader(opening.output[0], "Mul")
    if silu is not None and result in silu.input and len(graph.readers(result)) == 2:
        # silu is elementwise, so it may come before the Transpose.
        result = silu.output[0]
        opened = graph.add("Sigmoid", [given], f"{result}/opened")
        given = graph.add("Mul", [given, opened], f"{result}/rows")
    # onnxruntime removes this Transpose together with its inverse in the reader.
    graph.replace_reads(
        result, graph.add("Transpose", [given], f"{result}/channels", perm=SWAP_ROWS_CHANNELS)
    )


def _settings(node: onnx.NodeProto) -> dict[str, int | list[int]]:
    """Return the attributes of `node` for a 2-D input of height 1."""
    before, after = attribute(node, "pads", [0, 0])
    settings = {
        "group": attribute(node, "group"),
        "pads": [0, before, 0, after],
        "strides": [1, *attribute(node, "strides", [1])],
        "dilations": [1, *attribute(node, "dilations", [1])],
    }
    shape = attribute(node, "kernel_shape")
    return settings if shape is None else {**settings, "kernel_shape": [1, *shape]}
