"""An .onnx file without its weights: inputs, outputs, and whether its external data is all there.

Everything is checked on the file's own statements before onnxruntime sees it, because a
native library that maps a truncated file may take the whole process with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.bundle.layout import REMEDY
from granite_live.errors import BundleError

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A graph input or output: `dtype` in numpy's words, `shape` with None for what varies."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """What one .onnx file says of itself."""

    path: Path
    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]


def read_graph(path: Path, bundle: Path) -> GraphInfo:
    """Parse `path`, check its external data, and return its inputs and outputs.

    Args:
        path: The .onnx file.
        bundle: The bundle's directory; external data must lie inside it.

    Raises:
        BundleError: The file or its data is missing, truncated, or points elsewhere.
    """
    model = _parse(path)
    sizes: dict[str, int] = {}
    for tensor in _tensors(model.graph):
        _check_tensor(tensor, path, bundle, sizes)
    if any(not _states_width(output) for output in model.graph.output):
        model = _with_inferred_shapes(model)
    weights = {tensor.name for tensor in model.graph.initializer}
    return GraphInfo(
        path,
        {i.name: _spec(i, path) for i in model.graph.input if i.name not in weights},
        {o.name: _spec(o, path) for o in model.graph.output},
    )


def _parse(path: Path) -> onnx.ModelProto:
    import onnx
    from google.protobuf.message import DecodeError

    if not path.is_file():
        raise BundleError(f"{path} is missing. {REMEDY}")
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (DecodeError, ValueError, RecursionError) as error:
        raise BundleError(f"{path} is damaged or not an ONNX graph. {REMEDY}") from error
    if not model.graph.node or not model.graph.output:
        raise BundleError(f"{path} is empty or cut short: it holds no graph. {REMEDY}")
    return model


def _states_width(value: onnx.ValueInfoProto) -> bool:
    dims = value.type.tensor_type.shape.dim
    return bool(dims) and (dims[-1].HasField("dim_value") or len(dims) < 3)


def _with_inferred_shapes(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with the shapes that onnx can work out where the exporter lost them.

    Only the shapes of the weights are needed for it, so none are read.
    """
    import onnx

    try:
        return onnx.shape_inference.infer_shapes(model)
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError):
        return model  # what is not stated is found missing where it is needed


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Yield every stored tensor: initializers, constants, and those of nested graphs."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            if attribute.HasField("g"):
                yield from _tensors(attribute.g)
            for nested in attribute.graphs:
                yield from _tensors(nested)


def _check_tensor(
    tensor: onnx.TensorProto, path: Path, bundle: Path, sizes: dict[str, int]
) -> None:
    needed = _stored_bytes(tensor, path)
    if tensor.data_location != tensor.EXTERNAL:
        # Values may also sit in typed fields (float_data and the like), which the
        # parser has already counted; only raw bytes can disagree with the shape.
        if tensor.HasField("raw_data") and needed is not None and len(tensor.raw_data) != needed:
            raise BundleError(
                f"{path} is damaged: {tensor.name!r} holds {len(tensor.raw_data)} bytes "
                f"where its shape needs {needed}. {REMEDY}"
            )
        return
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    if location not in sizes:
        sizes[location] = _data_size(path, bundle, location)
    offset = _whole_number(entries.get("offset", "0"), "offset", tensor.name, path)
    if "length" in entries:
        length = _whole_number(entries["length"], "length", tensor.name, path)
    else:
        length = needed if needed is not None else 0
    if needed is not None and length != needed:
        raise BundleError(
            f"{path} is damaged: {tensor.name!r} has {length} bytes of data "
            f"where its shape needs {needed}. {REMEDY}"
        )
    if offset + length > sizes[location]:
        raise BundleError(
            f"{path.with_name(location)} is cut short: it has {sizes[location]:,} bytes, "
            f"{path.name} needs at least {offset + length:,}. {REMEDY}"
        )


def _stored_bytes(tensor: onnx.TensorProto, path: Path) -> int | None:
    """Return how many raw bytes the tensor's shape needs; None for types without a fixed width."""
    import onnx

    if any(dim < 0 for dim in tensor.dims):
        raise BundleError(f"{path} is damaged: {tensor.name!r} has a negative size. {REMEDY}")
    packed = {
        getattr(onnx.TensorProto, name)
        for name in ("STRING", "UINT4", "INT4", "FLOAT4E2M1", "UINT2", "INT2", "UNDEFINED")
        if hasattr(onnx.TensorProto, name)
    }
    if tensor.data_type in packed:
        return None
    try:
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
    except KeyError as error:
        raise BundleError(
            f"{path} is damaged: {tensor.name!r} has the unknown type {tensor.data_type}. {REMEDY}"
        ) from error
    width: int = dtype.itemsize
    return width * math.prod(int(dim) for dim in tensor.dims)


def _data_size(path: Path, bundle: Path, location: str) -> int:
    """Return the size of the external data file, which must lie inside the bundle."""
    parts = Path(location.replace("\\", "/")).parts
    lexically_inside = location and "\0" not in location and not Path(location).is_absolute()
    if not lexically_inside or ".." in parts or ":" in location:
        raise BundleError(
            f"{path} keeps its weights at {location!r}, outside of the bundle: this is not "
            f"safe to open. {REMEDY}"
        )
    file = path.parent / location
    if not file.is_file():
        raise BundleError(f"{file} is missing, {path.name} keeps its weights there. {REMEDY}")
    # The hub's cache is a folder of links into one folder of contents: there the graph
    # is a link itself, and its weights are its neighbours. Any other way out is refused.
    real = file.resolve()
    if not real.is_relative_to(bundle.resolve()) and real.parent != path.resolve().parent:
        raise BundleError(
            f"{file} is a link to {real}, outside of the bundle: this is not safe to open. {REMEDY}"
        )
    return file.stat().st_size


def _whole_number(text: str, what: str, tensor: str, path: Path) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise BundleError(f"{path} is damaged: {what} {text!r} of {tensor!r} is no size. {REMEDY}")
    return int(text)


def _spec(value: onnx.ValueInfoProto, path: Path) -> TensorSpec:
    import onnx

    kind = value.type.tensor_type
    try:
        dtype = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type).name
    except KeyError as error:
        raise BundleError(
            f"{path}: {value.name!r} is not a tensor of a known type. {REMEDY}"
        ) from error
    dims = tuple(d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim)
    return TensorSpec(value.name, dtype, dims)
