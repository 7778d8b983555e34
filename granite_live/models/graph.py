"""Read the inputs and outputs of an .onnx file without its weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.models.layout import REMEDY
from granite_live.models.weights import check_weights, quoted
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    import onnx


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
    import onnx
    from google.protobuf.message import DecodeError

    if not path.is_file():
        raise BundleError(f"{path} is missing. {REMEDY}")
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror or error}. {REMEDY}") from error
    except (DecodeError, ValueError, RecursionError) as error:
        raise BundleError(f"{path} is damaged or not an ONNX graph. {REMEDY}") from error
    if not (model.graph.node and model.graph.output and model.opset_import):
        raise BundleError(f"{path} is empty or cut short: it holds no whole graph. {REMEDY}")
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
    import onnx

    kind = value.type.tensor_type
    try:
        # Names that are not UTF-8 are returned as bytes.
        if not isinstance(value.name, str):
            raise KeyError(value.name)
        dtype = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type).name
    except KeyError as error:
        raise BundleError(
            f"{path} is damaged: {quoted(value.name)} is not a tensor of a known type. {REMEDY}"
        ) from error
    dims = tuple(d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim)
    return TensorSpec(value.name, dtype, dims)
