"""ONNX files without running them: inputs, outputs, and where their weights are stored."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from granite_live.messages.bundle import BundleMessage
from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    import onnx


_MAX_QUOTE = 60
_MESSAGES = "onnx.onnx_ml_pb2"
_USUAL_TYPES = {
    "FLOAT": "float32",
    "FLOAT16": "float16",
    "DOUBLE": "float64",
    "INT8": "int8",
    "UINT8": "uint8",
    "INT32": "int32",
    "INT64": "int64",
    "BOOL": "bool",
}
"""The names of NumPy for the element types of most tensors; onnx knows them all."""


def _messages() -> Any:
    """Import the module of onnx's messages without all else that onnx imports.

    Every program that runs a model reads its graphs first; the rest of onnx, which only rewriting
    needs, takes most of the time of its import.
    """
    if "onnx" not in sys.modules and _MESSAGES not in sys.modules:
        package = find_spec("onnx")
        places = package and package.submodule_search_locations
        spec = places and PathFinder.find_spec(_MESSAGES, places)
        if spec and spec.loader:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return sys.modules.setdefault(_MESSAGES, module)
    if _MESSAGES not in sys.modules:
        import onnx  # noqa: F401
    return sys.modules[_MESSAGES]


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
    return repr(text if len(text) <= _MAX_QUOTE else text[:_MAX_QUOTE] + "...")


def _model_tensors(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Yield every stored tensor, wherever ONNX allows one."""
    graphs = [model.graph]
    for training in model.training_info:
        graphs += [training.initialization, training.algorithm]
    for function in model.functions:
        for node in function.node:
            yield from _node_tensors(node, graphs)
    for graph in graphs:  # those within its nodes follow
        yield from graph.initializer
        for sparse in graph.sparse_initializer:
            yield from (sparse.values, sparse.indices)
        for node in graph.node:
            yield from _node_tensors(node, graphs)


def _node_tensors(node: onnx.NodeProto, graphs: list[onnx.GraphProto]) -> list[onnx.TensorProto]:
    """Return the tensors in a node's attributes, and append the graphs in them."""
    found: list[onnx.TensorProto] = []
    for attribute in node.attribute:
        for field, value in attribute.ListFields():
            match field.name:
                case "t":
                    found.append(value)
                case "tensors":
                    found += value
                case "sparse_tensor":
                    found += (value.values, value.indices)
                case "sparse_tensors":
                    found += (one for sparse in value for one in (sparse.values, sparse.indices))
                case "g":
                    graphs.append(value)
                case "graphs":
                    graphs += value
    return found


def _check_tensor(
    tensor: onnx.TensorProto, path: Path, bundle: Path, sizes: dict[str, int]
) -> None:
    needed = _stored_bytes(tensor, path)
    if tensor.data_location != tensor.EXTERNAL:
        # The parser has already checked values in typed fields such as float_data; only raw bytes
        # can disagree with the shape.
        if tensor.HasField("raw_data") and needed is not None and len(tensor.raw_data) != needed:
            raise BundleError(
                BundleMessage.INLINE_LENGTH_WRONG(
                    path=path,
                    name=quoted(tensor.name),
                    length=len(tensor.raw_data),
                    needed=needed,
                    remedy=REMEDY,
                )
            )
        return
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    if location not in sizes:
        sizes[location] = _data_size(path, bundle, location)
    offset = _whole_number(entries.get("offset", "0"), "offset", tensor, path)
    length = needed or 0
    if "length" in entries:
        length = _whole_number(entries["length"], "length", tensor, path)
    if needed is not None and length != needed:
        raise BundleError(
            BundleMessage.EXTERNAL_LENGTH_WRONG(
                path=path, name=quoted(tensor.name), length=length, needed=needed, remedy=REMEDY
            )
        )
    if offset + length > sizes[location]:
        raise BundleError(
            BundleMessage.EXTERNAL_DATA_CUT(
                path=path.with_name(location),
                size=sizes[location],
                graph=path.name,
                needed=offset + length,
                remedy=REMEDY,
            )
        )


def _stored_bytes(tensor: onnx.TensorProto, path: Path) -> int | None:
    """Return the number of raw bytes for the tensor's shape; None for types of variable width."""
    dims = tuple(tensor.dims)
    if dims and min(dims) < 0:
        raise BundleError(
            BundleMessage.NEGATIVE_SIZE(path=path, tensor=quoted(tensor.name), remedy=REMEDY)
        )
    if tensor.data_type == tensor.UNDEFINED:
        # Parsers and exporters leave the type empty; a weight needs one.
        raise BundleError(
            BundleMessage.NO_TYPE(path=path, tensor=quoted(tensor.name), remedy=REMEDY)
        )
    try:
        width = _width(tensor.data_type)
    except KeyError as error:
        raise BundleError(
            BundleMessage.UNKNOWN_TYPE(
                path=path, tensor=quoted(tensor.name), type=tensor.data_type, remedy=REMEDY
            )
        ) from error
    return None if width is None else width * math.prod(dims)


@functools.cache
def _width(data_type: int) -> int | None:
    """Return the bytes of a number of an ONNX element type; None for types of variable width.

    Raises:
        KeyError: The type is unknown.
    """
    tensor = _messages().TensorProto
    packed = {
        getattr(tensor, name)
        for name in ("STRING", "UINT4", "INT4", "FLOAT4E2M1", "UINT2", "INT2")
        if hasattr(tensor, name)
    }
    return None if data_type in packed else _dtype(data_type).itemsize


@functools.cache
def _dtype(data_type: int) -> np.dtype[Any]:
    """Return NumPy's type of an ONNX element type.

    Raises:
        KeyError: The type is unknown.
    """
    tensor = _messages().TensorProto
    for name, usual in _USUAL_TYPES.items():
        if data_type == getattr(tensor, name):
            return np.dtype(usual)
    import onnx

    return onnx.helper.tensor_dtype_to_np_dtype(data_type)


def _data_size(path: Path, bundle: Path, location: str | bytes) -> int:
    """Return the size of the external data file, which must lie inside the bundle."""
    if not isinstance(location, str) or not _is_inside(location):
        raise BundleError(
            BundleMessage.WEIGHTS_OUTSIDE(path=path, location=quoted(location), remedy=REMEDY)
        )
    file = path.parent / location
    try:
        if not file.is_file():
            raise BundleError(
                BundleMessage.EXTERNAL_DATA_MISSING(path=file, graph=path.name, remedy=REMEDY)
            )
        size = file.stat().st_size
    except OSError as error:  # a name that the system does not allow
        raise BundleError(
            BundleMessage.EXTERNAL_DATA_UNOPENABLE(
                path=path, location=quoted(location), reason=error.strerror, remedy=REMEDY
            )
        ) from error
    # In the hub's cache, graph and weights are links to files in one folder. Links to any other
    # place outside the bundle are refused.
    real = file.resolve()
    if not real.is_relative_to(bundle.resolve()) and real.parent != path.resolve().parent:
        raise BundleError(BundleMessage.LINK_OUTSIDE(path=file, target=real, remedy=REMEDY))
    return size


def _is_inside(location: str) -> bool:
    """Return whether a location stays in the graph's folder on any system."""
    parts = location.replace("\\", "/").split("/")
    return (
        bool(location) and parts[0] != "" and ".." not in parts and not set(location) & {":", "\0"}
    )


def _whole_number(text: str | bytes, what: str, tensor: onnx.TensorProto, path: Path) -> int:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    raise BundleError(
        BundleMessage.SIZE_NOT_A_NUMBER(
            path=path, what=what, value=quoted(text), tensor=quoted(tensor.name), remedy=REMEDY
        )
    )


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A graph input or output: numpy `dtype`, and `shape` with None for dynamic dimensions."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """The inputs and outputs of one .onnx file."""

    path: Path
    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]


def read_graph(path: Path, bundle: Path) -> GraphInfo:
    """Parse `path`, check its external data, and return its inputs and outputs.

    Args:
        path: The .onnx file.
        bundle: The bundle's directory; external data must lie inside it.

    Raises:
        BundleError: The file or its data is missing, truncated, or outside the bundle.
    """
    model = _parse(path)
    check_weights(model, path, bundle)
    if any(not _states_width(output) for output in model.graph.output):
        model = _with_inferred_shapes(model)
    weights = {tensor.name for tensor in model.graph.initializer}
    return GraphInfo(
        path,
        {i.name: _spec(i, path) for i in model.graph.input if i.name not in weights},
        {o.name: _spec(o, path) for o in model.graph.output},
    )


def _parse(path: Path) -> onnx.ModelProto:
    from google.protobuf.message import DecodeError

    if not path.is_file():
        raise BundleError(BundleMessage.FILE_MISSING(path=path, remedy=REMEDY))
    try:
        model: onnx.ModelProto = _messages().ModelProto.FromString(path.read_bytes())
    except OSError as error:
        raise BundleError(
            BundleMessage.FILE_UNREADABLE(path=path, reason=error.strerror or error, remedy=REMEDY)
        ) from error
    except (DecodeError, ValueError, RecursionError) as error:
        raise BundleError(BundleMessage.NOT_A_GRAPH(path=path, remedy=REMEDY)) from error
    if not (model.graph.node and model.graph.output and model.opset_import):
        raise BundleError(BundleMessage.GRAPH_EMPTY(path=path, remedy=REMEDY))
    return model


def _states_width(value: onnx.ValueInfoProto) -> bool:
    dims = value.type.tensor_type.shape.dim
    return bool(dims) and (dims[-1].HasField("dim_value") or len(dims) < 3)


def _with_inferred_shapes(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with inferred shapes, without reading weights."""
    import onnx

    try:
        return onnx.shape_inference.infer_shapes(model)
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError):
        return model  # a missing shape is reported where it is needed


def _spec(value: onnx.ValueInfoProto, path: Path) -> TensorSpec:
    kind = value.type.tensor_type
    try:
        # Names that are not UTF-8 are returned as bytes.
        if not isinstance(value.name, str):
            raise KeyError(value.name)
        dtype = _dtype(kind.elem_type).name
    except KeyError as error:
        raise BundleError(
            BundleMessage.NOT_A_TENSOR(path=path, name=quoted(value.name), remedy=REMEDY)
        ) from error
    dims = tuple(d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim)
    return TensorSpec(value.name, dtype, dims)
