"""Write a complete bundle: drafts by a trained encoder, the final text by Whisper's decoder.

python export.py WHISPER CHECKPOINT OUT [--mode weights|fp32] [--fixture WAV]

WHISPER is the folder of `model.bin` and `tokenizer.json`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
import torch
from decoder import (
    FRAMES,
    MULTIPLIER,
    NEVER,
    SPARE,
    DecoderSize,
    EmbedTokens,
    Listener,
    Pass,
    load_listener,
    load_pass,
)
from encoder import Encoder, EncoderSize, ShippedEncoder
from features import HOP, MELS, N_FFT, RATE, WINDOW, host_features
from host import Bundle
from loop import editor_graph, trace
from pieces import Pieces
from quantise import (
    constants_once,
    folded,
    half,
    once,
    plain_products,
    shared_table,
    store,
    weights_only,
    without_copies,
)
from repetition import Repetition
from text import EOS
from vocabulary import BEGIN, NO_TIMES, SIGN, Vocabulary, make
from weights import read_ct2

POSITIONS = 416
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
    "embed_tokens": (
        ["input_ids"],
        ["inputs_embeds"],
        {"input_ids": {0: "B", 1: "N"}, "inputs_embeds": {0: "B", 1: "N"}},
    ),
}


def load_encoder(path: Path, vocab: int) -> Encoder:
    """Return the checkpoint's encoder, ready to measure."""
    encoder = Encoder(EncoderSize(vocab=vocab))
    encoder.load_state_dict(torch.load(path)["encoder"])
    return encoder.eval()


def load_decoder(folder: Path, words: Vocabulary) -> tuple[Listener, Pass]:
    """Return Whisper's decoder with the bundle's tokens."""
    weights = read_ct2(folder / "model.bin", "")
    size = DecoderSize(vocab=words.size, eos=words.eos, begin=words.begin)
    repetition = Repetition(words.letters, [k < SIGN for k in words.kind], words.begin[0])
    listener = Listener(size, Pieces(words.joins, words.alone, words.capital))
    one = Pass(size, repetition)
    load_listener(listener, weights)
    ids = [*range(words.size)]
    ids[words.begin[0]], ids[words.begin[1]] = BEGIN, NO_TIMES
    load_pass(one, weights, ids)
    one.never[words.never] = NEVER
    one.not_first = torch.tensor(words.not_first)
    one.letters.copy_(torch.tensor(words.letters))
    one.kind.copy_(torch.tensor(words.kind))
    one.capital.copy_(torch.tensor(words.capital))
    one.ends.copy_(torch.tensor(words.ends))
    return listener.eval(), one.eval()


def graphs(shipped: ShippedEncoder, listener: Listener, one: Pass, out: Path, mode: str) -> None:
    """Return the three graphs of one tier."""
    size = listener.size
    out.mkdir(parents=True, exist_ok=True)
    models = {"editor": editor_graph(listener, one)}
    with tempfile.TemporaryDirectory() as tmp:
        path = Path(tmp) / "raw.onnx"
        sound = (torch.rand(1, 431, 2 * MELS), torch.ones(1, 431, dtype=torch.int64))
        embed = EmbedTokens(size)
        for name, module, inputs in (
            ("encoder", shipped, sound),
            ("embed_tokens", embed, (torch.arange(9)[None],)),
        ):
            ins, outs, axes = IO[name]
            models[name] = trace(module, inputs, (ins, outs), axes, path)
    widths = {"bpe_logits_dense": size.vocab + 1, "audio_embeds": size.row, "logits": size.vocab}
    widths["inputs_embeds"] = size.row
    for name, model in models.items():
        for value in model.graph.output:
            if value.name in widths:  # The exporter loses the shapes of some tensors.
                value.type.tensor_type.shape.dim[-1].dim_value = widths[value.name]
        without_copies(model)
        plain_products(model)
        once(model)
        constants_once(model)
        if mode == "weights":
            shared_table(model)
            weights_only(model)
            half(model)
        model = folded(model)
        store(model, out / f"{name}.onnx")


def dump(path: Path, data: dict) -> None:
    """Write JSON with a final newline."""
    path.write_text(json.dumps(data, indent=2) + "\n")


def texts(out: Path, words: Vocabulary) -> None:
    """Write tokenizer and configuration files."""
    tok = words.tokenizer
    tok.save(str(out / "tokenizer.json"), pretty=False)
    dump(
        out / "tokenizer_config.json",
        {
            "eos_token": EOS,
            "pad_token": EOS,
            # Stated here, the id is known before the tokenizer is read, which takes 0.2 s.
            "added_tokens_decoder": {
                str(tok.token_to_id(EOS)): {"content": EOS, "special": True},
            },
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
            "drafts_are_plain": True,
            **shared,
        },
    )


def fixtures(out: Path, wav: Path) -> str:
    """Write reference outputs of the shipped files for one synthetic clip."""
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
    draft, edited = (text.strip() for text in bundle.transcribe(wave))
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
    """Export, then run the written bundle."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("whisper", type=Path)
    ap.add_argument("checkpoint", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--mode", choices=("weights", "fp32"), default="weights")
    ap.add_argument("--fixture", type=Path, help="a 16 kHz synthetic clip")
    a = ap.parse_args()
    words = make(a.whisper / "tokenizer.json")
    encoder = load_encoder(a.checkpoint, len(words.draft))
    shutil.rmtree(a.out / "int8", ignore_errors=True)
    with torch.no_grad():
        shipped = ShippedEncoder(encoder, words.draft, words.size, (FRAMES, SPARE))
        graphs(shipped, *load_decoder(a.whisper, words), a.out / "int8", a.mode)
    texts(a.out, words)
    if a.fixture:
        print(fixtures(a.out, a.fixture))
    size = sum(f.stat().st_size for f in a.out.rglob("*") if f.is_file())
    print(f"{a.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
