"""Rounding of the weights of fp32 and fp16 graphs to 8 bits, one scale per column.

The result has the operators of a published int8 graph, so that the rewrites for int8 apply to it.
Weights are read, rounded and written some rows at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.recipe import RewrittenGraph

if TYPE_CHECKING:
    import onnx

_INT8, _FLOAT = 3, 1  # values of onnx.TensorProto
_LEVELS = 127
_LEAST_SIZE = 4096
"""Smaller weights stay as they are: they cost no time."""
_CHUNK = 4 << 20  # numbers
_ALIGNMENT = 4096  # of memory-mapped weights


def quantize_weights(graph: RewrittenGraph, target: Path) -> RewrittenGraph:
    """Return the graph with 8-bit products, and all its weights in the new file `target`.

    Args:
        graph: Its products with constant weights [K, N] are in fp32.
        target: The file, in an existing folder.

    Raises:
        OSError: The file cannot be written.
    """
    import onnx

    editor = GraphEditor(onnx.load_model_from_string(graph.model), graph.folder)
    with target.open("wb") as file:
        weights = _WeightFile(file, target.name)
        changed = _quantize_products(editor, weights)
        editor.prune()
        model = editor.build()
        for tensor in model.graph.initializer:
            if tensor.data_location == tensor.EXTERNAL and tensor.name not in weights.names:
                value = editor.constants.value(tensor.name)
                assert value is not None  # it is a stored weight
                weights.write(tensor, _chunks(value))
    report = {**graph.report, "weights in 8 bits": f"{changed} changed"}
    return replace(graph, model=model.SerializeToString(), folder=target.parent, report=report)


class _WeightFile:
    """A file of weights, written one after the other."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.names: set[str] = set()
        """The weights in the file."""

    def write(self, tensor: onnx.TensorProto, chunks: Iterable[NDArray[Any]]) -> None:
        """Write the numbers of a tensor, and note in it where they are."""
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        offset = self._file.tell()
        for chunk in chunks:
            self._file.write(np.ascontiguousarray(chunk).tobytes())
        del tensor.external_data[:]
        tensor.ClearField("raw_data")
        tensor.data_location = tensor.EXTERNAL
        length = self._file.tell() - offset
        for key, value in (("location", self._name), ("offset", offset), ("length", length)):
            tensor.external_data.add(key=key, value=str(value))
        self.names.add(tensor.name)


def _quantize_products(graph: GraphEditor, weights: _WeightFile) -> int:
    """Rewrite the products; return their number."""
    activations: dict[str, list[str]] = {}
    rounded: dict[str, tuple[str, str]] = {}
    changed = 0
    for node in graph.nodes:
        if node.op_type != "MatMul":
            continue
        source, weight = node.input
        value = _stored(graph, weight)
        if value is None or value.ndim != 2 or value.size < _LEAST_SIZE:
            continue
        if weight not in rounded:
            rounded[weight] = _round_columns(graph, weights, weight, value)
        if source not in activations:
            names = [f"{source}/{part}" for part in ("quantized", "scale", "zero")]
            activations[source] = graph.add_many("DynamicQuantizeLinear", [source], names)
        _multiply(graph, node.output[0], activations[source], rounded[weight])
        changed += 1
    return changed


def _stored(graph: GraphEditor, name: str) -> NDArray[Any] | None:
    """Return a constant as it is stored, before a Cast from 16 bits, which would copy it."""
    cast = graph.producer(name, "Cast")
    return graph.constants.value(name if cast is None else cast.input[0])


def _round_columns(
    graph: GraphEditor, weights: _WeightFile, name: str, value: NDArray[Any]
) -> tuple[str, str]:
    """Write a weight [K, N] in 8 bits; return its name and that of its scales [N]."""
    largest = np.zeros(value.shape[1], np.float32)
    for rows in _chunks(value):
        np.maximum(largest, np.abs(rows).max(axis=0), out=largest)
    scales = np.where(largest > 0, largest / _LEVELS, 1).astype(np.float32)
    tensor = graph.add_weight(f"{name}/eight_bits", _INT8, value.shape)
    weights.write(
        tensor,
        (np.rint(rows.astype(np.float32) / scales).astype(np.int8) for rows in _chunks(value)),
    )
    return tensor.name, graph.constant(scales, f"{name}/column_scales")


def _multiply(
    graph: GraphEditor, result: str, activation: list[str], weight: tuple[str, str]
) -> None:
    data, scale, zero = activation
    integers = graph.add("MatMulInteger", [data, weight[0], zero], f"{result}/integers")
    number = graph.add("Cast", [integers], f"{result}/number", to=_FLOAT)
    scales = graph.add("Mul", [scale, weight[1]], f"{result}/scales")
    graph.replace_reads(result, graph.add("Mul", [number, scales], f"{result}/scaled"))


def _chunks(value: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield an array in parts along its first axis."""
    if not value.ndim:
        yield value
        return
    rows = max(1, _CHUNK * len(value) // max(1, value.size))
    for first in range(0, len(value), rows):
        yield value[first : first + rows]
