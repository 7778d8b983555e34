"""Replace quantized depthwise convolutions by float32 ones.

They are a thousandth of the arithmetic, but ConvInteger makes them a third of the time. The weights
are dequantized exactly and activations are no longer rounded to 8 bits, so the result is closer to
the fp32 tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.editing import GraphEditor, attribute
from granite_live.models.optimize.outcome import Outcome
from granite_live.models.optimize.quantised import QuantisedConv, find_quantised

if TYPE_CHECKING:
    import onnx

_COPIED = ("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")


def rewrite_depthwise(graph: GraphEditor) -> Outcome:
    """Rewrite every depthwise ConvInteger."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "ConvInteger" or not is_depthwise(graph, node):
            continue
        conv = find_quantised(graph, node)
        if conv is None:
            left += 1
            continue
        _rewrite(graph, conv)
        changed += 1
    return Outcome(changed, left)


def is_depthwise(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    """Return whether a convolution is depthwise with constant weights."""
    weight = graph.constants.value(node.input[1])
    groups = attribute(node, "group", 1)
    return weight is not None and 1 < groups == weight.shape[0] and weight.shape[1] == 1


def _rewrite(graph: GraphEditor, conv: QuantisedConv) -> None:
    weight = graph.constants.value(conv.weight)
    scale = graph.constants.value(conv.weight_scale)
    assert weight is not None  # `find_quantised` has checked that both are constant
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
    graph.reread(conv.result, graph.add("Conv", inputs, f"{conv.result}/exact", **said))


def _each_channel(value: np.ndarray | None, rank: int) -> np.ndarray:
    """Return one number, or one per channel, broadcastable to weights of `rank` axes."""
    if value is None:
        return np.zeros((), np.float32)
    return value.reshape(()) if value.size == 1 else value.reshape(-1, *[1] * (rank - 1))
