"""Measure this machine. Main entry point: `measure`."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from granite_live.models.devices import COREML, CUDA, device_options
from granite_live.models.selection import kept
from granite_live.models.selection.facts import MachineFacts
from granite_live.models.selection.probing import Probe, available, probe
from granite_live.models.selection.processor import integer_products, is_apple_silicon
from granite_live.models.store.disk import free_bytes, telling
from granite_live.util.cores import default_threads


def measure(models: Path | None = None, *, accelerators: bool = True) -> MachineFacts:
    """Return the facts about this machine. With an accelerator, the first call takes seconds.

    Args:
        models: The models' folder; None skips the disk.
        accelerators: Whether to probe accelerators.

    Raises:
        BundleError: The free disk space cannot be read.
    """
    import psutil

    found = look_at_accelerators() if accelerators else kept.Kept()
    free = 0
    if models is not None:
        with telling(models):
            free = free_bytes(models)
    coreml = found.probes.get(COREML)
    return MachineFacts(
        ram_bytes=int(psutil.virtual_memory().total),
        free_disk_bytes=free,
        cores=default_threads(),
        arithmetic=integer_products(),
        is_apple_silicon=is_apple_silicon(),
        cuda_works=CUDA in found.probes and found.probes[CUDA].works,
        vram_bytes=found.vram_bytes,
        coreml_share=None if coreml is None else coreml.share,
    )


def look_at_accelerators(
    built_with: Sequence[str] | None = None,
    run: Callable[..., Probe] | None = None,
    *,
    again: bool = False,
) -> kept.Kept:
    """Return the probe results of all accelerators, from the cache or by running a small graph.

    Args:
        built_with: onnxruntime's providers; None asks onnxruntime.
        run: Runs the graph, see `probing.probe`.
        again: Probe even if results are cached.
    """
    built_with = available() if built_with is None else built_with
    wanted = [name for name in (CUDA, COREML) if name in built_with]
    if not wanted:
        return kept.Kept()
    key = kept.machine_key(built_with)
    known = kept.read(key)
    if not again and set(wanted) <= set(known.probes):
        return known
    run = run or probe
    probes = {one: run(one, device_options(one) or None) for one in wanted}
    works = CUDA in probes and probes[CUDA].works
    known = kept.Kept(probes, vram_bytes() if works else None, known.models)
    kept.write(key, known)
    return known


def coreml_share(bundle: Path, tier: str) -> float | None:
    """Return the share of a model's nodes that CoreML ran, None if unknown."""
    known = kept.read(kept.machine_key(available()))
    try:
        return known.models.get(kept.model_key(bundle, tier))
    except OSError:
        return None  # opening the graphs reports the error


def keep_coreml_share(bundle: Path, tier: str, share: float) -> None:
    """Cache the share that a session of this model showed; failures are only logged."""
    key = kept.machine_key(available())
    known = kept.read(key)
    try:
        models = {**known.models, kept.model_key(bundle, tier): share}
    except OSError as error:
        logging.getLogger(__name__).warning("what CoreML took of %s is not kept: %s", bundle, error)
        return
    kept.write(key, replace(known, models=models))


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
