"""Take a graph apart and put it together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.models.optimize.graph_values import Constants

if TYPE_CHECKING:
    import onnx


class GraphEditor:
    """The nodes of a model, indexed by the values they produce and read.

    Takes ownership of the model; `build` returns the result.
    """

    def __init__(self, model: onnx.ModelProto, folder: Path) -> None:
        import onnx

        self._onnx = onnx  # importing it for each node takes longer than making the node
        self._model = model
        self._nodes: dict[int, onnx.NodeProto] = {}
        self._producers: dict[str, onnx.NodeProto] = {}
        self._readers: dict[str, dict[int, onnx.NodeProto]] = {}
        self._names = {name for node in model.graph.node for name in node.output}
        self._names |= {value.name for value in model.graph.input}
        self._names |= {tensor.name for tensor in model.graph.initializer}
        for source in model.graph.node:
            node = onnx.NodeProto()
            node.CopyFrom(source)
            self._insert(node)
        del model.graph.node[:]
        self._has_branches = any(
            a.HasField("g") or a.graphs for node in self.nodes for a in node.attribute
        )
        self.constants = Constants(model, folder, self._producers)

    @property
    def nodes(self) -> list[onnx.NodeProto]:
        """A snapshot of the nodes, safe to iterate while editing."""
        return list(self._nodes.values())

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the graph's outputs."""
        return tuple(value.name for value in self._model.graph.output)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the graph's inputs, without weights that old exporters list as inputs."""
        weights = {tensor.name for tensor in self._model.graph.initializer}
        return tuple(v.name for v in self._model.graph.input if v.name not in weights)

    def has_branches(self) -> bool:
        """Return whether a node contains a subgraph; its reads of outer values are not tracked."""
        return self._has_branches  # no rewrite adds one, and those that are there stay

    def producer(self, value: str, *kinds: str) -> onnx.NodeProto | None:
        """Return the node that produces `value`, if it is of one of `kinds` (default: any)."""
        node = self._producers.get(value)
        return node if node is not None and (not kinds or node.op_type in kinds) else None

    def readers(self, value: str) -> list[onnx.NodeProto]:
        """Return the nodes that read `value`."""
        return list(self._readers.get(value, {}).values())

    def only_reader(self, value: str, *kinds: str) -> onnx.NodeProto | None:
        """Return the only reader of `value`, if it is of one of `kinds`."""
        readers = self.readers(value)
        if len(readers) != 1 or value in self.outputs:
            return None
        return readers[0] if readers[0].op_type in kinds else None

    def add(self, kind: str, inputs: Sequence[str], hint: str, **attributes: Any) -> str:
        """Add a node with one output; return the output's name, which begins with `hint`."""
        return self.add_many(kind, inputs, [hint], **attributes)[0]

    def add_many(
        self, kind: str, inputs: Sequence[str], hints: Sequence[str], **attributes: Any
    ) -> list[str]:
        """Add a node with several outputs; return their names."""
        names = [self._unique_name(hint) for hint in hints]
        node = self._onnx.helper.make_node(kind, inputs, names, name=names[0], **attributes)
        self._insert(node)
        return names

    def constant(self, array: NDArray[Any], hint: str) -> str:
        """Add a small constant; return its name."""
        name = self._unique_name(hint)
        self._model.graph.initializer.append(self._onnx.numpy_helper.from_array(array, name))
        self.constants.register(self._model.graph.initializer[-1])
        return name

    def add_weight(self, hint: str, dtype: int, shape: Sequence[int]) -> onnx.TensorProto:
        """Add a weight of an ONNX element type, whose numbers the caller stores; return it."""
        tensor: onnx.TensorProto = self._model.graph.initializer.add()
        tensor.name, tensor.data_type = self._unique_name(hint), dtype
        tensor.dims.extend(shape)
        self.constants.register(tensor)
        return tensor

    def replace_reads(self, old: str, new: str, keep: Iterable[onnx.NodeProto] = ()) -> None:
        """Make all readers of `old`, except the nodes `keep`, read `new`.

        A graph output keeps its name.
        """
        kept = {id(node) for node in keep}
        for key, node in list(self._readers.get(old, {}).items()):
            if key not in kept:
                self._replace_node_input(node, old, new)
        maker = self._producers.get(old)
        if old in self.outputs and maker is not None:
            # The former producer of the output gets a new output name for the remaining readers.
            del self._producers[old]
            other = self._unique_name(old)
            maker.output[list(maker.output).index(old)] = other
            self._producers[other] = maker
            for node in self.readers(old):
                self._replace_node_input(node, old, other)
            self._insert_identity(new, old)

    def replace_input(self, node: onnx.NodeProto, old: str, new: str) -> None:
        """Make one node read `new` instead of `old`."""
        self._replace_node_input(node, old, new)

    def drop_output(self, name: str) -> None:
        """Remove a graph output."""
        keep = [value for value in self._model.graph.output if value.name != name]
        del self._model.graph.output[:]
        self._model.graph.output.extend(keep)

    def add_output(
        self, value: str, name: str, dtype: Any, axes: Sequence[str] | None = None
    ) -> None:
        """Add `value` as graph output `name` of numpy `dtype`, with dynamic axes if known."""
        from onnx import helper

        self._insert_identity(value, name)
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        shape = None if axes is None else list(axes)
        self._model.graph.output.append(helper.make_tensor_value_info(name, kind, shape))

    def add_input(self, name: str, dtype: Any, dims: Sequence[int | str]) -> None:
        """Add a graph input `name` of numpy `dtype`."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self._model.graph.input.append(helper.make_tensor_value_info(name, kind, list(dims)))
        self._names.add(name)

    def drop_unread_inputs(self) -> None:
        """Remove graph inputs that no node reads."""
        keep = [v for v in self._model.graph.input if self._readers.get(v.name)]
        del self._model.graph.input[:]
        self._model.graph.input.extend(keep)

    def prune(self) -> int:
        """Remove nodes and weights that no output needs; return the number of removed nodes.

        Does nothing if there are subgraphs, because their reads of outer values are not tracked.
        """
        if self.has_branches():
            return 0
        outputs = set(self.outputs)

        def is_read(value: str) -> bool:
            return value in outputs or bool(self._readers.get(value))

        gone = 0
        unread = [node for value, node in self._producers.items() if not is_read(value)]
        while unread:
            node = unread.pop()
            if id(node) in self._nodes and not any(is_read(value) for value in node.output):
                self._remove(node)
                gone += 1
                made = [self._producers.get(name) for name in node.input if not is_read(name)]
                unread.extend(one for one in made if one is not None)
        read = {name for name, nodes in self._readers.items() if nodes} | outputs
        weights = self._model.graph.initializer
        names = [tensor.name for tensor in weights]
        for index in reversed(range(len(names))):
            if names[index] not in read:
                self.constants.unregister(names[index])
                del weights[index]
        return gone

    def build(self) -> onnx.ModelProto:
        """Return the model with its nodes in topological order."""
        ordered = self._sorted_nodes()
        self._model.graph.node.extend(ordered)
        known = {opset.domain for opset in self._model.opset_import}
        for domain in sorted({node.domain for node in ordered} - known - {"", "ai.onnx"}):
            self._model.opset_import.add(domain=domain, version=1)
        del self._model.graph.value_info[:]  # shapes may be outdated
        return self._model

    def _sorted_nodes(self) -> list[onnx.NodeProto]:
        """Return each node behind those that it reads, otherwise in the order of insertion.

        The order is that of rounds over all nodes, each of which takes those that have become
        possible: a node is in the round of what it reads, or in the next one if that comes later.
        """
        nodes = self.nodes
        readers: dict[str, list[int]] = {}
        missing = [0] * len(nodes)
        for place, node in enumerate(nodes):
            for name in {name for name in node.input if name in self._producers}:
                readers.setdefault(name, []).append(place)
                missing[place] += 1
        rounds = [0] * len(nodes)
        possible = [(0, place) for place, count in enumerate(missing) if not count]
        ordered = []
        while possible:
            number, place = heappop(possible)
            ordered.append(nodes[place])
            for name in nodes[place].output:
                for reader in readers.get(name, ()):
                    rounds[reader] = max(rounds[reader], number + (reader < place))
                    missing[reader] -= 1
                    if not missing[reader]:
                        heappush(possible, (rounds[reader], reader))
        if len(ordered) < len(nodes):
            msg = "the rewritten graph has a cycle"
            raise RuntimeError(msg)
        return ordered

    def _replace_node_input(self, node: onnx.NodeProto, old: str, new: str) -> None:
        for index, name in enumerate(node.input):
            if name == old:
                node.input[index] = new
        del self._readers[old][id(node)]
        self._readers.setdefault(new, {})[id(node)] = node

    def _insert(self, node: onnx.NodeProto) -> None:
        self._nodes[id(node)] = node
        for name in node.output:
            if name:
                self._producers[name] = node
        for name in node.input:
            if name:
                self._readers.setdefault(name, {})[id(node)] = node

    def _insert_identity(self, value: str, name: str) -> None:
        from onnx import helper

        self._names.add(name)
        self._insert(helper.make_node("Identity", [value], [name], name=self._unique_name(name)))

    def _remove(self, node: onnx.NodeProto) -> None:
        del self._nodes[id(node)]
        for name in node.input:
            self._readers.get(name, {}).pop(id(node), None)
        for name in node.output:
            self._producers.pop(name, None)

    def _unique_name(self, hint: str) -> str:
        name, number = hint, 1
        while name in self._names:
            number += 1
            name = f"{hint}/{number}"
        self._names.add(name)
        return name


def attribute(node: onnx.NodeProto, name: str, default: Any = None) -> Any:
    """Return a node's attribute as a Python value, or `default`."""
    from onnx import helper

    for one in node.attribute:
        if one.name == name:
            return helper.get_attribute_value(one)
    return default


SWAP_ROWS_CHANNELS = [0, 2, 1]
"""The permutation, in both directions."""


def rows_before_transpose(graph: GraphEditor, channels: str) -> str | None:
    """Return the rows that a Transpose turned into `channels`, None if there is no such node."""
    turn = graph.producer(channels, "Transpose")
    return (
        str(turn.input[0])
        if turn is not None and attribute(turn, "perm") == SWAP_ROWS_CHANNELS
        else None
    )


@dataclass(frozen=True, slots=True)
class RewriteCount:
    """The number of places that a rewrite changed, and of candidates left unchanged."""

    changed: int = 0
    left: int = 0

    def __str__(self) -> str:
        if not self.changed and not self.left:
            return "not found"
        return f"{self.changed} changed" + (f", {self.left} left as they are" if self.left else "")
