"""What onnx can tell of the values of a graph without running it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx


def element_types(model: onnx.ModelProto) -> dict[str, int]:
    """Return the element type of every value, as onnx numbers them."""
    inferred = _inferred(model)
    types = {one.name: one.data_type for one in inferred.graph.initializer}
    types.update((v.name, v.type.tensor_type.elem_type) for v in _values(inferred))
    return types


def ranks(model: onnx.ModelProto) -> dict[str, int]:
    """Return how many axes each value has, where that is known."""
    return {name: len(dims) for name, dims in _dims(model)}


def known_shapes(model: onnx.ModelProto) -> dict[str, tuple[int, ...]]:
    """Return the shape of each value, where all of it is known."""
    return {
        name: tuple(dim for dim in dims if dim is not None)
        for name, dims in _dims(model)
        if None not in dims
    }


def _dims(model: onnx.ModelProto) -> Iterator[tuple[str, list[int | None]]]:
    """Yield values and their lengths, None where a length is open."""
    inferred = _inferred(model)
    for tensor in inferred.graph.initializer:
        yield tensor.name, list(tensor.dims)
    for value in _values(inferred):
        if value.type.tensor_type.HasField("shape"):
            dims = value.type.tensor_type.shape.dim
            yield value.name, [d.dim_value if d.HasField("dim_value") else None for d in dims]


def _inferred(model: onnx.ModelProto) -> onnx.ModelProto:
    from onnx import shape_inference

    return shape_inference.infer_shapes(model)


def _values(model: onnx.ModelProto) -> Iterator[onnx.ValueInfoProto]:
    for values in (model.graph.value_info, model.graph.input, model.graph.output):
        yield from values
