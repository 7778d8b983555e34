"""What a prepared tier depends on: when any of it changes, it is made anew."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.bundle.prepare import recipe

if TYPE_CHECKING:
    from granite_live.bundle.description import Bundle, Form

_CPU_INFO = Path("/proc/cpuinfo")
# What onnxruntime chooses its kernels and the order of packed weights by.
_FEATURES = ("amx", "asimd", "avx", "bf16", "f16c", "fma", "i8mm", "sme", "sse", "sve")


def describe_sources(bundle: Bundle, provider: str, forms: Sequence[Form]) -> list[dict[str, Any]]:
    """Return all that each prepared form of the opened tier depends on, fit for JSON.

    Graphs are known by their contents. Weights have gigabytes: they are known by size and date.
    """
    graphs = {}
    for name in recipe.REWRITTEN:
        path = bundle.graphs[name]
        files = sorted(path.parent.glob(f"{name}.*"))
        graphs[name] = {
            "graph": hashlib.sha256(path.read_bytes()).hexdigest(),
            "weights": [
                [file.name, file.stat().st_size, file.stat().st_mtime_ns]
                for file in files
                if file != path
            ],
        }
    common = {
        "recipe": recipe.VERSION,
        "source": str(bundle.path.resolve()),
        "tier": bundle.tier,
        "graphs": graphs,
        "provider": provider,
        "onnxruntime": runtime_version(),
        "processor": processor_features(),
    }
    return [{**common, "form": form.value} for form in forms]


def digest(source: dict[str, Any]) -> str:
    """Return a short name for what `describe_sources` says."""
    text = json.dumps(source, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def runtime_version() -> str:
    """Return onnxruntime's version."""
    from granite_live.onnx_runtime import ort

    return str(ort.__version__)


def processor_features(cpu_info: Path = _CPU_INFO) -> str:
    """Return what tells this processor's instructions from another's.

    Linux names them; elsewhere the processor's own name has to do.
    """
    try:
        lines = cpu_info.read_text("utf-8", "replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    flags = next((x.partition(":")[2] for x in lines if x.startswith(("flags", "Features"))), "")
    known = sorted({flag for flag in flags.split() if flag.startswith(_FEATURES)})
    return " ".join([platform.machine(), *known])
