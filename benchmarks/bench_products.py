"""Compare the forms of one product with 8-bit weights: as published, with row scales, in blocks.

    python benchmarks/bench_products.py [M K N] [--threads 2] [--rounds 20]

One product [M,K] x [K,N] of random weights; the activations have rows of differing loudness and
four channels 40 times as loud. Errors are those of the result against exact weights and sums, by
the root of the mean square, and of the worst row. The forms run in turns; the least time counts,
of the whole and of its product of integers alone. On a busy machine, `chrt -r 5` before the command
and `--threads 1` give a core to it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from granite_live.models.bundle import make_integers_exact
from granite_live.models.onnx_runtime import ort
from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.row_scales import EIGHT_BITS, SEVEN_BITS, rewrite_row_scales

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


def by_column(
    weight: np.ndarray, terms: int = 0, steps: int = EIGHT_BITS
) -> tuple[onnx.ModelProto, int]:
    """Return the product with row scales in so many terms, and the bytes of its weights.

    With 0 terms its activations are rounded as published.
    """
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
    if terms:
        rewrite_row_scales(editor, {"x": np.array(LOUD)}, ("x",) if terms > 1 else (), steps)
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


def opened(
    model: onnx.ModelProto, threads: int, *, exact: bool, profile: str = ""
) -> ort.InferenceSession:
    """Open a product; `exact` makes its integer products exact, `profile` is a file's beginning."""
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = threads
    settings.log_severity_level = 3
    if exact:
        make_integers_exact(settings)
    if profile:
        settings.enable_profiling = True
        settings.profile_file_prefix = profile
    return ort.InferenceSession(model.SerializeToString(), settings, ["CPUExecutionProvider"])


def integer_share(session: ort.InferenceSession, x: np.ndarray, rounds: int) -> float:
    """Return the share of the least times of all nodes that products of integers take."""
    for _ in range(rounds):
        session.run(None, {"x": x})
    least: dict[tuple[str, str], float] = {}
    for event in json.loads(Path(session.end_profiling()).read_text("utf-8")):
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            node = event["args"]["op_name"], event["name"]
            least[node] = min(least.get(node, float("inf")), event["dur"])
    integers = sum(time_us for (kind, _), time_us in least.items() if "Integer" in kind)
    return integers / sum(least.values())


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
        "as published": by_column(weight),
        "one term, 8 bits": by_column(weight, 1),
        "one term, 7 bits": by_column(weight, 1, SEVEN_BITS),
        "two terms, 8 bits": by_column(weight, 2),
        "two terms, 7 bits": by_column(weight, 2, SEVEN_BITS),
        **{
            f"blocks of {block}, level {level}": in_blocks(weight, block, level)
            for block in (32, 128)
            for level in (1, 4)
        },
    }
    exact_forms = {name for name in forms if name.endswith("8 bits")}
    sessions = {
        name: opened(model, options.threads, exact=name in exact_forms)
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
        with tempfile.TemporaryDirectory() as folder:
            profiled = opened(
                forms[name][0],
                options.threads,
                exact=name in exact_forms,
                profile=f"{folder}/profile",
            )
            share = integer_share(profiled, x, options.rounds)
        print(
            f"{name:24s} {least[name] * 1e3:7.1f} ms  error {whole:.2%}, worst row {worst:.2%}  "
            f"{forms[name][1] / 1e6:.1f} MB"
            + (f"  {share:.0%} of the time in the product of integers" if share else "")
        )


if __name__ == "__main__":
    main()
