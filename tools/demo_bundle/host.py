"""Run a bundle in plain Python as the program does, for measuring."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from features import host_features
from text import EOS, collapse, slots
from tokenizers import Tokenizer

# Find the program in this repository if it is not installed.
sys.path.append(str(Path(__file__).parents[2]))
from granite_live.models.onnx_runtime import ort


class Bundle:
    """A bundle on disk, loaded."""

    def __init__(self, path: Path, tier: str = "int8", threads: int = 2) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.graphs = {
            n: ort.InferenceSession(
                str(path / tier / f"{n}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for n in ("encoder", "editor", "embed_tokens")
        }
        self.tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.eos = self.tokenizer.token_to_id(EOS)
        meta = json.loads((path / "granite_export_metadata.json").read_text())
        self.multiplier = meta["embedding_multiplier"]
        self.limit = meta["max_position_embeddings"]

    def encode(self, features: np.ndarray) -> list[np.ndarray]:
        """Return the encoder's five outputs for one utterance [T,160]."""
        mask = np.ones((1, len(features)), np.int64)
        return self.graphs["encoder"].run(
            None, {"input_features": features[None], "attention_mask": mask}
        )

    def transcribe(self, wave: np.ndarray) -> tuple[str, str]:
        """Return the draft and the edited text of 16 kHz samples."""
        draft, edited, _ = self.tokens(host_features(wave))
        return self.tokenizer.decode(draft), self.tokenizer.decode(edited)

    def tokens(self, features: np.ndarray) -> tuple[list[int], list[int], int]:
        """Return the tokens of the draft and of the edited text, and the slots, of features
        [T,160].

        An empty draft is not edited: nothing was said.
        """
        bpe, mask, audio, length, _ = self.encode(features)
        draft = [c - 1 for c in collapse(bpe[0][mask[0]].argmax(-1).tolist(), 0)]
        if not draft:
            return [], [], 0
        ids = np.array([slots(draft, self.eos)], np.int64)
        text = self.graphs["embed_tokens"].run(None, {"input_ids": ids})[0]
        rows = audio[:, : int(length[0])] / np.float32(self.multiplier)
        both = np.concatenate((rows, text), axis=1)
        n = both.shape[1]
        if n > self.limit:
            raise ValueError(f"{n} positions, the bundle has {self.limit}")
        logits = self.graphs["editor"].run(
            None,
            {
                "inputs_embeds": both,
                "position_ids": np.arange(n, dtype=np.int64)[None],
                "attention_mask": np.zeros((1, 1, n, n), np.float32),
            },
        )[0]
        edited = collapse(logits[0, rows.shape[1] :].argmax(-1).tolist(), self.eos)
        return draft, edited, ids.shape[1]
