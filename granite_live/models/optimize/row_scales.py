"""Rewrites of int8 products: one activation scale per row, or weights alone in 8 bits.

A published int8 graph rounds each activation with one scale per tensor. A loud row or channel then
makes all others coarse. With two terms, what rounding leaves of a row is rounded and multiplied
too: the activations then have 16 bits, or 14, at the price of twice as many products.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.models.optimize.convolutions import QuantizedConv, find_quantized
from granite_live.models.optimize.graph_editor import GraphEditor, RewriteCount

if TYPE_CHECKING:
    import onnx

_FLOAT = 1  # a value of onnx.TensorProto
_TINY = np.float32(1e-30)

EIGHT_BITS, SEVEN_BITS = 127, 63
"""Steps from zero to the largest magnitude of a row. With 7 bits no CPU's sums saturate."""

DOMAIN = "com.microsoft"
"""The domain of MatMulIntegerToFloat, which scales an integer product while storing it."""

Outliers = Mapping[str, NDArray[np.int64]]
"""Activation name to the channels that are multiplied in fp32 [shape=(n,)]."""


@dataclass(frozen=True, slots=True)
class QuantizedActivation:
    """An activation [..., K] that int8 products read.

    `node` quantizes it, and `name` was its name when it was found; `products` read the result.
    """

    node: onnx.NodeProto
    name: str
    width: int
    products: tuple[QuantizedConv, ...]

    @property
    def source(self) -> str:
        """The name of the float32 value, which changes when its producer is rewritten."""
        return str(self.node.input[0])


def find_activations(graph: GraphEditor) -> Iterator[QuantizedActivation]:
    """Yield the quantized activations of all products with constant weights [K, N]."""
    for node in graph.nodes:
        if node.op_type != "DynamicQuantizeLinear":
            continue
        products = [_product(graph, reader) for reader in graph.readers(node.output[0])]
        known = tuple(product for product in products if product is not None)
        if known and len(known) == len(products):
            width = _weights(graph, known[0].weight).shape[0]
            yield QuantizedActivation(node, str(node.input[0]), width, known)


def rewrite_row_scales(
    graph: GraphEditor,
    outliers: Outliers,
    two_terms: Collection[str] = (),
    steps: int = EIGHT_BITS,
) -> RewriteCount:
    """Quantize each row of activations with its own scale.

    A row is divided by its largest magnitude and rounded to multiples of 1/steps; the product is
    multiplied by that magnitude. Outlier channels are left out of both and multiplied in fp32.
    Products that read the same activation share its scales.

    Args:
        graph: Is changed.
        outliers: The outlier channels by activation name.
        two_terms: The names of activations that are quantized in two terms.
        steps: `EIGHT_BITS`, for a session whose integer products are exact, or `SEVEN_BITS`.
    """
    total = sum(node.op_type == "MatMulInteger" for node in graph.nodes)
    changed = 0
    for activation in list(find_activations(graph)):
        channels = outliers.get(activation.name, np.empty(0, np.int64))
        is_fine = activation.name in two_terms
        rows = _quantize_rows(graph, activation, channels, steps, has_two_terms=is_fine)
        for product in activation.products:
            graph.replace_reads(product.result, rows.multiply(graph, product))
            changed += 1
    return RewriteCount(changed, total - changed)


def find_scored(graph: GraphEditor, scores: str) -> str | None:
    """Return the name of the quantized activation whose product makes `scores`, None if none does.

    The product may be scaled and offset.
    """
    value = scores
    activations = {one.result: a.name for a in find_activations(graph) for one in a.products}
    while value not in activations:
        node = graph.producer(value, "Add", "Div", "Identity", "Mul", "Reshape", "Sub")
        varying = [
            name
            for name in ([] if node is None else node.input)
            if graph.constants.value(name) is None
        ]
        if len(varying) != 1:
            return None
        value = varying[0]
    return activations[value]


def rewrite_weights_only(graph: GraphEditor) -> RewriteCount:
    """Multiply float32 activations by the dequantized weights: the exact product of the weights."""
    changed = 0
    for activation in list(find_activations(graph)):
        for product in activation.products:
            weight = graph.add("Cast", [product.weight], f"{product.weight}/float", to=_FLOAT)
            if product.weight_zero is not None:
                zero = graph.add("Cast", [product.weight_zero], f"{weight}/zero", to=_FLOAT)
                weight = graph.add("Sub", [weight, zero], f"{weight}/centered")
            weight = graph.add("Mul", [weight, product.weight_scale], f"{weight}/scaled")
            exact = graph.add("MatMul", [activation.source, weight], f"{product.result}/exact")
            graph.replace_reads(product.result, exact)
            changed += 1
    return RewriteCount(changed)


def add_channel_peaks(graph: GraphEditor, activation: QuantizedActivation, name: str) -> None:
    """Add the output `name` float32 [K]: each channel's largest share of its row's rms."""
    source = activation.source
    flat = graph.constant(np.array([-1, activation.width], np.int64), f"{source}/as_rows")
    last = graph.constant(np.array([-1], np.int64), f"{source}/last_axis")
    first = graph.constant(np.array([0], np.int64), f"{source}/first_axis")
    tiny = graph.constant(np.array(_TINY), f"{source}/tiny")
    rows = graph.add("Reshape", [source, flat], f"{source}/rows")
    squares = graph.add("Mul", [rows, rows], f"{source}/squares")
    mean = graph.add("ReduceMean", [squares, last], f"{source}/mean_square", keepdims=1)
    size = graph.add("Sqrt", [graph.add("Max", [mean, tiny], f"{source}/power")], f"{source}/rms")
    relative = graph.add("Div", [graph.add("Abs", [rows], f"{source}/abs"), size], f"{source}/rel")
    peaks = graph.add("ReduceMax", [relative, first], f"{source}/peaks", keepdims=0)
    graph.add_output(peaks, name, np.float32, ["K"])


@dataclass(frozen=True, slots=True)
class _Rows:
    """Names of the values of quantized rows.

    With two terms, `bytes` has both, one after the other on the first axis, and a step of the first
    has `finer` of the second, else None. `outliers` is None if no channel is an outlier.
    """

    bytes: str
    unit: str
    zero: str
    size: str
    outliers: str | None
    channels: NDArray[np.int64]
    finer: int | None

    def multiply(self, graph: GraphEditor, product: QuantizedConv) -> str:
        """Add the product with the rows; return its name."""
        result = product.result
        scale = graph.constants.value(product.weight_scale)
        assert scale is not None  # `find_quantized` has checked that it is constant
        flat = product.weight_scale
        if scale.ndim > 1:
            flat = graph.constant(
                np.ascontiguousarray(scale.reshape(-1), np.float32), f"{flat}/columns"
            )
        inputs = [self.bytes, product.weight, self.unit, flat, self.zero]
        if product.weight_zero is not None:
            inputs.append(product.weight_zero)
        whole = graph.add("MatMulIntegerToFloat", inputs, f"{result}/by_row", domain=DOMAIN)
        if self.finer is not None:
            columns = _weights(graph, product.weight).shape[1]
            whole = _add_terms(graph, whole, self.finer, self.size, columns)
        scaled = graph.add("Mul", [whole, self.size], f"{result}/sized")
        if self.outliers is None:
            return scaled
        weights = graph.constant(_exact_rows(graph, product, self.channels), f"{result}/weights")
        rest = graph.add("MatMul", [self.outliers, weights], f"{result}/outliers")
        return graph.add("Add", [scaled, rest], f"{result}/whole")


def _add_terms(graph: GraphEditor, product: str, finer: int, size: str, columns: int) -> str:
    """Add both terms' products, which lie one after the other on the first axis.

    A product with [1, 1 / finer] does it in one pass. `size` [..., 1] has the axes of the sum.
    """
    pair = graph.constant(np.array([2, -1], np.int64), f"{product}/pair")
    shares = graph.constant(np.array([[1, 1 / finer]], np.float32), f"{product}/shares_of_terms")
    both = graph.add("Reshape", [product, pair], f"{product}/both")
    summed = graph.add("MatMul", [shares, both], f"{product}/summed")
    rows = graph.add("Shape", [size], f"{product}/rows", end=-1)
    width = graph.constant(np.array([columns], np.int64), f"{product}/width")
    shape = graph.add("Concat", [rows, width], f"{product}/shape", axis=0)
    return graph.add("Reshape", [summed, shape], f"{product}/terms")


def _quantize_rows(
    graph: GraphEditor,
    activation: QuantizedActivation,
    channels: NDArray[np.int64],
    steps: int,
    *,
    has_two_terms: bool,
) -> _Rows:
    source = kept = activation.source
    outliers = None
    if len(channels):
        index = graph.constant(channels.astype(np.int64), f"{source}/channels")
        outliers = graph.add("Gather", [source, index], f"{source}/outliers", axis=-1)
        mask = np.ones(activation.width, np.float32)
        mask[channels] = 0
        kept = graph.add(
            "Mul", [source, graph.constant(mask, f"{source}/mask")], f"{source}/without_outliers"
        )
    shares, size = _divide_by_size(graph, source, kept)
    unit = graph.constant(np.array(1 / steps, np.float32), f"{source}/unit")
    zero = graph.constant(np.array(steps + 1, np.uint8), f"{source}/zero_point")
    quantized = graph.add("QuantizeLinear", [shares, unit, zero], f"{source}/bytes")
    finer = None
    if has_two_terms:
        finer = 2 * steps  # the first term leaves at most half a step
        small = graph.constant(np.array(1 / steps / finer, np.float32), f"{source}/finer_unit")
        quantized = _append_second_term(graph, source, shares, quantized, unit, small, zero)
    return _Rows(quantized, unit, zero, size, outliers, channels, finer)


def _append_second_term(
    graph: GraphEditor, source: str, shares: str, first: str, unit: str, finer: str, zero: str
) -> str:
    """Quantize what the first term leaves of rows; return both for one product.

    Two products would read the same weights, which onnxruntime refuses where it makes them
    unsigned (`make_integers_exact`).
    """
    near = graph.add("DequantizeLinear", [first, unit, zero], f"{source}/rounded")
    left = graph.add("Sub", [shares, near], f"{source}/left")
    second = graph.add("QuantizeLinear", [left, finer, zero], f"{source}/finer_bytes")
    return graph.add("Concat", [first, second], f"{source}/terms", axis=0)


def _divide_by_size(graph: GraphEditor, source: str, kept: str) -> tuple[str, str]:
    """Divide each row by its largest magnitude; return both names."""
    axis = graph.constant(np.array([-1], np.int64), f"{source}/row_axis")
    tiny = graph.constant(np.array(_TINY), f"{source}/least")
    magnitude = graph.add("Abs", [kept], f"{source}/magnitude")
    top = graph.add("ReduceMax", [magnitude, axis], f"{source}/top", keepdims=1)
    size = graph.add("Max", [top, tiny], f"{source}/size")
    return graph.add("Div", [kept, size], f"{source}/shares"), size


def _product(graph: GraphEditor, node: onnx.NodeProto) -> QuantizedConv | None:
    if node.op_type != "MatMulInteger" or graph.constants.value(node.input[1]) is None:
        return None
    product = find_quantized(graph, node)
    if product is None or product.bias or _weights(graph, product.weight).ndim != 2:
        return None
    zero = None if product.weight_zero is None else graph.constants.value(product.weight_zero)
    return product if product.weight_zero is None or zero is not None else None


def _weights(graph: GraphEditor, name: str) -> NDArray[Any]:
    weights = graph.constants.value(name)
    assert weights is not None  # checked in `_product`
    return weights


def _exact_rows(
    graph: GraphEditor, product: QuantizedConv, channels: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the dequantized weights [n, N] of `channels`."""
    rows = _weights(graph, product.weight)[channels].astype(np.int32)
    zero, scale = (
        None if name is None else graph.constants.value(name)
        for name in (product.weight_zero, product.weight_scale)
    )
    assert scale is not None
    if zero is not None:
        rows = rows - zero.reshape(-1).astype(np.int32)
    return np.ascontiguousarray(rows * scale.reshape(-1), np.float32)


MOST_OUTLIERS = 16
_MOST_SHARE = 16  # at most one channel in so many, which takes a quarter of the weights' bytes
_COUNTS = (0, 4, 8)
_NEAR = 1.25


def choose_outliers(peaks: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the channels to multiply in fp32, in ascending order.

    At most `MOST_OUTLIERS`, and few of a narrow activation.

    Args:
        peaks: Each channel's largest share of its row's rms [shape=(K,)].

    The fewest channels are chosen without which the others' largest share is within a quarter of
    what it would be without the most channels.
    """
    most = min(MOST_OUTLIERS, len(peaks) // _MOST_SHARE)
    order = np.argsort(-peaks, kind="stable")
    rest = peaks[order[most]]
    count = next((n for n in _COUNTS if n < most and peaks[order[n]] <= _NEAR * rest), most)
    return np.sort(order[:count]).astype(np.int64)
