"""Find dynamically quantized convolutions in a graph.

x -> DynamicQuantizeLinear -> ConvInteger -> Cast -> Mul(x_scale * w_scale) -> Add(bias)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from granite_live.models.optimize.editing import GraphEditor

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, slots=True)
class QuantisedConv:
    """A quantized convolution; all fields except `node` are value names.

    `source` is the unquantized input; `weight_zero` and `bias` are None if absent; `result` is the
    final value.
    """

    node: onnx.NodeProto
    source: str
    weight: str
    weight_zero: str | None
    weight_scale: str
    bias: str | None
    result: str


def find_quantised(graph: GraphEditor, conv: onnx.NodeProto) -> QuantisedConv | None:
    """Return the parts around the ConvInteger `conv`, or None if the pattern does not match."""
    data, weight, *zeros = conv.input
    quantise = graph.maker(data, "DynamicQuantizeLinear")
    if quantise is None or not zeros or zeros[0] != quantise.output[2]:
        return None
    cast = graph.only_reader(conv.output[0], "Cast")
    product = graph.only_reader(cast.output[0], "Mul") if cast is not None else None
    if cast is None or product is None:
        return None
    scales = graph.maker(_other(product, cast.output[0]), "Mul")
    if scales is None or quantise.output[1] not in scales.input:
        return None
    weight_scale = _other(scales, quantise.output[1])
    if graph.constants.value(weight_scale) is None:
        return None
    result, bias = product.output[0], None
    add = graph.only_reader(result, "Add")
    if add is not None:
        offset = _other(add, result)
        if _is_per_channel(graph, offset, weight):
            result, bias = add.output[0], offset
    return QuantisedConv(
        node=conv,
        source=quantise.input[0],
        weight=weight,
        weight_zero=zeros[1] if len(zeros) > 1 and zeros[1] else None,
        weight_scale=weight_scale,
        bias=bias,
        result=result,
    )


def _other(node: onnx.NodeProto, name: str) -> str:
    """Return the input of a binary node that is not `name`."""
    first, second = node.input
    return str(second if first == name else first)


def _is_per_channel(graph: GraphEditor, offset: str, weight: str) -> bool:
    """Return whether `offset` is a constant with one number per output channel."""
    value, weights = graph.constants.value(offset), graph.constants.value(weight)
    if value is None or weights is None or value.ndim < 2:
        return False
    return bool(value.size == value.shape[1] == weights.shape[0])
