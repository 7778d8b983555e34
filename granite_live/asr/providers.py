"""Execution providers: which to ask for, what a session really runs on, and the shared memory
arena.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.threads import ThreadPlan, as_plan
from granite_live.messages import joined
from granite_live.messages.models import ModelMessage, ProviderMessage
from granite_live.models import bundle
from granite_live.models.bundle import (
    COMPILED,
    COREML,
    CUDA,
    EXACT_FORMS,
    Form,
    device_options,
    limit_spinning,
    make_integers_exact,
    set_weights_folder,
)
from granite_live.models.bundle import CPU as CPU
from granite_live.util.errors import ProviderError
from granite_live.util.paths import data_dir
from granite_live.util.process import allowed_cpus as allowed_cpus
from granite_live.util.process import physical_core_count as physical_core_count

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle
    from granite_live.models.onnx_runtime import ort


class BoundSession:
    """Runs like `onnxruntime.InferenceSession`, with outputs bound to `device`."""

    def __init__(self, session: ort.InferenceSession, device: str) -> None:
        self._session = session
        self._device = device

    def run(
        self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]], options: Any = None
    ) -> list[NDArray[Any]]:
        """Return the requested outputs, in order, in CPU memory."""
        binding = self._session.io_binding()
        # The arrays must outlive the run: the binding refers to their memory.
        held = {name: np.ascontiguousarray(value) for name, value in inputs.items()}
        for name, value in held.items():
            binding.bind_cpu_input(name, value)
        for name in outputs:
            binding.bind_output(name, self._device)
        self._session.run_with_iobinding(binding, options)
        return [value.numpy() for value in binding.get_outputs()]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


SHRINK_AFTER_RUN = ("memory.enable_memory_arena_shrinkage", "cpu:0")
"""The run option that frees unused arena memory after the run."""


def use_shared_arena(options: Any) -> None:
    """Make sessions with these `onnxruntime.SessionOptions` use the process's arena.

    Only for sessions that use the CPU provider alone.
    """
    _register_arena()
    options.add_session_config_entry("session.use_env_allocators", "1")


@functools.cache
def _register_arena() -> None:
    """Create the arena. onnxruntime keeps it until the process ends."""
    from granite_live.models.onnx_runtime import ort

    memory = ort.OrtMemoryInfo(
        "Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT
    )
    # max_mem 0: no limit. arena_extend_strategy 0: each extension doubles (the default); extending
    # by exactly the requested size took twice as much memory.
    arena = ort.OrtArenaCfg({"max_mem": 0, "arena_extend_strategy": 0})
    ort.create_and_register_allocator(memory, arena)


if TYPE_CHECKING:
    from granite_live.models.onnx_runtime import ort

    Session: TypeAlias = ort.InferenceSession | BoundSession

CHOICES = ("auto", "cpu", "cuda", "coreml")
_NAMES = {"cpu": CPU, "cuda": CUDA, "coreml": COREML}
_REMEDIES = {
    "cuda": ProviderMessage.INSTALL_CUDA(),
    "coreml": ProviderMessage.MACOS_ONLY(),
}
# onnxruntime's name of the device memory in which a provider's outputs should stay.
_BOUND: Mapping[str, str] = {CUDA: "cuda"}


@dataclass(frozen=True, slots=True)
class ProviderPlan:
    """The providers to request, in order, and notes for the user."""

    providers: tuple[str, ...]
    notes: tuple[str, ...] = ()


class NodePlacement(NamedTuple):
    """The nodes of a graph on one provider, and the number of subgraphs they form.

    A provider that runs its nodes one by one has as many parts as nodes.
    """

    nodes: int
    parts: int

    def __str__(self) -> str:
        if self.parts == self.nodes:
            return ProviderMessage.NODES(nodes=self.nodes)
        if self.parts == 1:
            return ProviderMessage.NODES_IN_ONE_PART(nodes=self.nodes)
        return ProviderMessage.NODES_IN_PARTS(nodes=self.nodes, parts=self.parts)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session, its placement by provider, and notes for the user."""

    session: Session
    placement: Mapping[str, NodePlacement]
    notes: tuple[str, ...] = ()


def plan_providers(wanted: str, available: Sequence[str], *, tier: str) -> ProviderPlan:
    """Return the providers to request.

    Args:
        wanted: One of `CHOICES`. "auto" takes CUDA if onnxruntime has it, CoreML for the tiers that
            it supports (not int8), else the CPU. `models.selection` checks before whether the
            provider works.
        available: The providers that the installed onnxruntime was built with.
        tier: The bundle's tier.

    Raises:
        ProviderError: `wanted` is none of the choices.
    """
    if wanted not in CHOICES:
        raise ProviderError(ProviderMessage.UNKNOWN(wanted=wanted, choices=", ".join(CHOICES)))
    if wanted == "auto":
        wanted = "cpu"
        if _NAMES["cuda"] in available:
            wanted = "cuda"
        elif _NAMES["coreml"] in available and tier != "int8":
            wanted = "coreml"
    name = _NAMES[wanted]
    if name == CPU:
        return ProviderPlan((CPU,))
    if name not in available:
        return ProviderPlan(
            (CPU,),
            (ProviderMessage.NOT_IN_ONNXRUNTIME(wanted=wanted, reason=_REMEDIES[wanted]),),
        )  # fmt: skip
    return ProviderPlan((name, CPU))


def first_provider(wanted: str, tier: str) -> str:
    """Return onnxruntime's name of the provider that is requested first on this machine.

    Raises:
        ProviderError: `wanted` is none of the choices.
    """
    from granite_live.models.onnx_runtime import ort

    return plan_providers(wanted, ort.get_available_providers(), tier=tier).providers[0]


# Forms whose graphs onnxruntime has already optimized, so they are opened without optimization.
_OPTIMIZED = frozenset({Form.PREPARED, Form.JOINT})


class OpeningOptions(NamedTuple):
    """How a graph is opened, see `open_session`."""

    optimized: bool = False
    exact: bool = False
    weights: Path | None = None


def opening_options(opened: Bundle, name: str) -> OpeningOptions:
    """Return how to open a graph of a bundle."""
    form, shared = opened.form, opened.weights.get(name)
    folder = None if shared is None else shared.folder
    return OpeningOptions(form in _OPTIMIZED, form in EXACT_FORMS, folder)


def open_session(
    path: Path,
    plan: ProviderPlan,
    threads: int | ThreadPlan,
    *,
    optimized: bool = False,
    exact: bool = False,
    weights: Path | None = None,
) -> OpenedSession:
    """Open a graph. If the requested provider fails, open it on the CPU and add a note.

    `optimized` graphs were saved by onnxruntime after optimization and are opened without it.
    `exact` makes integer products exact on every CPU.
    `weights` is the folder of the graph's weights if that is not the graph's folder.

    Raises:
        ProviderError: The graph cannot be opened on the CPU either.
    """
    try:
        session = _session(
            path, plan.providers, threads, optimized=optimized, exact=exact, weights=weights
        )
    except Exception as error:  # onnxruntime's errors have no common base class
        if plan.providers == (CPU,):
            raise ProviderError(
                ProviderMessage.GRAPH_UNOPENABLE(path=path, reason=first_line(error))
            ) from error
        fallback = open_session(
            path, ProviderPlan((CPU,)), threads, optimized=optimized, exact=exact, weights=weights
        )
        note = ProviderMessage.COULD_NOT_OPEN_GRAPH(
            provider=plan.providers[0], graph=path.stem, reason=first_line(error)
        )
        return OpenedSession(fallback.session, fallback.placement, (note,))
    placed = node_placement(session)
    device = _BOUND.get(plan.providers[0])
    if device is not None and plan.providers[0] in placed:
        session = BoundSession(session, device)
    notes = () if plan.providers[0] in placed else (
        ProviderMessage.TOOK_NO_PART(provider=plan.providers[0], graph=path.stem),
    )  # fmt: skip
    return OpenedSession(session, placed, notes)


def apply_threads(options: Any, plan: ThreadPlan) -> None:
    """Set the thread count, spinning and affinities of `onnxruntime.SessionOptions`."""
    options.intra_op_num_threads = plan.threads
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(plan.spinning)))
    limit_spinning(options)
    # Threads that keep spinning after a run would slow down the next graph.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    others = allowed_cpus()[1 : plan.threads]
    if plan.pinned and len(others) == plan.threads - 1 > 0:
        # The calling thread counts as the first and is not pinned. onnxruntime counts processors
        # from 1.
        places = ";".join(str(number + 1) for number in others)
        options.add_session_config_entry("session.intra_op_thread_affinities", places)


def provider_options(name: str, path: Path) -> dict[str, str]:
    """Return the options of a provider for the graph at `path`.

    CoreML takes minutes to compile a graph and can cache the result, but does not notice a changed
    graph or weights. So each graph gets a cache folder named by a digest of both. A prepared bundle
    brings its own folder, which is deleted with the model.
    """
    if name != COREML:
        return device_options(name)
    compiled = path.parent / COMPILED
    if not compiled.is_dir():
        weights = [
            (one.name, one.stat()) for one in sorted(path.parent.glob(f"{path.stem}.*_data"))
        ]
        facts = [(file, stat.st_size, stat.st_mtime_ns) for file, stat in weights]
        digest = hashlib.sha256(path.read_bytes() + repr(facts).encode()).hexdigest()[:16]
        compiled = data_dir() / "coreml" / digest
        compiled.mkdir(parents=True, exist_ok=True)
    return device_options(name, compiled)


def node_placement(session: Any) -> dict[str, NodePlacement]:
    """Return for each provider the nodes that the session runs on it."""
    nodes: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for subgraph in session.get_provider_graph_assignment_info():
        nodes[subgraph.ep_name] += len(subgraph.get_nodes())
        parts[subgraph.ep_name] += 1
    if not nodes:  # onnxruntime optimized the whole graph away
        return {CPU: NodePlacement(0, 0)}
    return {name: NodePlacement(count, parts[name]) for name, count in nodes.most_common()}


def describe_placement(placed: Mapping[str, NodePlacement]) -> str:
    """Return a placement as text: the provider, or each provider with its nodes and parts."""
    whole = all(one.parts == one.nodes for one in placed.values())
    if len(placed) == 1 and whole:
        return next(iter(placed))
    parts = (ModelMessage.WITH_REASON(subject=name, reason=one) for name, one in placed.items())
    return joined(parts, ", ")


def graph_bytes(opened: Bundle, name: str) -> int:
    """Return the size of a graph's files, 0 if they cannot be read."""
    if name in opened.weights:
        return opened.weights[name].size_bytes
    graph = opened.graphs[name]
    try:
        return sum(file.stat().st_size for file in graph.parent.glob(f"{graph.stem}.*"))
    except OSError:
        return 0  # opening the graph reports the error


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, ending in a period."""
    return bundle.first_line(error) + "."


def _session(
    path: Path,
    providers: Sequence[str],
    threads: int | ThreadPlan,
    *,
    optimized: bool,
    exact: bool,
    weights: Path | None,
) -> ort.InferenceSession:
    from granite_live.models.onnx_runtime import ort

    options = ort.SessionOptions()
    apply_threads(options, as_plan(threads))
    if tuple(providers) == (CPU,):
        use_shared_arena(options)
    if optimized:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    if exact:
        make_integers_exact(options)
    options.log_severity_level = 4  # fatal only: errors reach the user as exceptions
    options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    if weights is not None:
        set_weights_folder(options, weights)
    return ort.InferenceSession(
        str(path) if weights is None else path.read_bytes(),
        options,
        providers=[(name, provider_options(name, path)) for name in providers],
        # onnxruntime's own fallback prints to standard output and hides the reason.
        enable_fallback=0,
    )
