"""Measure what this machine offers: memory, processor, and accelerators probed in a process of
their own.
"""

from __future__ import annotations

import hashlib
import logging
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from granite_live.models.bundle import COREML, CUDA, device_options, first_line
from granite_live.models.disk import (
    free_bytes,
    read_cache_file,
    set_damaged_aside,
    translate_disk_errors,
    write_cache_file,
)
from granite_live.models.layout import graph_path
from granite_live.models.optimize.dependencies import processor_features, runtime_version
from granite_live.models.selection.decision import AMX, NEON_DOT, VNNI, MachineFacts
from granite_live.util.paths import data_dir
from granite_live.util.process import physical_core_count

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


_NAME = "accelerators.json"
_DRIVERS = (Path("/proc/driver/nvidia/version"), Path("C:/Windows/System32/nvcuda.dll"))
_MODELS = 32  # maximum number of entries; the oldest is removed


@dataclass(frozen=True, slots=True)
class AcceleratorCache:
    """Cached results: probes by provider, memory of the largest card, CoreML shares by model."""

    probes: dict[str, ProbeResult] = field(default_factory=dict)
    vram_bytes: int | None = None
    models: dict[str, float] = field(default_factory=dict)


def machine_key(built_with: Sequence[str]) -> str:
    """Return a digest of everything that the cached results depend on."""
    facts = [
        platform.system(), platform.release(), processor_features(), runtime_version(),
        *built_with, *(_mark(file) for file in _DRIVERS),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:24]


def read_cache(key: str) -> AcceleratorCache:
    """Return the cached results; empty if they belong to another machine or are damaged."""

    def understand(said: Any) -> AcceleratorCache:
        return _understand(said) if said["machine"] == key else AcceleratorCache()

    return read_cache_file(data_dir() / _NAME, understand, AcceleratorCache())


def set_aside_damaged() -> str:
    """Set a damaged file aside; return a sentence for the user, "" if it is sound or missing."""
    return set_damaged_aside(data_dir() / _NAME, _understand)


def _understand(said: Any) -> AcceleratorCache:
    probes = {
        n: ProbeResult(float(o["share"]), str(o["problem"])) for n, o in said["probes"].items()
    }
    vram = said["vram_bytes"]
    models = {str(name): float(share) for name, share in said["models"].items()}
    return AcceleratorCache(probes, None if vram is None else int(vram), models)


def write_cache(key: str, known: AcceleratorCache) -> None:
    """Write the cache atomically. If writing fails, the next start measures again."""
    models = dict(list(known.models.items())[-_MODELS:])
    said = {
        "machine": key,
        "probes": {name: asdict(one) for name, one in known.probes.items()},
        "vram_bytes": known.vram_bytes,
        "models": models,
    }
    write_cache_file(data_dir() / _NAME, said)


def model_key(bundle: Path, tier: str) -> str:
    """Return a digest of a tier's encoder and editor graphs.

    Raises:
        OSError: The graphs cannot be read.
    """
    sums = [
        hashlib.sha256(graph_path(bundle, tier, name).read_bytes()).hexdigest()
        for name in ("encoder", "editor")
    ]
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:24]


def _mark(file: Path) -> str:
    """Return a text that changes with the driver, "" if there is no driver."""
    try:
        if file.suffix == ".dll":
            return str(file.stat().st_mtime_ns)
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


_FLAGS = {
    "avx512_vnni": VNNI,
    "avx_vnni": VNNI,
    "avx512vnni": VNNI,  # macOS
    "amx_int8": AMX,
    "asimddp": NEON_DOT,
}
_PF_ARM_V82_DP = 43  # from winnt.h


def integer_instruction_sets() -> frozenset[str]:
    """Return the known members of `INTEGER_PRODUCTS`; empty if the system does not report them."""
    if is_apple_silicon():
        return frozenset({NEON_DOT})  # all Apple silicon has it
    try:
        if platform.system() == "Linux":
            return instruction_sets_from_flags(
                Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
            )
        if platform.system() == "Darwin":
            return instruction_sets_from_flags(_sysctl("machdep.cpu.leaf7_features"))
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return _of_windows()


def instruction_sets_from_flags(text: str) -> frozenset[str]:
    """Return the instruction sets in a system's text of CPU features."""
    return frozenset(_FLAGS[word] for word in text.lower().split() if word in _FLAGS)


def is_apple_silicon() -> bool:
    """Return whether this is Apple silicon."""
    return (platform.system(), platform.machine()) == ("Darwin", "arm64")


def _sysctl(name: str) -> str:
    answer = subprocess.run(
        ["sysctl", "-n", name], capture_output=True, text=True, timeout=5, check=True
    )
    return answer.stdout


def _of_windows() -> frozenset[str]:
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.IsProcessorFeaturePresent(_PF_ARM_V82_DP):
            return frozenset({NEON_DOT})
    return frozenset()


def measure_machine(models: Path | None = None, *, accelerators: bool = True) -> MachineFacts:
    """Return the facts about this machine. With an accelerator, the first call takes seconds.

    Args:
        models: The models' folder; None skips the disk.
        accelerators: Whether to probe accelerators.

    Raises:
        BundleError: The free disk space cannot be read.
    """
    import psutil

    found = probe_accelerators() if accelerators else AcceleratorCache()
    free = 0
    if models is not None:
        with translate_disk_errors(models):
            free = free_bytes(models)
    coreml = found.probes.get(COREML)
    return MachineFacts(
        ram_bytes=int(psutil.virtual_memory().total),
        free_disk_bytes=free,
        cores=physical_core_count(),
        arithmetic=integer_instruction_sets(),
        is_apple_silicon=is_apple_silicon(),
        cuda_works=CUDA in found.probes and found.probes[CUDA].works,
        vram_bytes=found.vram_bytes,
        coreml_share=None if coreml is None else coreml.share,
    )


def probe_accelerators(
    built_with: Sequence[str] | None = None,
    run: Callable[..., ProbeResult] | None = None,
    *,
    again: bool = False,
) -> AcceleratorCache:
    """Return the probe results of all accelerators, from the cache or by running a small graph.

    Args:
        built_with: onnxruntime's providers; None asks onnxruntime.
        run: Runs the graph, see `probe_provider`.
        again: Probe even if results are cached.
    """
    built_with = available_providers() if built_with is None else built_with
    wanted = [name for name in (CUDA, COREML) if name in built_with]
    if not wanted:
        return AcceleratorCache()
    key = machine_key(built_with)
    known = read_cache(key)
    if not again and set(wanted) <= set(known.probes):
        return known
    run = run or probe_provider
    probes = {one: run(one, device_options(one) or None) for one in wanted}
    works = CUDA in probes and probes[CUDA].works
    known = AcceleratorCache(probes, vram_bytes() if works else None, known.models)
    write_cache(key, known)
    return known


def coreml_share(bundle: Path, tier: str) -> float | None:
    """Return the share of a model's nodes that CoreML ran, None if unknown."""
    known = read_cache(machine_key(available_providers()))
    try:
        return known.models.get(model_key(bundle, tier))
    except OSError:
        return None  # opening the graphs reports the error


def store_coreml_share(bundle: Path, tier: str, share: float) -> None:
    """Cache the share that a session of this model showed; failures are only logged."""
    key = machine_key(available_providers())
    known = read_cache(key)
    try:
        models = {**known.models, model_key(bundle, tier): share}
    except OSError as error:
        logging.getLogger(__name__).warning("what CoreML took of %s is not kept: %s", bundle, error)
        return
    write_cache(key, replace(known, models=models))


def vram_bytes() -> int | None:
    """Return the memory of the largest NVIDIA card as reported by nvidia-smi, None if unknown."""
    try:
        answer = subprocess.run(
            ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
        return max(int(line) << 20 for line in answer.stdout.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
