"""One arena of working memory for all graphs that a process runs on the processor.

onnxruntime gives each graph an arena of its own, which keeps the most that one of its runs took.
Graphs of a recognizer run one after another, so in a shared arena a graph uses again what the
graph before it has left: the process needs the most that one graph takes, not the sum over all
graphs. The arena outlives its graphs, so whoever closes them runs one with `SHRINK_AFTER_RUN`.
"""

from __future__ import annotations

import functools
from typing import Any

SHRINK_AFTER_RUN = ("memory.enable_memory_arena_shrinkage", "cpu:0")
"""The run option that gives back what the arena does not use when the run is over."""


def use_shared_arena(options: Any) -> None:
    """Tell a session's options [onnxruntime.SessionOptions] to use the process's arena.

    Only for sessions that run on the processor alone.
    """
    _register_arena()
    options.add_session_config_entry("session.use_env_allocators", "1")


@functools.cache
def _register_arena() -> None:
    """Create the arena. onnxruntime keeps it until the process ends."""
    from granite_live.onnx_runtime import ort

    memory = ort.OrtMemoryInfo(
        "Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT
    )
    # 0: no limit; 0: each extension is twice the one before (onnxruntime's default). Extensions
    # of exactly what a run asks for fit no other length and took twice as much.
    arena = ort.OrtArenaCfg({"max_mem": 0, "arena_extend_strategy": 0})
    ort.create_and_register_allocator(memory, arena)
