"""onnxruntime's provider names and provider options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
COREML = "CoreMLExecutionProvider"

COMPILED = "compiled"
"""The folder next to graphs prepared for CoreML in which CoreML caches compiled models."""

# The older NeuralNetwork format lacks most operators of these graphs.
_COREML_OPTIONS = {"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"}


def device_options(provider: str, compiled: Path | None = None) -> dict[str, str]:
    """Return the options of a provider; `compiled` is CoreML's cache folder."""
    if provider != COREML:
        return {}
    if compiled is None:
        return dict(_COREML_OPTIONS)
    return {**_COREML_OPTIONS, "ModelCacheDirectory": str(compiled)}


def device_first(provider: str) -> list[str]:
    """Return the provider list for a session: the provider, then the CPU as fallback."""
    return [CPU] if provider == CPU else [provider, CPU]


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, without onnxruntime's source locations."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0]


def weights_in(options: Any, folder: Path) -> None:
    """Make a session of a graph given as bytes find its weight files in `folder`."""
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
