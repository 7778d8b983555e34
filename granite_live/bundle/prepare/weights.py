"""Where a graph's weights really lie: onnxruntime follows no link out of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx


def resolve_weights(model: onnx.ModelProto, folder: Path) -> Path:
    """Let the model name the files behind links, and return the folder that they are in.

    In the hub's cache all weights are links into one folder of contents. What lies in several
    folders is left as it is; then onnxruntime has the last word.
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
