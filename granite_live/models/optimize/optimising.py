"""Let onnxruntime optimize a graph for this machine and save it for memory-mapped loading."""

from __future__ import annotations

from pathlib import Path

from granite_live.models.devices import CPU, device_first, device_options, first_line, weights_in
from granite_live.util.errors import BundleError

# Smaller weights are stored inside the .onnx file.
_LEAST_EXTERNAL_BYTES = "1024"


def save_optimised(
    model: bytes, folder: Path, target: Path, *, packed: bool, provider: str = CPU
) -> None:
    """Optimize a model and save it as `target` and `target`_data.

    Args:
        model: The serialized model without external weights.
        folder: The folder of its external weights, which are memory-mapped.
        target: The .onnx file to write.
        packed: Also store weights in this CPU's packed layout. They take twice the disk space, but
            opening copies none. While packing, both layouts are in memory.
        provider: The provider to optimize for; must be available.

    Raises:
        BundleError: onnxruntime cannot run the graph on the provider, or cannot write it.
    """
    from granite_live.models.onnx_runtime import ort

    options = ort.SessionOptions()
    options.log_severity_level = 4  # hides the warning that the model is for this machine only
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
    except Exception as error:  # onnxruntime's errors have no common base class
        raise BundleError(
            f"onnxruntime cannot prepare {target.stem}: {first_line(error)}"
        ) from error
    if provider not in session.get_providers():
        raise BundleError(
            f"{provider} does not work here, so {target.stem} is not prepared for it."
        )


def compile_for(provider: str, graph: Path, weights: Path, compiled: Path) -> None:
    """Compile a graph on a device with a compile cache.

    Args:
        provider: The device's provider.
        graph: The .onnx file.
        weights: The folder of its weights.
        compiled: The cache folder.

    Raises:
        BundleError: The device cannot compile the graph.
    """
    from granite_live.models.onnx_runtime import ort

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
    except Exception as error:  # onnxruntime's errors have no common base class
        raise BundleError(f"{provider} cannot compile {graph.stem}: {first_line(error)}") from error
