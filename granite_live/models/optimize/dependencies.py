"""The key of a prepared tier: if any part changes, the tier is prepared again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.models.optimize import recipe

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle, Form

_CPU_INFO = Path("/proc/cpuinfo")
# CPU features by which onnxruntime chooses kernels and the layout of packed weights.
_FEATURES = ("amx", "asimd", "avx", "bf16", "f16c", "fma", "i8mm", "sme", "sse", "sve")


def describe_sources(bundle: Bundle, provider: str, forms: Sequence[Form]) -> list[dict[str, Any]]:
    """Return, as JSON values, everything that each prepared form of the tier depends on.

    Graphs are identified by content; weights (gigabytes) by size and modification time.
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
    """Return a short digest of one entry of `describe_sources`."""
    text = json.dumps(source, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def runtime_version() -> str:
    """Return onnxruntime's version."""
    from granite_live.models.onnx_runtime import ort

    return str(ort.__version__)


def processor_name(cpu_info: Path = _CPU_INFO) -> str:
    """Return the CPU's name, or its architecture if the system does not name it."""
    name = _cpu_fact(cpu_info, "model name")
    return name or platform.processor() or platform.machine()


def processor_features(cpu_info: Path = _CPU_INFO) -> str:
    """Return a text that identifies the CPU's instruction sets.

    On Linux these are the CPU flags, elsewhere the CPU's name.
    """
    flags = _cpu_fact(cpu_info, "flags", "Features")
    if flags is None:
        return f"{platform.machine()} {platform.processor()}"
    known = sorted({flag for flag in flags.split() if flag.startswith(_FEATURES)})
    return " ".join([platform.machine(), *known])


def _cpu_fact(cpu_info: Path, *names: str) -> str | None:
    """Return the first value with one of the names, "" if there is none; None without the file."""
    try:
        lines = cpu_info.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(names))
    return next(found, "")
