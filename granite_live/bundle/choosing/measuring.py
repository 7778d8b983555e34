"""Looks at this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from granite_live.bundle.choosing.facts import MachineFacts
from granite_live.bundle.choosing.probing import available, probe
from granite_live.bundle.choosing.processor import (
    integer_products,
    is_apple_silicon,
    usable_cores,
)
from granite_live.bundle.store.disk import free_bytes, telling

CUDA, COREML = "CUDAExecutionProvider", "CoreMLExecutionProvider"
COREML_OPTIONS = {"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"}


def measure(models: Path) -> MachineFacts:
    """Return what this machine is; takes seconds where there is an accelerator.

    Args:
        models: Where the models go.

    Raises:
        BundleError: The disk cannot be asked.
    """
    import psutil

    built_with = available()
    cuda_works = CUDA in built_with and probe(CUDA).works
    with telling(models):
        free = free_bytes(models)
    return MachineFacts(
        ram_bytes=int(psutil.virtual_memory().total),
        free_disk_bytes=free,
        cores=usable_cores(),
        arithmetic=integer_products(),
        is_apple_silicon=is_apple_silicon(),
        cuda_works=cuda_works,
        vram_bytes=vram_bytes() if cuda_works else None,
        coreml_share=probe(COREML, COREML_OPTIONS).share if COREML in built_with else None,
    )


def vram_bytes() -> int | None:
    """Return the memory of the largest NVIDIA card as its driver's own tool tells it."""
    try:
        answer = subprocess.run(
            ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
        return max(int(line) << 20 for line in answer.stdout.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
