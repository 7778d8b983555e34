"""An independent, plain implementation of the published call sequence.

The product is compared with it. It shares nothing with `granite_live` but onnxruntime with its
telemetry off, and the `tokenizers` library that the model's authors use. It is slow on purpose: one
loop for every "for each" of the model card, float64 in the front end, no caching.
"""

# ruff: noqa: PERF401  (the loops favor readability over speed)

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from granite_live.models.onnx_runtime import ort as onnxruntime


@dataclass
class OracleResult:
    """The result for one waveform. Feature and embedding shapes are those of the graphs."""

    features: np.ndarray  # [1, T, 160] float32
    audio_embeds: np.ndarray  # [1, A, D] float32 as the graph gives them
    audio_length: int
    draft_ids: tuple[int, ...]
    draft_text: str
    final_ids: tuple[int, ...]
    text: str
    editor_ran: bool


# ---------------------------------------------------------------- front end


def hann_window() -> list[float]:
    """Return a periodic Hann window of 400 points, centered in 512."""
    window = [0.0] * 512
    for i in range(400):
        window[56 + i] = 0.5 - 0.5 * math.cos(2.0 * math.pi * i / 400)
    return window


def mel_matrix() -> list[list[float]]:
    """Return 80 triangles over 257 bins: HTK scale, 0 to 8000 Hz, peak 1, no area normalization."""

    def to_mel(hz: float) -> float:
        return 2595.0 * math.log10(1.0 + hz / 700.0)

    def to_hz(mel: float) -> float:
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)

    corners = [to_hz(to_mel(8000.0) * i / 81) for i in range(82)]
    rows = []
    for band in range(80):
        low, middle, high = corners[band], corners[band + 1], corners[band + 2]
        row = []
        for k in range(257):
            hz = 8000.0 * k / 256
            rising = (hz - low) / (middle - low)
            falling = (high - hz) / (high - middle)
            row.append(max(0.0, min(rising, falling)))
        rows.append(row)
    return rows


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Return [frames, 80] log10 mel energies of *all* centered frames, before cut and maximum."""
    n = len(samples)
    padded = []
    for i in range(256, 0, -1):
        padded.append(float(samples[i]))
    for i in range(n):
        padded.append(float(samples[i]))
    for i in range(n - 2, n - 258, -1):
        padded.append(float(samples[i]))
    signal = np.array(padded, dtype=np.float64)
    window = np.array(hann_window())
    mels = np.array(mel_matrix())
    frames = []
    for start in range(0, len(signal) - 512 + 1, 160):
        spectrum = np.fft.rfft(signal[start : start + 512] * window)
        power = spectrum.real**2 + spectrum.imag**2
        energies = mels @ power
        frames.append([math.log10(max(e, 1e-10)) for e in energies])
    return np.array(frames)


def features_of(samples: np.ndarray) -> np.ndarray:
    """Return [1, T, 160] float32 with T = samples // 320."""
    rows = log_mel(samples)
    kept = rows[: 2 * (len(samples) // 320)]
    top = kept.max()
    stacked = []
    for t in range(len(samples) // 320):
        row = []
        for frame in (kept[2 * t], kept[2 * t + 1]):
            for value in frame:
                row.append(max(value, top - 8.0) / 4.0 + 1.0)
        stacked.append(row)
    return np.array([stacked], dtype=np.float32)


# ---------------------------------------------------------------- between the graphs


def collapse(ids: list[int]) -> list[int]:
    """Return one of each run of equal ids."""
    out: list[int] = []
    for i, value in enumerate(ids):
        if i == 0 or value != ids[i - 1]:
            out.append(value)
    return out


def ctc_decode(logits: np.ndarray, mask: np.ndarray, vocab: int, eos: int) -> list[int]:
    """Return the token ids of `logits` [frames, classes] where `mask` [frames] is set."""
    classes = logits.shape[1]
    best = []
    for t in range(logits.shape[0]):
        if float(mask[t]) != 0.0:
            best.append(int(np.argmax(logits[t])))
    ids = []
    for c in collapse(best):
        if classes == vocab + 1:
            if c != 0:
                ids.append(c - 1)
        elif classes == vocab:
            if c != eos:
                ids.append(c)
        else:
            raise AssertionError(f"{classes} classes do not fit a vocabulary of {vocab}")
    return ids


def add_insertion_slots(t: list[int], eos: int) -> list[int]:
    """Add insertion slots as the model card's function does."""
    n = len(t)
    out = [eos] * max(2 * n + 1, 8)
    for i in range(n):
        out[2 * i + 1] = t[i]
    return out


def find(tree: Any, key: str) -> Any:
    """Return the first value of `key` anywhere in nested dictionaries, else None."""
    if isinstance(tree, dict):
        if key in tree:
            return tree[key]
        for value in tree.values():
            hit = find(value, key)
            if hit is not None:
                return hit
    return None


# ---------------------------------------------------------------- the complete sequence


class Oracle:
    """The three sessions of one tier, on the CPU, one thread."""

    def __init__(self, bundle: Path, tier: str) -> None:
        self.tokenizer = Tokenizer.from_file(str(bundle / "tokenizer.json"))
        named = json.loads((bundle / "tokenizer_config.json").read_text("utf-8"))["eos_token"]
        self.eos = self.tokenizer.token_to_id(named)
        self.vocab = self.tokenizer.get_vocab_size()
        self.multiplier, self.scaled = 12.0, True
        for name in ("config.json", "granite_export_metadata.json"):
            if (bundle / name).exists():
                said = json.loads((bundle / name).read_text("utf-8"))
                if find(said, "embedding_multiplier") is not None:
                    self.multiplier = float(find(said, "embedding_multiplier"))
                if find(said, "scale_projected_embeddings") is not None:
                    self.scaled = bool(find(said, "scale_projected_embeddings"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.embed_tokens, self.editor = (
            onnxruntime.InferenceSession(
                str(bundle / tier / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for name in ("encoder", "embed_tokens", "editor")
        )

    def encode(self, features: np.ndarray) -> dict[str, np.ndarray]:
        """Return all outputs of the encoder by name, for `features` [1, T, 160]."""
        names = [output.name for output in self.encoder.get_outputs()]
        mask = np.ones((1, features.shape[1]), dtype=np.int64)
        values = self.encoder.run(names, {"input_features": features, "attention_mask": mask})
        return dict(zip(names, values, strict=True))

    def editor_logits(
        self, audio_embeds: np.ndarray, audio_length: int, slots: list[int]
    ) -> np.ndarray:
        """Return the editor's logits [N, V] of all rows, for audio rows [A, D] of the encoder."""
        audio = audio_embeds[:audio_length]
        if self.scaled:
            audio = audio / np.float32(self.multiplier)
        text = self.embed_tokens.run(None, {"input_ids": np.array([slots], dtype=np.int64)})[0][0]
        flat = np.concatenate([audio, text], axis=0)
        n = len(flat)
        logits: np.ndarray = self.editor.run(
            ["logits"],
            {
                "inputs_embeds": flat[None].astype(np.float32),
                "position_ids": np.array([list(range(n))], dtype=np.int64),
                "attention_mask": np.zeros((1, 1, n, n), dtype=np.float32),
            },
        )[0][0]
        return logits

    def edit(self, audio_embeds: np.ndarray, audio_length: int, slots: list[int]) -> list[int]:
        """Return the final ids for the slots."""
        logits = self.editor_logits(audio_embeds, audio_length, slots)
        best = []
        for row in range(audio_length, len(logits)):
            best.append(int(np.argmax(logits[row])))
        return [token for token in collapse(best) if token != self.eos]

    def decode(self, ids: list[int]) -> str:
        """Return the text of token ids without special tokens."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def transcribe(
        self,
        samples: np.ndarray,
        hypothesis: list[int] | None = None,
        features: np.ndarray | None = None,
    ) -> OracleResult:
        """Return everything for 16 kHz mono `samples`; `features` replace the own front end."""
        if features is None:
            features = features_of(samples)
        outputs = self.encode(features)
        draft = ctc_decode(
            outputs["bpe_logits_dense"][0], outputs["bpe_mask"][0], self.vocab, self.eos
        )
        length = int(outputs["audio_lengths"][0])
        given = draft if hypothesis is None else hypothesis
        final: list[int] = []
        if given:
            slots = add_insertion_slots(given, self.eos)
            final = self.edit(outputs["audio_embeds"][0], length, slots)
        return OracleResult(
            features=features,
            audio_embeds=outputs["audio_embeds"],
            audio_length=length,
            draft_ids=tuple(draft),
            draft_text=self.decode(draft),
            final_ids=tuple(final),
            text=self.decode(final),
            editor_ran=bool(given),
        )
