"""Create variants of the committed bundle: each function writes a new folder and returns it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import onnx
from onnx import TensorProto, helper, numpy_helper

SHARED_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "preprocessor_config.json",
    "granite_export_metadata.json",
)


def copied(source: Path, target: Path, *tiers: str) -> Path:
    """Copy the shared files and the named tiers (no fixtures)."""
    target.mkdir(parents=True)
    for name in SHARED_FILES:
        shutil.copyfile(source / name, target / name)
    for tier in tiers:
        shutil.copytree(source / tier, target / tier)
    return target


def save_graph(model: onnx.ModelProto, path: Path) -> None:
    """Write a graph with its only sidecar file, as published."""
    sidecar = path.with_name(path.name + "_data")
    sidecar.unlink(missing_ok=True)
    onnx.save_model(
        model, str(path), save_as_external_data=True, location=sidecar.name, size_threshold=1024
    )


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), "utf-8")


def without_shift(source: Path, target: Path, eos: int) -> Path:
    """Create an fp32 bundle whose CTC head has V classes: class c is token c, blank is eos."""
    copied(source, target, "fp32")
    path = target / "fp32" / "encoder.onnx"
    model = onnx.load(str(path))
    weights = {item.name: item for item in model.graph.initializer}
    for node in model.graph.node:
        if node.name in ("/bpe/MatMul", "/bpe/Add"):
            (name,) = [name for name in node.input if name in weights]
            old = numpy_helper.to_array(weights[name])
            new = old[..., 1:].copy()
            new[..., eos] = old[..., 0]
            weights[name].CopyFrom(numpy_helper.from_array(new, name))
    _redeclare_classes(model, weights)
    save_graph(model, path)
    return target


def _redeclare_classes(model: onnx.ModelProto, weights: dict[str, TensorProto]) -> None:
    for output in model.graph.output:
        if output.name == "bpe_logits_dense":
            dim = output.type.tensor_type.shape.dim[2]
            dim.dim_value -= 1
    del model.graph.value_info[:]


def with_float_mask(source: Path, target: Path, tier: str = "fp32") -> Path:
    """Create a bundle whose bpe_mask is float 1.0 and 0.0."""
    copied(source, target, tier)
    path = target / tier / "encoder.onnx"
    model = onnx.load(str(path))
    for node in model.graph.node:
        for i, name in enumerate(node.output):
            if name == "bpe_mask":
                node.output[i] = "bpe_mask_bool"
    model.graph.node.append(
        helper.make_node("Cast", ["bpe_mask_bool"], ["bpe_mask"], to=TensorProto.FLOAT)
    )
    for output in model.graph.output:
        if output.name == "bpe_mask":
            output.type.tensor_type.elem_type = TensorProto.FLOAT
    save_graph(model, path)
    return target


def with_metadata(source: Path, target: Path, metadata: object, tier: str = "fp32") -> Path:
    """Replace `granite_export_metadata.json` by `metadata`; None removes the file."""
    copied(source, target, tier)
    (target / "granite_export_metadata.json").unlink()
    if metadata is not None:
        write_json(target / "granite_export_metadata.json", metadata)
    return target


def as_hub_cache(source: Path, target: Path, *tiers: str) -> Path:
    """Create a Hugging Face cache: `snapshots/<commit>/` of relative links into `blobs/`."""
    plain = copied(source, target / "plain", *tiers)
    blobs, snapshot = target / "blobs", target / "snapshots" / "0123abcd"
    blobs.mkdir()
    for i, path in enumerate(sorted(p for p in plain.rglob("*") if p.is_file())):
        blob = blobs / f"{i:040x}"
        path.rename(blob)
        link = snapshot / path.relative_to(plain)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    shutil.rmtree(plain)
    return snapshot
