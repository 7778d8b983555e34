"""Resolve links to weight files, because onnxruntime follows no link out of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx


def resolve_weights(model: onnx.ModelProto, folder: Path) -> Path:
    """Make the model name the resolved weight files; return their folder.

    In the hub's cache all weights link into one folder. If the files lie in several folders, the
    model stays unchanged.
    """
    places = [
        entry
        for tensor in model.graph.initializer
        if tensor.data_location == tensor.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    ]
    real: dict[str, Path] = {e.value: (folder / e.value).resolve() for e in places}
    folders = {file.parent for file in real.values()}
    if len(folders) != 1:
        return folder
    for entry in places:
        entry.value = real[entry.value].name
    return folders.pop()


def with_cache_key(model: bytes, key: str) -> bytes:
    """Return the model with a key for CoreML's compile cache: up to 64 letters and digits.

    Without a key onnxruntime uses the path of the model's file.
    """
    import onnx

    named = onnx.load_model_from_string(model)
    onnx.helper.set_model_props(named, {"COREML_CACHE_KEY": key})
    return bytes(named.SerializeToString())
