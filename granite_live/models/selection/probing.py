"""Probe a provider by running a small graph, because onnxruntime's build list proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from granite_live.models.bundle import first_line

_WIDTH = 64
_ROWS = 32


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of a probe: the share of nodes on the provider, or the problem."""

    share: float
    problem: str = ""

    @property
    def works(self) -> bool:
        """Whether the provider ran at least one node."""
        return not self.problem and self.share > 0


def available_providers() -> tuple[str, ...]:
    """Return the providers that the installed onnxruntime was built with."""
    from granite_live.models.onnx_runtime import ort

    return tuple(ort.get_available_providers())


def probe_provider(provider: str, options: Mapping[str, str] | None = None) -> ProbeResult:
    """Run a graph of the model's usual operators on `provider`, with the CPU as fallback."""
    from granite_live.models.onnx_runtime import ort

    session_options = ort.SessionOptions()
    session_options.intra_op_num_threads = 1
    session_options.log_severity_level = 4
    session_options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    cpu = "CPUExecutionProvider"
    asked = [(provider, dict(options or {}))]
    if provider != cpu:
        asked.append((cpu, {}))
    try:
        session = ort.InferenceSession(
            _graph(), session_options, providers=asked, enable_fallback=0
        )
        session.run(None, {"x": np.zeros((1, _ROWS, _WIDTH), np.float32)})
        return ProbeResult(_share(session, provider))
    except Exception as error:  # onnxruntime's errors have no common base class
        return ProbeResult(0.0, first_line(error)[:200])


def _share(session: Any, provider: str) -> float:
    counts: dict[str, int] = {}
    for part in session.get_provider_graph_assignment_info():
        counts[part.ep_name] = counts.get(part.ep_name, 0) + len(part.get_nodes())
    return counts.get(provider, 0) / max(1, sum(counts.values()))


def _graph() -> bytes:
    """Return a serialized graph with a layer like the encoder's, with 16-bit weights."""
    from onnx import TensorProto, helper, numpy_helper

    numbers = np.random.default_rng(0)

    def weight(name: str, *shape: int) -> Any:
        values = numbers.standard_normal(shape).astype(np.float16) / 8
        return numpy_helper.from_array(values.astype(np.float16), name)

    node = helper.make_node
    casts = [
        node("Cast", [f"{name}_16"], [name], to=TensorProto.FLOAT)
        for name in ("w1", "w2", "kernel", "scale", "bias")
    ]
    nodes = [
        *casts,
        node("LayerNormalization", ["x", "scale", "bias"], ["normal"], axis=-1),
        node("MatMul", ["normal", "w1"], ["wide"]),
        node("Sigmoid", ["wide"], ["gate"]),
        node("Mul", ["wide", "gate"], ["gated"]),
        node("MatMul", ["gated", "w2"], ["narrow"]),
        node("Transpose", ["narrow"], ["turned"], perm=[0, 2, 1]),
        node("Conv", ["turned", "kernel"], ["mixed"], group=_WIDTH, pads=[1, 1]),
        node("Transpose", ["mixed"], ["back"], perm=[0, 2, 1]),
        node("Add", ["back", "x"], ["sum"]),
        node("Softmax", ["sum"], ["y"], axis=-1),
    ]
    shape = [1, _ROWS, _WIDTH]
    graph = helper.make_graph(
        nodes, "probe",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [
            weight("w1_16", _WIDTH, 4 * _WIDTH), weight("w2_16", 4 * _WIDTH, _WIDTH),
            weight("kernel_16", _WIDTH, 1, 3), weight("scale_16", _WIDTH),
            weight("bias_16", _WIDTH),
        ],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return bytes(model.SerializeToString())
