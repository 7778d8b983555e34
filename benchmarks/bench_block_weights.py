"""Compare 8-bit weights per column, as `models prepare --eight-bit` writes them, with blocks.

    python benchmarks/bench_block_weights.py [M K N] [--threads 2] [--rounds 20]

One product [M,K] x [K,N] of random weights; the activations have rows of differing loudness and
four channels 40 times as loud. Errors are those of the result against exact weights and sums, by
the root of the mean square, and of the worst row. The forms run in turns; the least time counts.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from granite_live.models.onnx_runtime import ort
from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.row_scales import rewrite_row_scales

LOUD = (3, 17, 90, 200)


def model_of(
    nodes: list[onnx.NodeProto], weights: dict[str, np.ndarray], shape: tuple[int, int]
) -> onnx.ModelProto:
    """Return a graph from x [1, M, K] to y [1, M, N]."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "product",
        [value("x", TensorProto.FLOAT, [1, "m", shape[0]])],
        [value("y", TensorProto.FLOAT, [1, "m", shape[1]])],
        [numpy_helper.from_array(one, name) for name, one in weights.items()],
    )
    domains = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=domains, ir_version=10)


def by_column(weight: np.ndarray, *, two_terms: bool) -> tuple[onnx.ModelProto, int]:
    """Return the product as the optimizer writes it, and the bytes of its weights."""
    scale = (np.abs(weight).max(axis=0) / 127).astype(np.float32)
    values = np.round(weight / scale).astype(np.int8)
    node = helper.make_node
    nodes = [
        node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
        node("MatMulInteger", ["q", "w", "z"], ["i"]),
        node("Cast", ["i"], ["f"], to=1),
        node("Mul", ["s", "ws"], ["scale"]),
        node("Mul", ["f", "scale"], ["y"]),
    ]
    editor = GraphEditor(model_of(nodes, {"w": values, "ws": scale}, weight.shape), Path())
    rewrite_row_scales(editor, {"x": np.array(LOUD)}, ("x",) if two_terms else ())
    editor.prune()
    return editor.build(), values.nbytes + scale.nbytes


def in_blocks(weight: np.ndarray, block: int, level: int) -> tuple[onnx.ModelProto, int]:
    """Return the product as MatMulNBits, and the bytes of its weights."""
    depth, width = weight.shape
    blocks = weight.T.reshape(width, depth // block, block)
    scale = np.abs(blocks).max(axis=2, keepdims=True) / 127
    values = (np.round(blocks / scale) + 128).astype(np.uint8)
    flat = scale.reshape(width, -1).astype(np.float32)
    sizes = {"K": depth, "N": width, "bits": 8, "block_size": block, "accuracy_level": level}
    nodes = [
        helper.make_node("MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft", **sizes)
    ]
    return model_of(nodes, {"w": values, "s": flat}, weight.shape), values.nbytes + flat.nbytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[500, 1024, 4096])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    rows, depth, width = options.sizes
    rng = np.random.default_rng(0)
    weight = (rng.standard_normal((depth, width)) * 0.02).astype(np.float32)
    x = rng.standard_normal((1, rows, depth)).astype(np.float32)
    x[..., LOUD] *= 40
    x *= np.exp(rng.standard_normal((1, rows, 1))).astype(np.float32)
    exact = x[0].astype(np.float64) @ weight.astype(np.float64)
    plain = model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": weight}, weight.shape)
    forms = {
        "fp32": (plain, weight.nbytes),
        "by column, one term": by_column(weight, two_terms=False),
        "by column, two terms": by_column(weight, two_terms=True),
        **{
            f"blocks of {block}, level {level}": in_blocks(weight, block, level)
            for block in (32, 128)
            for level in (1, 4)
        },
    }
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = options.threads
    sessions = {
        name: ort.InferenceSession(model.SerializeToString(), settings, ["CPUExecutionProvider"])
        for name, (model, _) in forms.items()
    }
    least = dict.fromkeys(forms, float("inf"))
    for _ in range(options.rounds):
        for name, session in sessions.items():
            began = time.perf_counter()
            session.run(None, {"x": x})
            least[name] = min(least[name], time.perf_counter() - began)
    print(f"[{rows},{depth}] x [{depth},{width}], {options.threads} threads")
    for name, session in sessions.items():
        wrong = np.square(session.run(None, {"x": x})[0][0] - exact)
        right = np.square(exact)
        whole = np.sqrt(wrong.mean() / right.mean())
        worst = np.sqrt((wrong.mean(axis=1) / right.mean(axis=1)).max())
        print(
            f"{name:24s} {least[name] * 1e3:7.1f} ms  error {whole:.2%}, worst row {worst:.2%}  "
            f"{forms[name][1] / 1e6:.1f} MB"
        )


if __name__ == "__main__":
    main()
