"""Share one CPU memory arena among all onnxruntime sessions of a process.

By default each session has its own arena, which keeps the maximum that one of its runs used. A
recognizer runs its graphs one after another, so with a shared arena the process needs the maximum
of all graphs, not their sum. The arena outlives the sessions: before closing the last session, run
it with `SHRINK_AFTER_RUN` to free the memory.
"""

from __future__ import annotations

import functools
from typing import Any

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
