"""Rewrites of attention: the mask, the padding of its blocks, and the bias by relative position."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount, attribute

if TYPE_CHECKING:
    import onnx


# Half a unit in the last place is 5e22: every attention score vanishes in the sum.
_VAST = -1e30


class MaskedScores(NamedTuple):
    """Attention scores, and the Where that replaces some of them by a large negative `number`."""

    scores: str
    condition: str
    is_kept_where_true: bool
    number: float


def rewrite_attention_mask(graph: GraphEditor) -> RewriteCount:
    """Rewrite every Where that has a large negative constant and leads to a Softmax."""
    masks: dict[tuple[str, bool, float], str] = {}
    changed = 0
    for node in graph.nodes:
        found = find_masked(graph, node)
        if found is None:
            continue
        key = found.condition, found.is_kept_where_true, found.number
        if key not in masks:
            masks[key] = _mask(graph, *key)
        result = node.output[0]
        graph.replace_reads(
            result, graph.add("Add", [found.scores, masks[key]], f"{result}/masked")
        )
        changed += 1
    return RewriteCount(changed)


def find_masked(graph: GraphEditor, node: onnx.NodeProto) -> MaskedScores | None:
    """Return the masking of `node`, None if it is not such a Where."""
    if node.op_type != "Where" or not _is_softened(graph, node):
        return None
    seen, yes, no = node.input
    for scores, other in ((yes, no), (no, yes)):
        number = graph.constants.scalar(other)
        if number is not None and -np.inf < number <= _VAST:
            return MaskedScores(scores, seen, scores == yes, number)
    return None


def _is_softened(graph: GraphEditor, node: onnx.NodeProto) -> bool:
    """Return whether a Softmax reads the output of `node`, or its sum with another value."""
    reader = graph.only_reader(node.output[0], "Softmax", "Add")
    if reader is not None and reader.op_type == "Add":
        reader = graph.only_reader(reader.output[0], "Softmax")
    return reader is not None


def _mask(graph: GraphEditor, seen: str, is_kept_where_true: bool, number: float) -> str:
    sides = [
        graph.constant(np.array(value, np.float32), f"{seen}/{name}")
        for value, name in ((0.0, "seen"), (number, "unseen"))
    ]
    return graph.add(
        "Where", [seen, *(sides if is_kept_where_true else sides[::-1])], f"{seen}/sum"
    )


def rewrite_padding(graph: GraphEditor) -> RewriteCount:
    """Rewrite every such Pad whose readers are projections or Shape nodes."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "Pad" or graph.producer(node.input[0], "LayerNormalization") is None:
            continue
        done = _rewrite(graph, node)
        changed, left = changed + done, left + (not done)
    return RewriteCount(changed, left)


def _rewrite(graph: GraphEditor, pad: onnx.NodeProto) -> bool:
    if attribute(pad, "mode", b"constant") != b"constant" or len(pad.input) > 3:
        return False
    if len(pad.input) == 3 and pad.input[2] and graph.constants.scalar(pad.input[2]) != 0:
        return False
    padded = pad.output[0]
    readers = [node for node in graph.readers(padded) if node.op_type != "Shape"]
    results = [_results(graph, pad, node) for node in readers]
    if not readers or padded in graph.outputs or not all(results):
        return False
    shapes = [node for node in graph.readers(padded) if node.op_type == "Shape"]
    graph.replace_reads(padded, pad.input[0], keep=shapes)
    for result in (name for names in results for name in names):
        # Pads the same axes as before; the last axis is not padded.
        wide = graph.add("Pad", [result, *pad.input[1:]], f"{result}/padded")
        made = graph.producer(wide)
        assert made is not None
        graph.replace_reads(result, wide, keep=[made])
    return True


def _results(graph: GraphEditor, pad: onnx.NodeProto, reader: onnx.NodeProto) -> list[str]:
    """Return the outputs of the projections behind `reader`; empty if there are other nodes."""
    if reader.op_type == "MatMul":
        fits = reader.input[0] == pad.output[0] and _fits(graph, pad, reader.input[1])
        return [str(reader.output[0])] if fits else []
    if reader.op_type != "DynamicQuantizeLinear":
        return []
    results = []
    for product in graph.readers(reader.output[0]):
        result = _integer_result(graph, product) if product.op_type == "MatMulInteger" else None
        if result is None or not _fits(graph, pad, product.input[1]):
            return []
        results.append(result)
    return results


def _integer_result(graph: GraphEditor, product: onnx.NodeProto) -> str | None:
    cast = graph.only_reader(product.output[0], "Cast")
    scaled = graph.only_reader(cast.output[0], "Mul") if cast is not None else None
    return None if scaled is None else str(scaled.output[0])


def _fits(graph: GraphEditor, pad: onnx.NodeProto, weight: str) -> bool:
    """Return whether the weight matches the last axis before padding, so it is not padded."""
    norm = graph.producer(pad.input[0], "LayerNormalization")
    assert norm is not None
    scale, matrix = graph.constants.value(norm.input[1]), graph.constants.value(weight)
    if scale is None or matrix is None or scale.ndim != 1 or matrix.ndim != 2:
        return False
    return bool(scale.shape[0] == matrix.shape[0])


_EQUATION = re.compile(r"(\w)(\w)(\w)(\w)(\w),(\w)(\w)(\w)->(\w)(\w)(\w)(\w)(\w)")
_LARGEST_TABLE_BYTES = 64 * 2**20


def rewrite_relative_bias(graph: GraphEditor) -> RewriteCount:
    """Rewrite every Einsum of this form with a constant table."""
    changed = left = 0
    for node in graph.nodes:
        if node.op_type != "Einsum":
            continue
        table = _table(graph, node)
        if table is None:
            left += 1
            continue
        rows = distinct_rows(table)
        if rows is None:
            _batched(graph, node, table)
        else:
            _shifted(graph, node.input[0], *_scaled(graph, node.output[0], rows))
        changed += 1
    return RewriteCount(changed, left)


def distinct_rows(table: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Return the distinct rows of a table [c, c, d] for r - c = 1 - c ... c - 1, as [2c - 1, d].

    None if the table depends on anything else.
    """
    places, width, _ = table.shape
    if width != places or places < 2:
        return None
    rows = np.concatenate([table[:0:-1, 0], table[0]])
    same = all(
        np.array_equal(table[c], rows[places - 1 - c : 2 * places - 1 - c]) for c in range(places)
    )
    return rows if same else None


def _table(graph: GraphEditor, node: onnx.NodeProto) -> NDArray[np.float32] | None:
    equation = attribute(node, "equation", b"").decode().replace(" ", "")
    found = _EQUATION.fullmatch(equation)
    if found is None:
        return None
    b, m, h, c, d, *rest = found.groups()
    r = rest[1]
    if rest != [c, r, d, b, m, h, c, r] or len({b, m, h, c, d, r}) != 6:
        return None
    table = graph.constants.value(node.input[1])
    if table is None or table.dtype != np.float32 or table.nbytes > _LARGEST_TABLE_BYTES:
        return None
    return table


def _scaled(
    graph: GraphEditor, name: str, rows: NDArray[np.float32]
) -> tuple[str, NDArray[np.float32]]:
    """Return the result and the rows, with a following constant factor folded in."""
    product = graph.only_reader(name, "Mul")
    if product is not None:
        factor = next((one for one in product.input if one != name), name)
        number = graph.constants.scalar(factor)
        value = graph.constants.value(factor)
        if number is not None and value is not None and value.dtype == np.float32:
            return product.output[0], rows * np.float32(number)
    return name, rows


def _shifted(graph: GraphEditor, source: str, name: str, rows: NDArray[np.float32]) -> None:
    """Multiply by the distinct rows, then shift row c of the result c places to the left."""
    places, width = (len(rows) + 1) // 2, len(rows)
    columns = graph.constant(np.ascontiguousarray(rows.T), f"{name}/distinct")
    product = graph.add("MatMul", [source, columns], f"{name}/all")
    # Element r of row c is at offset c * width + (r - c + places - 1). Starting at places - 1, this
    # is element r in rows that are one element shorter.
    flat = graph.add("Reshape", [product, _shape(graph, name, [0, 0, 0, -1])], f"{name}/line")
    start, length = places - 1, places * (width - 1)
    line = _slice(graph, flat, start, start + length, f"{name}/moved")
    moved = graph.add(
        "Reshape", [line, _shape(graph, name, [0, 0, 0, places, width - 1])], f"{name}/rows"
    )
    graph.replace_reads(name, _slice(graph, moved, 0, places, f"{name}/shifted"))


def _batched(graph: GraphEditor, node: onnx.NodeProto, table: NDArray[np.float32]) -> None:
    """Compute one product per place c: [c, bmh, d] x [c, d, r]."""
    name = node.output[0]
    turned = graph.constant(np.ascontiguousarray(table.transpose(0, 2, 1)), f"{name}/table")
    # [b, m, h, c, d] -> [b, m, c, h, d]: the places become the batch axis.
    source = graph.add("Transpose", [node.input[0]], f"{name}/places", perm=[0, 1, 3, 2, 4])
    product = graph.add("MatMul", [source, turned], f"{name}/products")
    graph.replace_reads(
        name, graph.add("Transpose", [product], f"{name}/heads", perm=[0, 1, 3, 2, 4])
    )


def _shape(graph: GraphEditor, name: str, dims: list[int]) -> str:
    return graph.constant(np.array(dims, np.int64), f"{name}/shape")


def _slice(graph: GraphEditor, value: str, start: int, stop: int, hint: str) -> str:
    bounds = [
        graph.constant(np.array([number], np.int64), f"{hint}/{what}")
        for what, number in (("start", start), ("stop", stop), ("axis", -1))
    ]
    return graph.add("Slice", [value, *bounds], hint)
