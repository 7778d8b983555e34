"""Shapes, constant values and stored weights of a graph, without running it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx


_Array = NDArray[Any]


class Constants:
    """Values known before the graph runs: weights, Constant nodes and simple functions of them.

    Arrays are read-only; external weights are memory-mapped, each file once.
    """

    def __init__(
        self, model: onnx.ModelProto, folder: Path, makers: Mapping[str, onnx.NodeProto]
    ) -> None:
        self._folder = folder
        self._makers = makers
        self._weights = {tensor.name: tensor for tensor in model.graph.initializer}
        self._mapped: dict[str, _Array] = {}

    def register(self, tensor: onnx.TensorProto) -> None:
        """Register a new weight."""
        self._weights[tensor.name] = tensor

    def unregister(self, name: str) -> None:
        """Unregister a removed weight."""
        self._weights.pop(name, None)

    def value(self, name: str) -> _Array | None:
        """Return the value of `name`; None if it is not a known constant."""
        tensor = self._weights.get(name)
        if tensor is not None:
            return self._read(tensor)
        node = self._makers.get(name)
        if node is None:
            return None
        if node.op_type == "Constant":
            return self._read(node.attribute[0].t) if node.attribute[0].name == "value" else None
        function = _FUNCTIONS.get(node.op_type)
        if function is None:
            return None
        values = [self.value(one) for one in node.input]
        known = [value for value in values if value is not None]
        return function(node, known) if len(known) == len(values) else None

    def scalar(self, name: str) -> float | None:
        """Return the value of `name` as a number; None if it is not a single constant."""
        value = self.value(name)
        return None if value is None or value.size != 1 else float(value.reshape(-1)[0])

    def _read(self, tensor: onnx.TensorProto) -> _Array | None:
        from onnx import helper, numpy_helper

        if tensor.data_location != tensor.EXTERNAL:
            return numpy_helper.to_array(tensor)
        said = {entry.key: entry.value for entry in tensor.external_data}
        dtype = helper.tensor_dtype_to_np_dtype(tensor.data_type)
        shape = tuple(tensor.dims)
        if not math.prod(shape):
            return np.empty(shape, dtype)
        offset = int(said.get("offset", 0))
        end = offset + math.prod(shape) * dtype.itemsize
        return self._file(said["location"])[offset:end].view(dtype).reshape(shape)

    def _file(self, location: str) -> _Array:
        """Return the bytes of a file of weights."""
        if location not in self._mapped:
            mapped = np.memmap(self._folder / location, np.uint8, "r")
            self._mapped[location] = np.asarray(mapped)
        return self._mapped[location]


def _gather(node: onnx.NodeProto, values: list[_Array]) -> _Array | None:
    axis = next((a.i for a in node.attribute if a.name == "axis"), 0)
    return np.take(values[0], values[1], axis=axis)


def _cast(node: onnx.NodeProto, values: list[_Array]) -> _Array | None:
    from onnx import helper

    to = next(a.i for a in node.attribute if a.name == "to")
    return values[0].astype(helper.tensor_dtype_to_np_dtype(to))


def _reshape(node: onnx.NodeProto, values: list[_Array]) -> _Array | None:
    shape = [int(dim) for dim in values[1]]
    return None if 0 in shape else values[0].reshape(shape)


def _squeeze(node: onnx.NodeProto, values: list[_Array]) -> _Array | None:
    return values[0].squeeze(tuple(int(axis) for axis in values[1])) if len(values) > 1 else None


def _transpose(node: onnx.NodeProto, values: list[_Array]) -> _Array | None:
    order = next((list(a.ints) for a in node.attribute if a.name == "perm"), None)
    return values[0].transpose(order)


_FUNCTIONS: Mapping[str, Callable[[onnx.NodeProto, list[_Array]], _Array | None]] = {
    "Identity": lambda _, values: values[0],
    "Gather": _gather,
    "Cast": _cast,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
}


@dataclass(frozen=True, slots=True)
class ValueInfo:
    """ONNX element types and axis lengths by value name; None for dynamic axes."""

    types: Mapping[str, int]
    dims: Mapping[str, tuple[int | None, ...]]

    def rank(self, name: str) -> int | None:
        """Return the number of axes, None if unknown."""
        dims = self.dims.get(name)
        return None if dims is None else len(dims)

    def shape(self, name: str) -> tuple[int, ...] | None:
        """Return the shape, None if not all of it is known."""
        dims = self.dims.get(name, (None,))
        known = tuple(dim for dim in dims if dim is not None)
        return known if len(known) == len(dims) else None


def infer_values(model: onnx.ModelProto) -> ValueInfo:
    """Return the inferred types and shapes of a model, without reading external weights."""
    from onnx import shape_inference

    graph = shape_inference.infer_shapes(model).graph
    types = {tensor.name: tensor.data_type for tensor in graph.initializer}
    dims: dict[str, tuple[int | None, ...]] = {t.name: tuple(t.dims) for t in graph.initializer}
    for values in (graph.value_info, graph.input, graph.output):
        for value in values:
            tensor = value.type.tensor_type
            types[value.name] = tensor.elem_type
            if tensor.HasField("shape"):
                dims[value.name] = tuple(
                    dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim
                )
    return ValueInfo(types, dims)


def resolve_weights(model: onnx.ModelProto, folder: Path) -> Path:
    """Make the model name the resolved weight files; return their folder.

    In the hub's cache all weights link into one folder. If the files lie in several folders, the
    model stays unchanged.
    """
    places = [
        entry
        for tensor in model.graph.initializer
        if tensor.data_location == tensor.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    ]
    real: dict[str, Path] = {e.value: (folder / e.value).resolve() for e in places}
    folders = {file.parent for file in real.values()}
    if len(folders) != 1:
        return folder
    for entry in places:
        entry.value = real[entry.value].name
    return folders.pop()


def with_cache_key(model: bytes, key: str) -> bytes:
    """Return the model with a key for CoreML's compile cache: up to 64 letters and digits.

    Without a key onnxruntime uses the path of the model's file.
    """
    import onnx

    named = onnx.load_model_from_string(model)
    onnx.helper.set_model_props(named, {"COREML_CACHE_KEY": key})
    return bytes(named.SerializeToString())
