"""Make the stored weights small: int8 where they are multiplied, fp16 elsewhere.

Two ways for the large matrices. `dynamic` is what the published bundle does (activations are
quantised as they come, MatMulInteger); `weights` stores int8 per column and multiplies in
fp32, which costs no accuracy and no special instructions.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# The program need not be installed where this runs.
sys.path.append(str(Path(__file__).parents[2]))
from granite_live.models.onnx_runtime import ort, submodule

SMALL = 4096
LARGE_BYTES = 1024
"""Larger tensors are stored outside of the graph."""


def dynamic(source: Path, target: Path, seven_bit: bool, skip: list[str] | None = None) -> None:
    """Apply dynamic int8 to every MatMul with a constant matrix, per channel."""
    quantization = submodule("quantization")
    quantization.quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=seven_bit,
        weight_type=quantization.QuantType.QInt8,
        nodes_to_exclude=skip or [],
        extra_options={"MatMulConstBOnly": True},
    )


def without_copies(model: onnx.ModelProto) -> None:
    """Remove the Identity nodes that the exporter put before a tensor's second use."""
    graph = model.graph
    stored = {t.name for t in graph.initializer}
    identities = [n for n in graph.node if n.op_type == "Identity"]
    copies = {n.output[0]: n for n in identities if n.input[0] in stored}
    for node in graph.node:
        for i, name in enumerate(node.input):
            if name in copies:
                node.input[i] = copies[name].input[0]
    for node in copies.values():
        graph.node.remove(node)


def constants_once(model: onnx.ModelProto) -> None:
    """Store what Constant nodes hold as tensors of the graph, each value once.

    The exporter writes hundreds of such nodes, which take time whenever the graph is loaded.
    """
    graph = model.graph
    names: dict[bytes, str] = {}
    same: dict[str, str] = {}
    for inner in list(_graphs(graph)):
        for node in [n for n in inner.node if n.op_type == "Constant"]:
            tensor = node.attribute[0].t
            tensor.name = ""
            value = tensor.SerializeToString()
            if value not in names:
                names[value] = tensor.name = f"constant_{len(names)}"
                graph.initializer.append(tensor)
            same[node.output[0]] = names[value]
            inner.node.remove(node)
    for node in nodes_of(graph):
        node.input[:] = [same.get(n, n) for n in node.input]


def nodes_of(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """Yield all nodes, also those inside of loops."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from nodes_of(attribute.g)


def once(model: onnx.ModelProto) -> None:
    """Store equal tensors only once."""
    graph = model.graph
    first: dict[tuple, str] = {}
    same: dict[str, str] = {}
    for t in list(graph.initializer):
        a = numpy_helper.to_array(t)
        if a.size < SMALL:
            continue
        key = (a.shape, a.dtype.str, a.tobytes())
        if key in first:
            same[t.name] = first[key]
            graph.initializer.remove(t)
        first.setdefault(key, t.name)
    for node in nodes_of(graph):
        node.input[:] = [same.get(n, n) for n in node.input]


def plain_products(model: onnx.ModelProto) -> None:
    """Write Gemm as MatMul and Add, the form that the functions here look for."""
    graph = model.graph
    tensors = {t.name: t for t in graph.initializer}
    turned: set[str] = set()
    for inner in list(_graphs(graph)):
        for node in [n for n in inner.node if n.op_type == "Gemm"]:
            x, name, bias = node.input
            is_turned = any(a.name == "transB" and a.i for a in node.attribute)
            if is_turned and name not in turned:
                w = numpy_helper.to_array(tensors[name])
                tensors[name].CopyFrom(numpy_helper.from_array(w.T.copy(), name))
                turned.add(name)
            at = list(inner.node).index(node)
            out = node.output[0]
            del inner.node[at]
            inner.node.insert(at, helper.make_node("Add", [f"{out}_p", bias], [out]))
            inner.node.insert(at, helper.make_node("MatMul", [x, name], [f"{out}_p"]))


def rounded(w: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 values and their scales, one for each line along `axis`."""
    scale = np.maximum(np.abs(w).max(axis, keepdims=True), 1e-12).astype(np.float32) / 127.0
    return np.clip(np.rint(w / scale), -127, 127).astype(np.int8), scale


def shared_table(model: onnx.ModelProto) -> None:
    """Store a table that is looked up, and turned around as the last matrix, once in int8.

    It is stored as that matrix, with a scale for each token, and multiplied as it is (see
    `_product`): half of all weights need not be widened when they are loaded, and a pass reads a
    fourth of the memory. Where it is looked up, a few columns are widened alone.
    """
    graph = model.graph
    tensors = {t.name: t for t in graph.initializer}
    all_nodes = list(nodes_of(graph))
    heads = {n.input[1] for n in all_nodes if n.op_type == "MatMul" and n.input[1] in tensors}
    turned = {h: numpy_helper.to_array(tensors[h]).T for h in heads}
    for inner in list(_graphs(graph)):
        for gather in [n for n in inner.node if n.op_type == "Gather" and n.input[0] in tensors]:
            name = gather.input[0]
            table = numpy_helper.to_array(tensors[name])
            head = next((h for h, w in turned.items() if np.array_equal(w, table)), None)
            if head is None:
                continue
            q, scale = rounded(table.T, 0)
            for a, kind in ((q, "q"), (scale[0], "s")):
                graph.initializer.append(numpy_helper.from_array(a.copy(), f"table_{kind}"))
            graph.initializer.remove(tensors[head])
            graph.initializer.remove(tensors[name])
            out, ids = gather.output[0], gather.input[1]
            made = [
                helper.make_node("Gather", ["table_q", ids], [f"{out}_q"], axis=1),
                helper.make_node("Gather", ["table_s", ids], [f"{out}_s"]),
                helper.make_node("Cast", [f"{out}_q"], [f"{out}_f"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{out}_f", f"{out}_s"], [f"{out}_t"]),
                helper.make_node("Transpose", [f"{out}_t"], [out], perm=[1, 0]),
            ]
            _replace(inner, gather, made)
            for reader in _graphs(graph):
                for product in [n for n in reader.node if head in n.input]:
                    made = _product(product.input[0], product.output[0])
                    _replace(reader, product, made)
            graph.initializer.extend(_constants())


DIGIT = 63
"""Seven bits: so no processor's 16-bit sum of two products overflows."""


def _constants() -> list[onnx.TensorProto]:
    values = {
        "least": np.array(1e-12, np.float32),
        "digit": np.array(DIGIT, np.float32),
        "two_digits": np.array(2 * DIGIT, np.float32),
        "digits": np.array([[[1 / DIGIT, 1 / (2 * DIGIT**2)]]], np.float32),
        "zero_point": np.array(DIGIT + 1, np.uint8),
        "zero_point_f": np.array(DIGIT + 1, np.float32),
        "last_axis": np.array([-1], np.int64),
        "middle_axis": np.array([1], np.int64),
    }
    return [numpy_helper.from_array(a, f"table_{n}") for n, a in values.items()]


def _product(x: str, out: str) -> list[onnx.NodeProto]:
    """Multiply rows [n,D] by the table of int8, with two digits of seven bits for each number.

    So the rows keep 13 bits and a sign of their largest number. Rounded to eight bits, as is the
    custom, one step of a sample would change words.
    """

    def value(name: str) -> str:
        return f"{out}_{name}"

    def node(op: str, inputs: list[str], output: str, **attributes: int) -> onnx.NodeProto:
        return helper.make_node(op, inputs, [value(output)], **attributes)

    return [
        node("Abs", [x], "abs"),
        node("ReduceMax", [value("abs"), "table_last_axis"], "top", keepdims=1),
        node("Max", [value("top"), "table_least"], "size"),
        node("Div", [x, value("size")], "unit"),
        node("Mul", [value("unit"), "table_digit"], "scaled"),
        node("Round", [value("scaled")], "high"),
        node("Sub", [value("scaled"), value("high")], "rest"),
        node("Mul", [value("rest"), "table_two_digits"], "rest_scaled"),
        node("Round", [value("rest_scaled")], "low"),
        # [n,2,D]: both digits of a row.
        node("Unsqueeze", [value("high"), "table_middle_axis"], "high_row"),
        node("Unsqueeze", [value("low"), "table_middle_axis"], "low_row"),
        node("Concat", [value("high_row"), value("low_row")], "both", axis=1),
        node("Add", [value("both"), "table_zero_point_f"], "shifted"),
        node("Cast", [value("shifted")], "bytes", to=TensorProto.UINT8),
        node("MatMulInteger", [value("bytes"), "table_q", "table_zero_point"], "sums"),
        node("Cast", [value("sums")], "sums_f", to=TensorProto.FLOAT),
        # [n,1,2] by [n,2,V]: put the digits together.
        node("Unsqueeze", [value("size"), "table_last_axis"], "size_row"),
        node("Mul", [value("size_row"), "table_digits"], "weights"),
        node("MatMul", [value("weights"), value("sums_f")], "joined"),
        node("Squeeze", [value("joined"), "table_middle_axis"], "product"),
        helper.make_node("Mul", [value("product"), "table_s"], [out]),
    ]


def _replace(graph: onnx.GraphProto, old: onnx.NodeProto, new: list[onnx.NodeProto]) -> None:
    """Put nodes in the place of one."""
    at = list(graph.node).index(old)
    del graph.node[at]
    for node in reversed(new):
        graph.node.insert(at, node)


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _graphs(attribute.g)


def weights_only(model: onnx.ModelProto) -> None:
    """Store the matrices of MatMul as int8 per column, widened when they are loaded.

    The product is scaled, not the matrix: this loads faster, and what is computed differs by the
    rounding of fp32 only.
    """
    graph = model.graph
    tensors = {t.name: t for t in graph.initializer}
    done: set[str] = set()
    for inner in list(_graphs(graph)):
        for node in [n for n in inner.node if n.op_type == "MatMul" and n.input[1] in tensors]:
            name, out = node.input[1], node.output[0]
            w = numpy_helper.to_array(tensors[name])
            if w.ndim != 2 or w.size < SMALL:
                continue
            if name not in done:
                done.add(name)
                q, scale = rounded(w, 0)
                graph.initializer.append(numpy_helper.from_array(q, name + "_q"))
                graph.initializer.append(numpy_helper.from_array(scale[0], name + "_s"))
            made = [
                helper.make_node("MatMul", [node.input[0], name + "_f"], [out + "_unscaled"]),
                helper.make_node("Mul", [out + "_unscaled", name + "_s"], [out]),
            ]
            _replace(inner, node, made)
    for name in sorted(done, reverse=True):
        graph.initializer.remove(tensors[name])
        # Not DequantizeLinear: onnxruntime would multiply its output by activations rounded to
        # 8 bits, and then one step of a sample changes words.
        widen = helper.make_node("Cast", [name + "_q"], [name + "_f"], to=TensorProto.FLOAT)
        graph.node.insert(0, widen)


def half(model: onnx.ModelProto) -> None:
    """Store the remaining large fp32 tensors as fp16 followed by a Cast.

    Scales of int8 values stay in fp32.
    """
    graph = model.graph
    for t in [t for t in graph.initializer if not t.name.endswith("_s")]:
        w = numpy_helper.to_array(t) if t.data_type == TensorProto.FLOAT else None
        if w is None or w.size < SMALL:
            continue
        name = t.name
        graph.initializer.remove(t)
        small = np.clip(w, -65504, 65504).astype(np.float16)
        graph.initializer.append(numpy_helper.from_array(small, name + "_h"))
        for inner in _graphs(graph):
            for n in [n for n in inner.node if name in n.input and n.op_type == "Gather"]:
                n.input[0] = (
                    name + "_h"
                )  # Look the rows up first: casting the table would cost more.
                out = n.output[0]
                n.output[0] = out + "_h"
                at = list(inner.node).index(n)
                cast = helper.make_node("Cast", [out + "_h"], [out], to=TensorProto.FLOAT)
                inner.node.insert(at + 1, cast)
        if any(name in n.input for n in nodes_of(graph)):
            cast = helper.make_node("Cast", [name + "_h"], [name], to=TensorProto.FLOAT)
            graph.node.insert(0, cast)


def folded(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with onnxruntime's basic optimizations done, which loading need not repeat.

    Large tensors are inputs meanwhile, so they stay as they are stored.
    """
    large = [t for t in model.graph.initializer if len(t.raw_data) >= LARGE_BYTES]
    kept = {t.name: onnx.TensorProto.FromString(t.SerializeToString()) for t in large}
    for tensor in large:
        model.graph.initializer.remove(tensor)
    for name, tensor in kept.items():
        value = helper.make_tensor_value_info(name, tensor.data_type, list(tensor.dims))
        model.graph.input.append(value)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = f"{folder}/folded.onnx"
        providers = ["CPUExecutionProvider"]
        ort.InferenceSession(model.SerializeToString(), options, providers=providers)
        made = onnx.load(f"{folder}/folded.onnx")
    for value in [v for v in made.graph.input if v.name in kept]:
        made.graph.input.remove(value)
    read = {name for node in nodes_of(made.graph) for name in node.input}
    made.graph.initializer.extend(t for name, t in kept.items() if name in read)
    return made


def store(model: onnx.ModelProto, path: Path) -> None:
    """Write the graph with one external data file, and check the requirements of the bundle."""
    model.ir_version = 10
    domains = {n.domain for n in model.graph.node}
    if not domains <= {"", "ai.onnx"}:
        raise ValueError(f"{path}: operators of {domains}")
    for op in list(model.opset_import):
        if op.domain not in ("", "ai.onnx"):
            model.opset_import.remove(op)
    for old in (path, path.with_suffix(".onnx_data")):
        old.unlink(missing_ok=True)
    onnx.save_model(
        model,
        str(path),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=path.stem + ".onnx_data",
        size_threshold=LARGE_BYTES,
    )
    path.with_suffix(".onnx_data").chmod(0o644)
    onnx.checker.check_model(str(path))
