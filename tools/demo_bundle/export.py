"""Write a complete bundle from a checkpoint.

python export.py CACHE CHECKPOINT OUT [--mode dynamic|dynamic7|weights|fp32] [--fixture WAV]
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import soundfile as sf
import torch
from editor import MULTIPLIER, Editor, EditorSize, EmbedTokens
from encoder import Encoder, EncoderSize
from features import HOP, MELS, N_FFT, RATE, WINDOW, host_features
from host import Bundle
from quantise import dynamic, half, store, weights_only, without_copies
from text import EOS
from tokenizers import Tokenizer
from torch import Tensor, nn

POSITIONS = 768
IO = {
    "encoder": (
        ["input_features", "attention_mask"],
        ["bpe_logits_dense", "bpe_mask", "audio_embeds", "audio_lengths", "char_logits"],
        {
            "input_features": {0: "B", 1: "T"},
            "attention_mask": {0: "B", 1: "T"},
            "bpe_logits_dense": {0: "B", 1: "T_bpe"},
            "bpe_mask": {0: "B", 1: "T_bpe"},
            "audio_embeds": {0: "B", 1: "T_audio"},
            "audio_lengths": {0: "B"},
            "char_logits": {0: "B", 1: "T"},
        },
    ),
    "editor": (
        ["inputs_embeds", "position_ids", "attention_mask"],
        ["logits"],
        {
            "inputs_embeds": {0: "B", 1: "N"},
            "position_ids": {0: "B", 1: "N"},
            "attention_mask": {0: "B", 2: "N", 3: "N"},
            "logits": {0: "B", 1: "N"},
        },
    ),
    "embed_tokens": (
        ["input_ids"],
        ["inputs_embeds"],
        {"input_ids": {0: "B", 1: "N"}, "inputs_embeds": {0: "B", 1: "N"}},
    ),
}


def load(path: Path, vocab: int) -> tuple[Encoder, Editor]:
    """The checkpoint's two models, ready to measure."""
    state = torch.load(path)
    encoder, editor = Encoder(EncoderSize(vocab=vocab)), Editor(EditorSize(vocab=vocab))
    encoder.load_state_dict(state["encoder"])
    editor.load_state_dict(state["editor"])
    return encoder.eval(), editor.eval()


def trace(module: nn.Module, name: str, inputs: tuple[Tensor, ...], path: Path) -> None:
    """Export with the TorchScript exporter, which gives plain ai.onnx operators."""
    ins, outs, axes = IO[name]
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            inputs,
            str(path),
            input_names=ins,
            output_names=outs,
            dynamic_axes=axes,
            opset_version=20,
            dynamo=False,
            do_constant_folding=True,
        )


def samples(editor: Editor) -> dict[str, tuple[Tensor, ...]]:
    """Inputs to trace the graphs with: for the editor 17 audio rows and 23 slots."""
    rows = torch.randn(1, 40, editor.size.row)
    rows[:, :, -1] = (torch.arange(40) >= 17) / MULTIPLIER
    return {
        "encoder": (torch.rand(1, 431, 2 * MELS), torch.ones(1, 431, dtype=torch.int64)),
        "editor": (rows, torch.arange(40)[None], torch.zeros(1, 1, 40, 40)),
        "embed_tokens": (torch.arange(9)[None],),
    }


def graphs(encoder: Encoder, editor: Editor, out: Path, mode: str) -> None:
    """The three graphs of one tier."""
    inputs = samples(editor)
    models = {"encoder": encoder, "editor": editor, "embed_tokens": EmbedTokens(editor)}
    out.mkdir(parents=True, exist_ok=True)
    for name, module in models.items():
        with tempfile.TemporaryDirectory() as tmp:
            raw = Path(tmp) / "raw.onnx"
            trace(module, name, inputs[name], raw)
            if mode.startswith("dynamic") and name != "embed_tokens":
                small = Path(tmp) / "small.onnx"
                dynamic(raw, small, seven_bit=mode == "dynamic7")
                raw = small
            model = onnx.load(str(raw))
            without_copies(model)
            if mode == "weights":
                weights_only(model)
            if mode != "fp32":
                half(model)
            store(model, out / f"{name}.onnx")


def dump(path: Path, data: dict) -> None:
    """JSON with a final newline."""
    path.write_text(json.dumps(data, indent=2) + "\n")


def texts(out: Path, cache: Path) -> None:
    """Tokenizer and configuration files."""
    tok = Tokenizer.from_file(str(cache / "tokenizer.json"))
    tok.save(str(out / "tokenizer.json"))
    dump(
        out / "tokenizer_config.json",
        {
            "eos_token": EOS,
            "pad_token": EOS,
            "add_prefix_space": True,
            "clean_up_tokenization_spaces": False,
            "model_max_length": POSITIONS,
            "tokenizer_class": "GPT2Tokenizer",
        },
    )
    dump(out / "special_tokens_map.json", {"eos_token": EOS, "pad_token": EOS})
    dump(
        out / "preprocessor_config.json",
        {
            "feature_extractor_type": "NLEFeatureExtractor",
            "sampling_rate": RATE,
            "n_fft": N_FFT,
            "win_length": WINDOW,
            "hop_length": HOP,
            "n_mels": MELS,
        },
    )
    shared = {
        "max_position_embeddings": POSITIONS,
        "embedding_multiplier": MULTIPLIER,
        "scale_projected_embeddings": True,
    }
    dump(out / "config.json", {"model_type": "granite_live_demo", **shared})
    dump(
        out / "granite_export_metadata.json",
        {
            "model": "granite-live demo",
            "note": "The demo model of Granite Live: small, English only, trained in an evening "
            "from Whisper tiny.en. It is NOT IBM Granite; it only has the same interface.",
            "languages": ["en"],
            "opset": 20,
            "ir_version": 10,
            "vocab_size": tok.get_vocab_size(),
            "bpe_frames_per_second": 25,
            **shared,
        },
    )


def fixtures(out: Path, wav: Path) -> str:
    """Reference outputs of the shipped files for one synthetic clip."""
    folder = out / "test_fixtures"
    folder.mkdir(exist_ok=True)
    wave, rate = sf.read(wav, dtype="float32", always_2d=True)
    if rate != RATE:
        raise ValueError(f"{wav}: {rate} Hz")
    sf.write(folder / "sample_audio.wav", wave.mean(1), RATE, subtype="PCM_16")
    wave, _ = sf.read(folder / "sample_audio.wav", dtype="float32")
    features = host_features(wave)
    bundle = Bundle(out)
    outputs = bundle.encode(features)
    rows = outputs[2][:, : int(outputs[3][0])]
    np.save(folder / "expected_input_features.npy", features[None])
    np.save(folder / "expected_attention_mask.npy", np.ones((1, len(features)), np.int64))
    np.save(folder / "expected_audio_embeds.npy", rows)
    draft, edited = bundle.transcribe(wave)
    (folder / "transcript.txt").write_text(edited + "\n")
    (folder / "README.md").write_text(
        "# Fixtures of the demo bundle\n\n"
        "`sample_audio.wav` is synthetic speech (Kokoro-82M, Apache-2.0), 16 kHz mono, "
        f"{len(wave) / RATE:.2f} s. The other files are what this bundle gives for it "
        "(onnxruntime, CPU):\n\n"
        "| file | what | tolerance |\n|---|---|---|\n"
        "| `expected_input_features.npy` | front end, [1,T,160] | 1e-4 absolute |\n"
        "| `expected_attention_mask.npy` | ones, [1,T] | exact |\n"
        "| `expected_audio_embeds.npy` | valid rows of `audio_embeds`, before the division "
        "by 12 | int8: compare loosely, machines round differently |\n"
        "| `transcript.txt` | the edited text as this model writes it, mistakes included | "
        "equal |\n\n"
        f"Draft before editing: `{draft}`\n"
    )
    return edited


def main() -> None:
    """Export, then run what was written."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("cache", type=Path)
    ap.add_argument("checkpoint", type=Path)
    ap.add_argument("out", type=Path)
    modes = ("dynamic", "dynamic7", "weights", "fp32")
    ap.add_argument("--mode", choices=modes, default="weights")
    ap.add_argument("--fixture", type=Path, help="a 16 kHz synthetic clip")
    a = ap.parse_args()
    vocab = Tokenizer.from_file(str(a.cache / "tokenizer.json")).get_vocab_size()
    shutil.rmtree(a.out / "int8", ignore_errors=True)
    graphs(*load(a.checkpoint, vocab), a.out / "int8", a.mode)
    texts(a.out, a.cache)
    if a.fixture:
        print(fixtures(a.out, a.fixture))
    size = sum(f.stat().st_size for f in a.out.rglob("*") if f.is_file())
    print(f"{a.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
