"""Run depthwise convolutions on rows directly, without transposing.

    rows -> Transpose -> Conv -> silu -> Transpose -> rows

onnxruntime has fast channels-last kernels for 2-D convolutions only. So a second dimension of size
1 is inserted: the same numbers are added in another order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.depthwise import is_depthwise
from granite_live.models.optimize.editing import GraphEditor, attribute
from granite_live.models.optimize.outcome import Outcome
from granite_live.models.optimize.turning import TURNED, rows_behind

if TYPE_CHECKING:
    import onnx


def rewrite_channels_last(graph: GraphEditor) -> Outcome:
    """Rewrite every float32 depthwise Conv [B, C, T], with or without a following silu."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "Conv" or not _is_plain(graph, node):
            continue
        rows = rows_behind(graph, node.input[0])
        if rows is None:
            left += 1
            continue
        _rewrite(graph, node, rows)
        changed += 1
    return Outcome(changed, left)


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


def _rewrite(graph: GraphEditor, node: onnx.NodeProto, rows: str) -> None:
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
    graph.reread(result, graph.add("Transpose", [given], f"{result}/channels", perm=TURNED))


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
