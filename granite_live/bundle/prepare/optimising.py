"""onnxruntime finishes a graph for the machine at hand and saves it so that loading maps memory."""

from __future__ import annotations

from pathlib import Path

from granite_live.bundle.devices import CPU, device_first, device_options, first_line, weights_in
from granite_live.errors import BundleError

# Smaller weights stay in the graph's own file.
_LEAST_EXTERNAL_BYTES = "1024"


def save_optimised(
    model: bytes, folder: Path, target: Path, *, packed: bool, provider: str = CPU
) -> None:
    """Optimise a model and save it as `target` and `target`_data.

    Args:
        model: Its bytes, without the weights.
        folder: Where its external weights are. They are mapped, not read into memory.
        target: The .onnx file to write.
        packed: Also store weights in the order in which this processor multiplies them:
            they take twice the disk, and opening the graph copies none. While this is made,
            both forms are in memory.
        provider: What it is to run on. It is opened there, so it must be on this machine.

    Raises:
        BundleError: onnxruntime cannot run the graph there, or cannot write it.
    """
    from granite_live.onnx_runtime import ort

    options = ort.SessionOptions()
    options.log_severity_level = 4  # its warning that this is for this machine only is wanted
    options.optimized_model_filepath = str(target)
    entries = {
        "session.optimized_model_external_initializers_file_name": f"{target.name}_data",
        "session.optimized_model_external_initializers_min_size_in_bytes": _LEAST_EXTERNAL_BYTES,
        "session.save_external_prepacked_constant_initializers": "1" if packed else "0",
        "session.disable_prepacking": "0" if packed else "1",
    }
    weights_in(options, folder)
    for key, value in entries.items():
        options.add_session_config_entry(key, value)
    try:
        session = ort.InferenceSession(
            model, options, providers=device_first(provider), enable_fallback=0
        )
    except Exception as error:  # onnxruntime's errors share no class of their own
        raise BundleError(
            f"onnxruntime cannot prepare {target.stem}: {first_line(error)}"
        ) from error
    if provider not in session.get_providers():
        raise BundleError(
            f"{provider} does not work here, so {target.stem} is not prepared for it."
        )


def compile_for(provider: str, graph: Path, weights: Path, compiled: Path) -> None:
    """Let a device that compiles graphs do that.

    Args:
        provider: The device's.
        graph: The .onnx file.
        weights: The folder that its weights are in.
        compiled: Where the device keeps what it makes of it.

    Raises:
        BundleError: It cannot.
    """
    from granite_live.onnx_runtime import ort

    options = ort.SessionOptions()
    options.log_severity_level = 4
    weights_in(options, weights)
    try:
        ort.InferenceSession(
            graph.read_bytes(),
            options,
            providers=[(one, device_options(one, compiled)) for one in device_first(provider)],
            enable_fallback=0,
        )
    except Exception as error:  # onnxruntime's errors share no class of their own
        raise BundleError(f"{provider} cannot compile {graph.stem}: {first_line(error)}") from error
