"""Check that a graph's weights exist, are complete and lie inside the bundle.

All statements of the file are checked before onnxruntime opens it, because a native library that
memory-maps a truncated file may crash the process.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    import onnx

_LONGEST_QUOTE = 60


def check_weights(model: onnx.ModelProto, path: Path, bundle: Path) -> None:
    """Check every stored tensor of the graph in `path`, in the folder `bundle`.

    Raises:
        BundleError: Weights are missing, truncated, of another size, or outside the bundle.
    """
    sizes: dict[str, int] = {}
    for tensor in _model_tensors(model):
        _check_tensor(tensor, path, bundle, sizes)


def quoted(text: str | bytes) -> str:
    """Return a text from a file in quotes, truncated for use in a message."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "...")


def _model_tensors(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Yield every stored tensor, wherever ONNX allows one."""
    yield from _graph_tensors(model.graph)
    for function in model.functions:
        yield from _node_tensors(function.node)
    for training in model.training_info:
        yield from _graph_tensors(training.initialization)
        yield from _graph_tensors(training.algorithm)


def _graph_tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _node_tensors(graph.node)


def _node_tensors(nodes: Iterable[onnx.NodeProto]) -> Iterator[onnx.TensorProto]:
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            if attribute.HasField("sparse_tensor"):
                yield from (attribute.sparse_tensor.values, attribute.sparse_tensor.indices)
            for sparse in attribute.sparse_tensors:
                yield from (sparse.values, sparse.indices)
            if attribute.HasField("g"):
                yield from _graph_tensors(attribute.g)
            for nested in attribute.graphs:
                yield from _graph_tensors(nested)


def _check_tensor(
    tensor: onnx.TensorProto, path: Path, bundle: Path, sizes: dict[str, int]
) -> None:
    needed = _stored_bytes(tensor, path)
    name = quoted(tensor.name)
    if tensor.data_location != tensor.EXTERNAL:
        # The parser has already checked values in typed fields such as float_data; only raw bytes
        # can disagree with the shape.
        if tensor.HasField("raw_data") and needed is not None and len(tensor.raw_data) != needed:
            raise BundleError(
                f"{path} is damaged: {name} holds {len(tensor.raw_data)} bytes "
                f"where its shape needs {needed}. {REMEDY}"
            )
        return
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    if location not in sizes:
        sizes[location] = _data_size(path, bundle, location)
    offset = _whole_number(entries.get("offset", "0"), "offset", name, path)
    length = needed or 0
    if "length" in entries:
        length = _whole_number(entries["length"], "length", name, path)
    if needed is not None and length != needed:
        raise BundleError(
            f"{path} is damaged: {name} has {length} bytes of data "
            f"where its shape needs {needed}. {REMEDY}"
        )
    if offset + length > sizes[location]:
        raise BundleError(
            f"{path.with_name(location)} is cut short: it has {sizes[location]:,} bytes, "
            f"{path.name} needs at least {offset + length:,}. {REMEDY}"
        )


def _stored_bytes(tensor: onnx.TensorProto, path: Path) -> int | None:
    """Return the number of raw bytes for the tensor's shape; None for types of variable width."""
    import onnx

    if any(dim < 0 for dim in tensor.dims):
        raise BundleError(f"{path} is damaged: {quoted(tensor.name)} has a negative size. {REMEDY}")
    if tensor.data_type == onnx.TensorProto.UNDEFINED:
        # Parsers and exporters leave the type empty; a weight needs one.
        raise BundleError(f"{path} is damaged: {quoted(tensor.name)} has no type. {REMEDY}")
    packed = {
        getattr(onnx.TensorProto, name)
        for name in ("STRING", "UINT4", "INT4", "FLOAT4E2M1", "UINT2", "INT2")
        if hasattr(onnx.TensorProto, name)
    }
    if tensor.data_type in packed:
        return None
    try:
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
    except KeyError as error:
        raise BundleError(
            f"{path} is damaged: {quoted(tensor.name)} has the unknown type "
            f"{tensor.data_type}. {REMEDY}"
        ) from error
    width: int = dtype.itemsize
    return width * math.prod(int(dim) for dim in tensor.dims)


def _data_size(path: Path, bundle: Path, location: str | bytes) -> int:
    """Return the size of the external data file, which must lie inside the bundle."""
    if not isinstance(location, str) or not _is_inside(location):
        raise BundleError(
            f"{path} keeps its weights at {quoted(location)}, outside of the bundle: this is not "
            f"safe to open. {REMEDY}"
        )
    file = path.parent / location
    try:
        if not file.is_file():
            raise BundleError(f"{file} is missing, {path.name} keeps its weights there. {REMEDY}")
        size = file.stat().st_size
    except OSError as error:  # a name that the system does not allow
        raise BundleError(
            f"{path} keeps its weights at {quoted(location)}, which cannot be opened: "
            f"{error.strerror}. {REMEDY}"
        ) from error
    # In the hub's cache, graph and weights are links to files in one folder. Links to any other
    # place outside the bundle are refused.
    real = file.resolve()
    if not real.is_relative_to(bundle.resolve()) and real.parent != path.resolve().parent:
        raise BundleError(
            f"{file} is a link to {real}, outside of the bundle: this is not safe to open. {REMEDY}"
        )
    return size


def _is_inside(location: str) -> bool:
    """Return whether a location stays in the graph's folder on any system."""
    parts = location.replace("\\", "/").split("/")
    return (
        bool(location) and parts[0] != "" and ".." not in parts and not set(location) & {":", "\0"}
    )


def _whole_number(text: str | bytes, what: str, tensor: str, path: Path) -> int:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    raise BundleError(f"{path} is damaged: {what} {quoted(text)} of {tensor} is no size. {REMEDY}")
