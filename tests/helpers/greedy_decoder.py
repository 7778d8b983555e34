"""Whisper's decoder in plain numpy, one token after the other, with the weights of the demo model.

It knows nothing of drafts and guesses, so it says where the passes of the editor graph must end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import Tokenizer

from granite_live.asr import Recognizer
from granite_live.asr.editing import add_insertion_slots, slot_count
from granite_live.models.onnx_runtime import ort
from granite_live.models.opening import open_bundle
from granite_live.util.paths import demo_bundle_dir

HEADS, LAYERS = 6, 4
BLANK = "\u0120"
LONGEST_PHRASE = 16
"""Tokens of the longest phrase that is looked for."""
MOST_WORD, MOST_PHRASE = 4, 3
"""How often a word or a phrase may stand in a row."""
Array = NDArray[np.float32]


class GreedyDecoder:
    """Writes what was said in the rows that the editor graph is given."""

    def __init__(self, tier: Path, eos_id: int) -> None:
        """Read `editor.onnx` and `embed_tokens.onnx` of a tier of the demo model."""
        self._eos_id = eos_id
        path = tier / "editor.onnx"
        stored = onnx.load(str(path)).graph.initializer
        self._stored = {t.name: numpy_helper.to_array(t) for t in stored}
        self._table = self._matrix("table")  # the last matrix, too
        tokenizer = Tokenizer.from_file(str(tier.parent / "tokenizer.json"))
        self._words = SpokenWords(tokenizer)
        self._not_first = [eos_id, tokenizer.token_to_id(BLANK)]
        self._hears = _heard_session(path)
        self._embeds = ort.InferenceSession(
            str(tier / "embed_tokens.onnx"), providers=["CPUExecutionProvider"]
        )

    def write(self, audio_rows: Array, draft: tuple[int, ...], most: int) -> tuple[int, ...]:
        """Return at most `most` tokens.

        Args:
            audio_rows: As the editor takes them [shape=(A, D)].
            draft: Token ids; only the number of their slots bounds the editor's text.
            most: The bound here.
        """
        ids = np.array([add_insertion_slots(draft, self._eos_id)], np.int64)
        text = self._embeds.run(None, {"input_ids": ids})[0][0]
        rows = np.concatenate((audio_rows, text))
        n = len(rows)
        bias, *sound = self._hears.run(
            None,
            {
                "inputs_embeds": rows[None],
                "position_ids": np.arange(n, dtype=np.int64)[None],
                "attention_mask": np.zeros((1, 1, n, n), np.float32),
            },
        )
        # What a text begins with stands in the place of the first two signs that nobody writes.
        beginning, last = (int(k) for k in np.flatnonzero(self._float("pass.never"))[:2])
        known: list[list[Array]] = [[] for _ in range(2 * LAYERS)]
        written: list[int] = []
        self._step(beginning, 0, known, sound, bias)
        while len(written) < most:
            scores = self._step(last, len(written) + 1, known, sound, bias)
            if not written:
                scores[self._not_first] = -np.inf
            scores[self._words.said_too_often(written)] = -np.inf
            last = int(scores.argmax())
            if last == self._eos_id:
                break
            written.append(last)
        return tuple(written)

    def _step(
        self, token: int, place: int, known: list[list[Array]], sound: list[Array], bias: Array
    ) -> Array:
        """Return the scores of all classes after `token`, and add its keys to `known`."""
        x = self._table[:, token] + self._float("pass.places")[place]
        for i in range(LAYERS):
            at = f"pass.layers.{i}."
            q, k, v = np.split(self._product(at + "qkv", self._normal(at + "norm1", x)), 3)
            known[2 * i].append(k.reshape(HEADS, -1))
            known[2 * i + 1].append(v.reshape(HEADS, -1))
            keys, values = (np.stack(known[2 * i + j], axis=1) for j in (0, 1))
            x = x + self._product(at + "out", _attend(q, keys.transpose(0, 2, 1), values))
            asked = self._product(at + "ask", self._normal(at + "norm2", x))
            heard = _attend(asked, sound[2 * i], sound[2 * i + 1], bias[0])
            x = x + self._product(at + "told", heard)
            up = self._product(at + "up", self._normal(at + "norm3", x))
            x = x + self._product(at + "down", _gelu(up))
        return self._normal("pass.norm", x) @ self._table + self._float("pass.never")

    def _float(self, name: str) -> Array:
        """Return a stored tensor, as float32."""
        value = self._stored[name] if name in self._stored else self._stored[f"{name}_h"]
        return value.astype(np.float32)

    def _matrix(self, name: str) -> Array:
        """Return a matrix that is stored as int8 with a scale for each column."""
        if name not in self._stored:
            values = self._stored.pop(f"{name}_q").astype(np.float32)
            self._stored[name] = values * self._stored[f"{name}_s"]
        return self._stored[name]

    def _product(self, name: str, x: Array) -> Array:
        return x @ self._matrix(f"{name}.weight") + self._stored[f"{name}.bias"]

    def _normal(self, name: str, x: Array) -> Array:
        centered = x - x.mean()
        scaled = centered / np.sqrt((centered**2).mean() + np.float32(1e-5))
        return scaled * self._stored[f"{name}.weight"] + self._stored[f"{name}.bias"]


class SpokenWords:
    """The tokens without capitals and signs, to find what is said again and again."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        names = (tokenizer.id_to_token(k) for k in range(tokenizer.get_vocab_size()))
        self._names = [name.lower() if any(map(str.isalnum, name)) else "" for name in names]
        self._names[-1] = ""  # the slot token
        self._ids: dict[str, list[int]] = {}
        for token, name in enumerate(self._names):
            self._ids.setdefault(name, []).append(token)

    def said_too_often(self, written: Sequence[int]) -> list[int]:
        """Return the tokens that would begin a phrase once more than it may be said in a row."""
        words = [self._names[token] for token in written if self._names[token]]
        found: list[int] = []
        for size in range(1, LONGEST_PHRASE + 1):
            times = MOST_WORD if size == 1 else MOST_PHRASE
            phrase = words[-size:]
            if len(words) >= times * size and words[-times * size :] == times * phrase:
                found += self._ids[phrase[0]]
        return found


def _attend(q: Array, keys: Array, values: Array, bias: Array | None = None) -> Array:
    """Attention of one row [shape=(D,)] to keys [H, d, M] and values [H, M, d]."""
    heads = q.reshape(HEADS, 1, -1)
    scores = heads @ keys / np.float32(np.sqrt(heads.shape[-1]))
    if bias is not None:
        scores = scores + bias
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return (shares @ values).reshape(-1)


def _gelu(x: Array) -> Array:
    return (0.5 * x * (1.0 + np.vectorize(math.erf)(x / np.sqrt(2.0)))).astype(np.float32)


def _heard_session(path: Path) -> ort.InferenceSession:
    """Open the part of the editor graph before its loop: what of the sound the decoder reads."""
    model = onnx.load(str(path))
    graph = model.graph
    del graph.output[:]
    names = ["bias", *(f"{kind}{i}" for i in range(LAYERS) for kind in ("key", "value"))]
    first = next(k for k, node in enumerate(graph.node) if node.op_type == "Loop")
    del graph.node[first:]
    for name in names:
        graph.output.append(onnx.helper.make_tensor_value_info(name, 1, [None] * 3))
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def bounded(tokens: tuple[int, ...], slots: int) -> tuple[int, ...]:
    """Return what of the tokens fits into the slots, with a slot between equal neighbors."""
    place = 0
    for count, token in enumerate(tokens):
        place += count > 0 and token == tokens[count - 1]
        if place + count >= slots:
            return tokens[:count]
    return tokens


def loaded_demo() -> Recognizer:
    """Load the demo model, or skip the test."""
    if not (demo_bundle_dir() / "int8").is_dir():
        pytest.skip("assets/demo is missing: the demo bundle has not been built here")
    return Recognizer.load(open_bundle(demo_bundle_dir()), "cpu")


def written_by_both(
    demo: Recognizer, greedy: GreedyDecoder, sound: Array
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the editor's tokens and those of greedy decoding within the draft's slots."""
    draft = demo.draft(sound)
    if not draft.token_ids:
        return (), ()
    slots = slot_count(len(draft.token_ids))
    rows = draft.audio_rows / np.float32(demo.bundle.embedding_multiplier)
    wanted = greedy.write(rows, draft.token_ids, slots)
    return tuple(demo.edit(draft).token_ids), bounded(wanted, slots)
