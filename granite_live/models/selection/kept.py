"""Cache of what accelerators can do on this machine.

`accelerators.json` in the data folder stores the results with a key of CPU, system, driver,
onnxruntime version and its providers. A changed key invalidates the cache. `doctor` always
measures.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from granite_live.models.layout import graph_path
from granite_live.models.optimize.keys import processor_features, runtime_version
from granite_live.models.selection.probing import Probe
from granite_live.models.store.notes import keep_notes, read_notes, set_damaged_aside
from granite_live.util.paths import data_dir

_NAME = "accelerators.json"
_DRIVERS = (Path("/proc/driver/nvidia/version"), Path("C:/Windows/System32/nvcuda.dll"))
_MODELS = 32  # maximum number of entries; the oldest is removed


@dataclass(frozen=True, slots=True)
class Kept:
    """Cached results: probes by provider, memory of the largest card, CoreML shares by model."""

    probes: dict[str, Probe] = field(default_factory=dict)
    vram_bytes: int | None = None
    models: dict[str, float] = field(default_factory=dict)


def machine_key(built_with: Sequence[str]) -> str:
    """Return a digest of everything that the cached results depend on."""
    facts = [
        platform.system(), platform.release(), processor_features(), runtime_version(),
        *built_with, *(_mark(file) for file in _DRIVERS),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:24]


def read(key: str) -> Kept:
    """Return the cached results; empty if they belong to another machine or are damaged."""

    def understand(said: Any) -> Kept:
        return _understand(said) if said["machine"] == key else Kept()

    return read_notes(data_dir() / _NAME, understand, Kept())


def set_aside_damaged() -> str:
    """Set a damaged file aside; return a sentence for the user, "" if it is sound or missing."""
    return set_damaged_aside(data_dir() / _NAME, _understand)


def _understand(said: Any) -> Kept:
    probes = {n: Probe(float(o["share"]), str(o["problem"])) for n, o in said["probes"].items()}
    vram = said["vram_bytes"]
    models = {str(name): float(share) for name, share in said["models"].items()}
    return Kept(probes, None if vram is None else int(vram), models)


def write(key: str, known: Kept) -> None:
    """Write the cache atomically. If writing fails, the next start measures again."""
    models = dict(list(known.models.items())[-_MODELS:])
    said = {
        "machine": key,
        "probes": {name: asdict(one) for name, one in known.probes.items()},
        "vram_bytes": known.vram_bytes,
        "models": models,
    }
    keep_notes(data_dir() / _NAME, said)


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
