"""Compute matrix products in 16 bits, for GPUs; sensitive operations stay in 32 bits.

The fp16w tier stores 16-bit weights and casts them to 32 bits before use. Here products read the
16-bit weights directly, and operators that move or join their results follow. Norms, softmax,
residual sums and output heads stay in 32 bits, because 16 bits would change words or overflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount

if TYPE_CHECKING:
    import onnx

_FLOAT, _HALF = 1, 10  # values of onnx.TensorProto
_PRODUCTS = frozenset({"Conv", "Einsum", "Gemm", "MatMul"})
# Computed in 16 bits if all their non-constant inputs are.
_FOLLOWING = frozenset({
    "Add", "Concat", "Div", "Expand", "Gather", "Gelu", "Identity", "Mul", "Neg", "Pad", "Relu",
    "Reshape", "Sigmoid", "Slice", "Split", "Squeeze", "Sub", "Tanh", "Transpose", "Unsqueeze",
    "Where",
})  # fmt: skip
# Operators allowed between a head's product and the search for its best class.
_SCALING = frozenset({"Add", "Div", "Identity", "Mul", "Reshape", "Sub"})
# Operators that only change a weight's shape.
_TURNING = ("Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze")
_READS_SCORES = frozenset({"ArgMax", "LogSoftmax", "ReduceMax", "Softmax"})
_LARGEST, _SMALLEST = 65504.0, 6.2e-5


def convert_to_float16(graph: GraphEditor, types: Mapping[str, int]) -> RewriteCount:
    """Rewrite a graph whose nodes are in topological order.

    Args:
        graph: Its inputs and outputs keep their types.
        types: The element types of its values, from `values.ValueInfo`.

    Returns:
        The number of changed products, and of those that stay in 32 bits.
    """
    work = _Float16Conversion(graph, types)
    for node in graph.nodes:
        work.rewrite(node)
    for name in graph.outputs:
        work.give(name)
    graph.prune()
    return RewriteCount(work.changed, work.left)


class _Float16Conversion:
    """The values in 16 bits so far, and the casts added."""

    def __init__(self, graph: GraphEditor, types: Mapping[str, int]) -> None:
        self._graph = graph
        self._types = types
        self._halves: set[str] = set()
        self._casts: dict[tuple[str, int], str] = {}
        self._fixed = {name for name in types if graph.producer(name) is None} - set(graph.inputs)
        self.changed = self.left = 0

    def rewrite(self, node: onnx.NodeProto) -> None:
        read = [name for name in node.input if name]
        if all(name in self._fixed for name in read):
            self._fixed.update(node.output)
            return
        floats = [name for name in read if self._types.get(name) == _FLOAT]
        half = self._suits(node, floats)
        if node.op_type in _PRODUCTS and floats:
            self.changed, self.left = self.changed + half, self.left + (not half)
        for name in dict.fromkeys(floats):
            if half != (name in self._halves):
                self._graph.replace_input(node, name, self._cast(name, _HALF if half else _FLOAT))
        if half:
            self._halves.update(n for n in node.output if self._types.get(n) == _FLOAT)

    def give(self, name: str) -> None:
        """Cast a graph output back to 32 bits."""
        if name not in self._halves:
            return
        wide = self._graph.add("Cast", [name], f"{name}/float", to=_FLOAT)
        cast = self._graph.producer(wide)
        assert cast is not None
        half_readers = [n for n in self._graph.readers(name) if n is not cast]
        self._graph.replace_reads(name, wide, keep=[cast, *half_readers])

    def _suits(self, node: onnx.NodeProto, floats: list[str]) -> bool:
        if not floats or not all(self._fits(name) for name in floats if name in self._fixed):
            return False
        if node.op_type in _PRODUCTS:
            return not self._is_head(node)
        varying = [name for name in floats if name not in self._fixed]
        return (
            node.op_type in _FOLLOWING
            and bool(varying)
            and all(name in self._halves for name in varying)
        )

    def _fits(self, name: str) -> bool:
        """Return whether 16 bits can hold every number of a constant."""
        while (turned := self._graph.producer(name, *_TURNING)) is not None:
            name = turned.input[0]
        if self._stored_half(name) is not None:
            return True
        value = self._graph.constants.value(name)
        if value is None:
            return False
        sizes = np.abs(value)
        largest = float(sizes.max(initial=0.0))
        # A single number scales everything, so it must not become 0; in an array, small ones may.
        return largest <= _LARGEST and (value.size > 1 or largest == 0 or largest >= _SMALLEST)

    def _is_head(self, node: onnx.NodeProto) -> bool:
        if not any(name in self._fixed for name in node.input):
            return False
        values = list(node.output)
        while values:
            for reader in self._graph.readers(values.pop()):
                if reader.op_type in _READS_SCORES:
                    return True
                others = sum(name not in self._fixed for name in reader.input)
                if reader.op_type in _SCALING and others == 1:
                    values.extend(reader.output)
        return False

    def _stored_half(self, name: str) -> str | None:
        """Return the stored 16-bit weight if `name` is a Cast of one."""
        cast = self._graph.producer(name, "Cast")
        stored = None if cast is None else str(cast.input[0])
        return stored if stored and self._types.get(stored) == _HALF else None

    def _cast(self, name: str, to: int) -> str:
        known = self._casts.get((name, to))
        if known is None:
            stored = self._stored_half(name) if to == _HALF else None
            hint = f"{name}/{'half' if to == _HALF else 'float'}"
            known = stored or self._graph.add("Cast", [name], hint, to=to)
            self._casts[name, to] = known
        return known
