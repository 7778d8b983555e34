"""The machine that figures were measured on, in words and numbers that name nobody."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

_CPU_INFO = Path("/proc/cpuinfo")


def describe_machine(threads: int, cpu_info: Path = _CPU_INFO) -> dict[str, Any]:
    """Return what a reader of figures must know. `threads` is what was computed with."""
    import psutil

    from granite_live.models.optimize.keys import runtime_version

    return {
        "processor": _processor(cpu_info),
        "cores": psutil.cpu_count(logical=False) or os.cpu_count() or 1,
        "threads": threads,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "onnxruntime": runtime_version(),
    }


def _processor(cpu_info: Path) -> str:
    try:
        lines = cpu_info.read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
