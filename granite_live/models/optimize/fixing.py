"""Fix the input lengths of a graph, for devices that compile a graph for fixed lengths.

With fixed lengths, everything computed from lengths is constant, and onnxruntime folds it. The
weights are turned into inputs meanwhile, so that onnxruntime neither reads nor folds them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.models.devices import CPU, first_line
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    import onnx


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
                raise BundleError(f"The input {value.name!r} has axes of unknown lengths.")
            if length is not None and dim.HasField("dim_value") and dim.dim_value != length:
                raise BundleError(
                    f"An axis of the input {value.name!r} is {dim.dim_value}, not {length}."
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
                f"onnxruntime cannot take fixed lengths: {first_line(error)}"
            ) from error
        return onnx.load(target)
