"""Infer the types and shapes of a graph's values without running it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, slots=True)
class Values:
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


def known_values(model: onnx.ModelProto) -> Values:
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
    return Values(types, dims)
