"""Turn a shipped bundle back into a checkpoint, to continue training from it.

    python resume.py CACHE BUNDLE OUT/last.pt

Exported graphs rename and transpose weights. So a fresh model with random weights is exported
in the same way: where its weights went, the shipped ones are. They come back rounded to 8 bits
a column (or 16 bits), which a few hundred steps of training make good.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from editor import Editor, EditorSize
from encoder import Encoder, EncoderSize
from export import samples, trace
from onnx import numpy_helper
from text import EOS
from tokenizers import Tokenizer
from torch import nn


def places(module: nn.Module, name: str, inputs: tuple[torch.Tensor, ...]) -> dict[str, tuple]:
    """Return each parameter's place in the graph: (initializer, whether it is transposed)."""
    with torch.no_grad():
        for p in module.parameters():
            p.normal_()
    with tempfile.TemporaryDirectory() as tmp:
        trace(module.eval(), name, inputs, Path(tmp) / "raw.onnx")
        model = onnx.load(str(Path(tmp) / "raw.onnx"))
    stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    found: dict[str, tuple] = {}
    for key, value in module.state_dict().items():
        w = value.numpy()
        for at, a in stored.items():
            if a.shape == w.shape and np.array_equal(a, w):
                found[key] = (at, False)
            elif w.ndim == 2 and a.shape == w.T.shape and np.array_equal(a, w.T):
                found[key] = (at, True)
    return found


def shipped(path: Path) -> dict[str, np.ndarray]:
    """Return the bundle's weights under the exporter's names, as fp32."""
    stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(path)).graph.initializer}
    out = {}
    for name, a in stored.items():
        if name.endswith("_q"):
            out[name[:-2]] = a.astype(np.float32) * stored[name[:-2] + "_s"]
        elif name.endswith("_h"):
            out[name[:-2]] = a.astype(np.float32)
        else:
            out[name] = a
    return out


def restore(module: nn.Module, name: str, inputs: tuple[torch.Tensor, ...], path: Path) -> None:
    """Fill `module` with the weights of the graph in `path`, and print which are missing."""
    where, weights = places(module, name, inputs), shipped(path)
    state = module.state_dict()
    for key, (at, transposed) in where.items():
        a = weights[at].T if transposed else weights[at]
        state[key] = torch.from_numpy(np.array(a))
    module.load_state_dict(state)
    missing = sorted(set(state) - set(where))
    print(f"{name}: {len(where)} tensors restored; not in the graph: {', '.join(missing) or '-'}")


def main() -> None:
    """Restore both models."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("cache", type=Path)
    ap.add_argument("bundle", type=Path)
    ap.add_argument("out", type=Path)
    a = ap.parse_args()
    vocab = Tokenizer.from_file(str(a.cache / "tokenizer.json")).get_vocab_size()
    assert Tokenizer.from_file(str(a.bundle / "tokenizer.json")).token_to_id(EOS) == vocab - 1
    encoder, editor = Encoder(EncoderSize(vocab=vocab)), Editor(EditorSize(vocab=vocab))
    inputs = samples(editor)
    restore(encoder, "encoder", inputs["encoder"], a.bundle / "int8" / "encoder.onnx")
    restore(editor, "editor", inputs["editor"], a.bundle / "int8" / "editor.onnx")
    a.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"encoder": encoder.state_dict(), "editor": editor.state_dict()}, a.out)


if __name__ == "__main__":
    main()
