"""Replace the relative position bias, an Einsum, by a plain matrix product.

    b m h c d, c r d -> b m h c r

The table [c, r, d] usually depends on r - c only. Then one product with its 2c - 1 distinct rows
and a shift give the same numbers without the table (20 MB a layer in the published model). Other
constant tables become a batched product.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.models.optimize.editing import GraphEditor, attribute
from granite_live.models.optimize.outcome import Outcome

if TYPE_CHECKING:
    import onnx

_EQUATION = re.compile(r"(\w)(\w)(\w)(\w)(\w),(\w)(\w)(\w)->(\w)(\w)(\w)(\w)(\w)")
_LARGEST_TABLE_BYTES = 64 * 2**20


def rewrite_relative_bias(graph: GraphEditor) -> Outcome:
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
    return Outcome(changed, left)


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
    graph.reread(name, _slice(graph, moved, 0, places, f"{name}/shifted"))


def _batched(graph: GraphEditor, node: onnx.NodeProto, table: NDArray[np.float32]) -> None:
    """Compute one product per place c: [c, bmh, d] x [c, d, r]."""
    name = node.output[0]
    turned = graph.constant(np.ascontiguousarray(table.transpose(0, 2, 1)), f"{name}/table")
    # [b, m, h, c, d] -> [b, m, c, h, d]: the places become the batch axis.
    source = graph.add("Transpose", [node.input[0]], f"{name}/places", perm=[0, 1, 3, 2, 4])
    product = graph.add("MatMul", [source, turned], f"{name}/products")
    graph.reread(name, graph.add("Transpose", [product], f"{name}/heads", perm=[0, 1, 3, 2, 4]))


def _shape(graph: GraphEditor, name: str, dims: list[int]) -> str:
    return graph.constant(np.array(dims, np.int64), f"{name}/shape")


def _slice(graph: GraphEditor, value: str, start: int, stop: int, hint: str) -> str:
    bounds = [
        graph.constant(np.array([number], np.int64), f"{hint}/{what}")
        for what, number in (("start", start), ("stop", stop), ("axis", -1))
    ]
    return graph.add("Slice", [value, *bounds], hint)
