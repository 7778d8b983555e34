"""onnxruntime's names of what computes, and what it is to be told about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
COREML = "CoreMLExecutionProvider"

COMPILED = "compiled"
"""The folder, beside graphs that were prepared for CoreML, of what CoreML makes of them."""

# The older NeuralNetwork format lacks most of the operators these graphs use.
_COREML_OPTIONS = {"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"}


def device_options(provider: str, compiled: Path | None = None) -> dict[str, str]:
    """Return the options of a provider; CoreML keeps what it compiles in the folder `compiled`."""
    if provider != COREML:
        return {}
    if compiled is None:
        return dict(_COREML_OPTIONS)
    return {**_COREML_OPTIONS, "ModelCacheDirectory": str(compiled)}


def device_first(provider: str) -> list[str]:
    """Return what to ask a session for: the provider, and the processor for what it cannot do."""
    return [CPU] if provider == CPU else [provider, CPU]


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text: onnxruntime's go on with where in its source."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0]


def weights_in(options: Any, folder: Path) -> None:
    """Let a session of a graph that is given as bytes find its weights' files in `folder`."""
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
