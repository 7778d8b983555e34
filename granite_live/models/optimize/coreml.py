"""Graphs for CoreML: fixed lengths, and operators that CoreML has."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import CPU, first_line
from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount, attribute
from granite_live.models.optimize.graph_values import ValueInfo
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    import onnx


_Way = Callable[[GraphEditor, "onnx.NodeProto", ValueInfo], str | None]
"""Returns the name of the equivalent value, None if the node cannot be replaced."""

# An Expand becomes a Concat of at most this many copies.
_MAX_COPIES = 16
_TYPES: Mapping[int, type[np.generic]] = {1: np.float32, 10: np.float16, 7: np.int64}


def replace_unsupported_ops(graph: GraphEditor, values: ValueInfo) -> RewriteCount:
    """Replace every unsupported operator that has an equivalent.

    Args:
        graph: Of fixed lengths.
        values: The values of the same graph.
    """
    changed = left = 0
    for node in graph.nodes:
        say = _REPLACEMENTS.get(node.op_type)
        if say is None:
            continue
        said = say(graph, node, values)
        if said is None:
            left += 1
        else:
            graph.replace_reads(node.output[0], said)
            changed += 1
    return RewriteCount(changed, left)


def _binary_with_constant(kind: str, number: int) -> _Way:
    """Replace a node by the operator `kind` of a constant and the node's input."""

    def say(graph: GraphEditor, node: onnx.NodeProto, values: ValueInfo) -> str | None:
        dtype = _TYPES.get(values.types.get(node.input[0], 0))
        if dtype is None:
            return None
        constant = graph.constant(np.array(number, dtype), f"{node.output[0]}/number")
        return graph.add(kind, [constant, node.input[0]], f"{node.output[0]}/{kind}")

    return say


def _padded(graph: GraphEditor, node: onnx.NodeProto, values: ValueInfo) -> str | None:
    """Replace a Pad with zeros at the end of one axis by a Concat."""
    value, *settings = node.input
    amounts = graph.constants.value(settings[0]) if settings else None
    shape, kind = values.shape(value), _TYPES.get(values.types.get(value, 0))
    if amounts is None or shape is None or kind is None or len(amounts) != 2 * len(shape):
        return None
    if attribute(node, "mode", b"constant") != b"constant" or any(settings[2:]):
        return None
    if len(settings) > 1 and settings[1] and graph.constants.scalar(settings[1]) != 0:
        return None
    if not np.any(amounts):
        return str(value)
    axes = np.flatnonzero(amounts)
    if len(axes) != 1 or axes[0] < len(shape) or amounts[axes[0]] < 0:
        return None
    axis = int(axes[0]) - len(shape)
    filling = tuple(int(amounts[axes[0]]) if k == axis else n for k, n in enumerate(shape))
    zeros = graph.constant(np.zeros(filling, kind), f"{node.output[0]}/zeros")
    return graph.add("Concat", [value, zeros], f"{node.output[0]}/padded", axis=axis)


def _repeated(graph: GraphEditor, node: onnx.NodeProto, values: ValueInfo) -> str | None:
    """Replace an Expand by a Concat of copies, axis by axis."""
    value, wanted = node.input
    target = graph.constants.value(wanted)
    shape = values.shape(value)
    if target is None or shape is None or len(target) != len(shape):
        return None
    copies = {
        axis: int(many)
        for axis, (many, one) in enumerate(zip(target, shape, strict=True))
        if one == 1 and many > 1
    }
    if math.prod(copies.values()) > _MAX_COPIES:
        return None
    for axis, many in copies.items():
        value = graph.add("Concat", [value] * many, f"{node.output[0]}/copies", axis=axis)
    return str(value)


def _chosen(graph: GraphEditor, node: onnx.NodeProto, values: ValueInfo) -> str | None:
    """Replace a Gather of one index by Slice and Squeeze."""
    value, index = node.input
    place = graph.constants.value(index)
    shape = values.shape(value)
    if place is None or place.ndim or not shape:
        return None
    axis = int(attribute(node, "axis", 0)) % len(shape)
    first = int(place) % shape[axis]
    bounds = [
        graph.constant(np.array([number], np.int64), f"{node.output[0]}/{name}")
        for name, number in (("start", first), ("stop", first + 1), ("axis", axis))
    ]
    part = graph.add("Slice", [value, *bounds], f"{node.output[0]}/part")
    return graph.add("Squeeze", [part, bounds[2]], f"{node.output[0]}/chosen")


_REPLACEMENTS: Mapping[str, _Way] = {
    "Expand": _repeated,
    "Gather": _chosen,
    "Neg": _binary_with_constant("Mul", -1),
    "Pad": _padded,
    "Reciprocal": _binary_with_constant("Div", 1),
}


def fix_lengths(model: onnx.ModelProto, lengths: Mapping[str, Sequence[int]]) -> onnx.ModelProto:
    """Return the model for inputs of these lengths.

    Args:
        model: Its external weights are not read.
        lengths: For each input the lengths of its axes, in order. Trailing axes with a length in
            the graph may be omitted.

    Raises:
        BundleError: An axis has no or a conflicting length, or onnxruntime rejects the graph.
    """
    import onnx

    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for value in fixed.graph.input:
        wanted = lengths.get(value.name, ())
        for dim, length in zip_longest(value.type.tensor_type.shape.dim, wanted):
            if dim is None or (length is None and not dim.HasField("dim_value")):
                raise BundleError(OptimizeMessage.UNKNOWN_AXES(input=value.name))
            if length is not None and dim.HasField("dim_value") and dim.dim_value != length:
                raise BundleError(
                    OptimizeMessage.WRONG_AXIS(
                        input=value.name, length=dim.dim_value, expected=length
                    )
                )
            if length is not None:
                dim.dim_value = length
    for value in fixed.graph.output:
        value.type.tensor_type.ClearField("shape")  # now inferred from the inputs
    weights = _hide_weights(fixed)
    folded = _folded(fixed)
    _show_weights(folded, weights)
    return folded


def _hide_weights(model: onnx.ModelProto) -> dict[str, onnx.TensorProto]:
    """Turn external weights into inputs; return them by name."""
    import onnx

    weights: dict[str, onnx.TensorProto] = {}
    own: list[onnx.TensorProto] = []
    for tensor in model.graph.initializer:
        kept = onnx.TensorProto()
        kept.CopyFrom(tensor)
        if tensor.data_location == tensor.EXTERNAL:
            weights[tensor.name] = kept
        else:
            own.append(kept)
    del model.graph.initializer[:]
    model.graph.initializer.extend(own)
    named = {value.name for value in model.graph.input}  # old exporters list weights as inputs
    model.graph.input.extend(
        onnx.helper.make_tensor_value_info(name, tensor.data_type, list(tensor.dims))
        for name, tensor in weights.items()
        if name not in named
    )
    return weights


def _show_weights(model: onnx.ModelProto, weights: Mapping[str, onnx.TensorProto]) -> None:
    own = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(own)
    read = {name for node in model.graph.node for name in node.input}
    model.graph.initializer.extend(one for name, one in weights.items() if name in read)


def _folded(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model after onnxruntime's device-independent optimizations."""
    import onnx

    from granite_live.models.onnx_runtime import ort

    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory(prefix="granite-live-") as folder:
        target = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(target)
        try:
            ort.InferenceSession(model.SerializeToString(), options, providers=[CPU])
        except Exception as error:  # onnxruntime's errors have no common base class
            raise BundleError(
                OptimizeMessage.FIXED_LENGTHS_FAILED(reason=first_line(error))
            ) from error
        return onnx.load(target)
