"""Put the traced pieces of the editor together: listener, passes as the body of a Loop, answer."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from decoder import Answer, DecoderSize, Listener, Pass
from onnx import TensorProto, helper
from torch import Tensor, nn

OPSET = 20
INPUTS = ("inputs_embeds", "position_ids", "attention_mask")


def trace(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    names: tuple[list[str], list[str]],
    axes: dict[str, dict[int, str]],
    path: Path,
) -> onnx.ModelProto:
    """Export with the TorchScript exporter, which gives plain ai.onnx operators."""
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            inputs,
            str(path),
            input_names=names[0],
            output_names=names[1],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=True,
        )
    return onnx.load(str(path))


def _renamed(model: onnx.ModelProto, prefix: str, kept: dict[str, str]) -> onnx.GraphProto:
    """Return the graph with `prefix` before every name except those in `kept`, which are
    renamed.
    """

    def new(name: str) -> str:
        return kept.get(name, prefix + name) if name else ""

    graph = model.graph
    for node in graph.node:
        node.name = prefix + node.name
        node.input[:] = [new(n) for n in node.input]
        node.output[:] = [new(n) for n in node.output]
    for value in (*graph.input, *graph.output, *graph.initializer):
        value.name = new(value.name)
    return graph


def _plain(name: str, dtype: int, rank: int) -> onnx.ValueInfoProto:
    """Return a value of the loop whose lengths differ from pass to pass."""
    return helper.make_tensor_value_info(name, dtype, [None] * rank)


def editor_graph(listener: Listener, one: Pass) -> onnx.ModelProto:
    """Return `editor.onnx` in fp32."""
    size = listener.size
    with tempfile.TemporaryDirectory() as tmp:
        heard, body, answer = _pieces(listener, one, size, Path(tmp) / "piece.onnx")
    cache = [f"cache{i}" for i in range(2 * size.layers)]
    nodes, tensors = [*heard.node], [*heard.initializer, *body.initializer, *answer.initializer]
    head = size.dim // size.heads
    empty = {"rows0": (0, size.dim)} | {f"{c}_0": (size.heads, 0, head) for c in cache}
    for name, shape in empty.items():
        tensors.append(helper.make_tensor(f"{name}_shape", TensorProto.INT64, [len(shape)], shape))
        nodes.append(helper.make_node("ConstantOfShape", [f"{name}_shape"], [name], name=name))
    tensors.append(helper.make_tensor("text0", TensorProto.INT64, [1], [size.begin[0]]))
    tensors.append(helper.make_tensor("go0", TensorProto.BOOL, [], [True]))
    tensors.append(helper.make_tensor("two", TensorProto.INT64, [], [2]))
    nodes.append(helper.make_node("Add", ["limit", "two"], ["most"], name="most"))
    floats, ints = TensorProto.FLOAT, TensorProto.INT64
    carried = [("draft", ints, 1), ("text", ints, 1), ("rows", floats, 2)]
    carried += [(c, floats, 3) for c in cache]
    inside = helper.make_graph(
        list(body.node),
        "pass",
        [
            helper.make_tensor_value_info("pass.iteration", ints, []),
            helper.make_tensor_value_info("pass.go", TensorProto.BOOL, []),
            *(_plain(f"pass.{n}", t, r) for n, t, r in carried),
        ],
        [
            helper.make_tensor_value_info("pass.go_out", TensorProto.BOOL, []),
            *(_plain(f"pass.{n}_out", t, r) for n, t, r in carried),
        ],
    )
    start = ["draft0", "text0", "rows0", *(f"{c}_0" for c in cache)]
    ends = [f"{n}_end" for n, _, _ in carried]
    nodes.append(
        helper.make_node("Loop", ["most", "go0", *start], ends, name="passes", body=inside)
    )
    graph = helper.make_graph(
        [*nodes, *answer.node], "editor", list(heard.input), list(answer.output), tensors
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="granite-live"
    )


def _pieces(
    listener: Listener, one: Pass, size: DecoderSize, path: Path
) -> tuple[onnx.GraphProto, onnx.GraphProto, onnx.GraphProto]:
    """Return the three traced graphs with names that fit together."""
    n = size.layers
    sound = [f"{kind}{i}" for i in range(n) for kind in ("key", "value")]
    first = ["draft0", "limit", "count", "bias", *sound]
    rows = torch.zeros(1, 40, size.row)
    rows[:, 17:, -1] = 1.0
    rows[:, 17:, 1] = torch.arange(23)
    inputs = (rows, torch.arange(40)[None], torch.zeros(1, 1, 40, 40))
    axes: dict[str, dict[int, str]] = {
        "inputs_embeds": {0: "B", 1: "N"},
        "position_ids": {0: "B", 1: "N"},
        "attention_mask": {0: "B", 2: "N", 3: "N"},
    }
    heard = trace(listener, inputs, (list(INPUTS), first), axes, path)
    keep = {name: name for name in (*INPUTS, *first)}
    listened = _renamed(heard, "listen.", keep)

    with torch.no_grad():
        draft, limit, _, bias, *kv = listener(*inputs)
    cache = [f"cache{i}" for i in range(2 * n)]
    head = size.dim // size.heads
    state = [torch.zeros(size.heads, 5, head) for _ in cache]
    text, held = torch.arange(6), torch.zeros(5, size.dim)  # the last token is not in the cache
    given = ["iteration", "go", "draft", "text", "rows", "limit", *cache, "bias", *sound]
    names = ["draft", "text", "rows", *cache]
    axes = {"draft": {0: "c"}, "text": {0: "m"}, "rows": {0: "r"}, "bias": {2: "M"}}
    axes |= {c: {1: "s"} for c in cache}
    axes |= {f"key{i}": {2: "M"} for i in range(n)} | {f"value{i}": {1: "M"} for i in range(n)}
    values = (torch.tensor(1), torch.tensor(True), draft, text, held, limit, *state, bias, *kv)
    outs = ["go_out", *(f"{name}_out" for name in names)]
    body = trace(one, values, (given, outs), axes, path)
    keep = {name: name for name in ("limit", "bias", *sound)}
    passed = _renamed(body, "pass.", keep)

    axes = {"text": {0: "m"}, "rows": {0: "r"}, "logits": {1: "N"}}
    last = trace(
        Answer(one),
        (
            torch.cat((text, torch.tensor([7, 7, 8]))),
            torch.zeros(8, size.dim),
            limit,
            torch.tensor(17),
        ),
        (["text", "rows", "limit", "count"], ["logits"]),
        axes,
        path,
    )
    keep = {"text": "text_end", "rows": "rows_end", "limit": "limit", "count": "count"}
    return listened, passed, _renamed(last, "answer.", {**keep, "logits": "logits"})
