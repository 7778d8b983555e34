"""Whisper's encoder and decoder as the editor: a whole draft is rewritten in fixed-point passes.

A causal decoder that is given a draft predicts the token after every prefix of it at once. As far
as draft and prediction agree, the prediction is what writing one token after the other would give;
so is the first token where they differ. The rest of the draft is the guess for the next pass. Every
pass settles at least one token, so the passes end, and they end where greedy decoding ends.

`Listener` turns the sound into what the decoder attends to, once an utterance. `Pass` is the body
of the ONNX `Loop` (see `loop.py`), `Answer` writes the settled tokens into the slots.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from pieces import Pieces
from repetition import Repetition
from torch import Tensor, nn

MULTIPLIER = 12.0
FRAMES = 12  # mel frames in an audio row (120 ms)
SPARE = 8  # channels behind them: see `EmbedTokens`
MELS = 80
HEAD = 64  # width of an attention head
ROWS = 1500  # encoder rows of 30 s, what Whisper was trained on
SILENT_LOGIT, SLOT_LOGIT = -20.0, 20.0
NEVER = -1e4


@dataclass(frozen=True)
class DecoderSize:
    """Dimensions; those of Whisper tiny.en by default."""

    vocab: int
    eos: int
    begin: tuple[int, int]
    """Ids of the two tokens that a text begins with: of signs that are never written."""
    dim: int = 384
    heads: int = 6
    layers: int = 4
    window: int = 6
    """Tokens of the draft that a pass reads beyond the settled ones."""
    dense: int = 100
    """Encoder rows of silence behind the sound; beyond them every `stride`th row is enough."""
    stride: int = 16

    @property
    def row(self) -> int:
        """Return the width of a row of the bundle."""
        return FRAMES * MELS + SPARE


def _length(x: Tensor) -> Tensor:
    return torch._shape_as_tensor(x)[0]


def split(x: Tensor, heads: int) -> Tensor:
    """Return [N,D] as [heads,N,d]."""
    return x.reshape(-1, heads, HEAD).transpose(0, 1)


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """Attend: q [H,N,d], k [H,d,M], v [H,M,d], bias added to the scores -> [N,H*d]."""
    scores = torch.matmul(q * HEAD**-0.5, k) + bias
    y = torch.matmul(torch.softmax(scores, dim=-1), v).transpose(0, 1)
    return y.reshape(-1, int(q.shape[0]) * HEAD)


class ListenerLayer(nn.Module):
    """A layer of Whisper's encoder."""

    def __init__(self, size: DecoderSize) -> None:
        super().__init__()
        d = size.dim
        self.heads = size.heads
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return the layer's output: [N,D], `bias` [1,1,N]."""
        qkv = self.qkv(self.norm1(x)).reshape(-1, 3, self.heads, HEAD)
        q, k, v = qkv.permute(1, 2, 0, 3)
        x = x + self.out(attend(q, k.transpose(1, 2), v, bias))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Listener(nn.Module):
    """`inputs_embeds` [1,N,row] -> what each decoder layer attends to, and the draft.

    Whisper was trained on sound filled up to 30 s with silence; shorter fillings cost words. But
    far from the sound every row of silence says the same. So a few of these rows stand for all of
    them, each with the weight of `stride` in every attention.
    """

    def __init__(self, size: DecoderSize, pieces: Pieces) -> None:
        super().__init__()
        self.size = size
        self.pieces = pieces
        self.conv1 = nn.Conv1d(MELS, size.dim, 3, padding=1)
        self.conv2 = nn.Conv1d(size.dim, size.dim, 3, stride=2, padding=1)
        self.layers = nn.ModuleList(ListenerLayer(size) for _ in range(size.layers))
        self.norm = nn.LayerNorm(size.dim)
        self.heard = nn.ModuleList(nn.Linear(size.dim, 2 * size.dim) for _ in range(size.layers))
        half = size.dim // 2
        step = math.log(10000.0) / (half - 1)
        self.register_buffer("pace", torch.exp(-step * torch.arange(half)))

    def listen(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Return encoder rows [M,D] of log-mel [F,80], and their weights in attention [M]."""
        s = self.size
        rows = _length(mel) // 2
        # Nothing is louder than the loudest; digital silence is -1.5 (and there may be no sound).
        loudest = torch.cat((mel.reshape(-1), torch.full((1,), -1.5))).amax()
        silence = (loudest - 2.0).expand(2 * s.dense + 16, MELS)
        x = torch.cat((mel, silence)).T[None]
        x = F.gelu(self.conv2(F.gelu(self.conv1(x))))[0].T
        dense = torch.maximum(torch.clamp(rows + s.dense, max=ROWS), rows)
        # From inside the silence, away from both of its edges.
        nothing = x[rows + s.dense :][:1]
        far = torch.arange(ROWS)[dense + s.stride // 2 :: s.stride]
        near = torch.arange(2 * ROWS)[:dense]
        places = torch.cat((near, far))
        angle = places.to(x.dtype)[:, None] * self.pace[None]
        x = torch.cat((x[:dense], nothing.expand(_length(far), -1)))
        x = x + torch.cat((angle.sin(), angle.cos()), dim=-1)
        weight = torch.cat((near.to(x.dtype) * 0.0, far.to(x.dtype) * 0.0 + math.log(s.stride)))
        bias = weight[None, None]
        for layer in self.layers:
            x = layer(x, bias)
        return self.norm(x), bias

    def forward(
        self, inputs_embeds: Tensor, position_ids: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the inputs of the passes.

        These are the second beginning token with the draft's tokens after it, the number of slots
        and of rows of sound, the bias of attention to the sound, and its keys and values for each
        layer. The other two inputs of the contract are always the same and not needed.
        """
        x = inputs_embeds[0]
        x = x + 0.0 * (position_ids[0, :, None].to(x.dtype) + attention_mask[0, 0, :, :1])
        count = (x[:, -1] < 0.5).sum()
        text = x[count:]
        ids = (text[:, 0] * 256.0 + text[:, 1] + 0.5).to(torch.int64)
        words = self.pieces(ids[ids != self.size.eos])
        draft = torch.cat((torch.full((1,), self.size.begin[1]), words))
        mel = (x[:count, : FRAMES * MELS] * MULTIPLIER).reshape(-1, MELS)
        memory, bias = self.listen(mel)
        out: list[Tensor] = []
        for heard in self.heard:
            k, v = (split(z, self.size.heads) for z in heard(memory).chunk(2, dim=-1))
            out += [k.transpose(1, 2), v]
        return draft, _length(text), count, bias, *out


class PassLayer(nn.Module):
    """A layer of Whisper's decoder, for a few tokens behind those whose keys are known."""

    def __init__(self, size: DecoderSize) -> None:
        super().__init__()
        d = size.dim
        self.heads = size.heads
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d) for _ in range(3))
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.ask, self.told = nn.Linear(d, d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(
        self, x: Tensor, known: tuple[Tensor, Tensor], heard: tuple[Tensor, ...], later: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Compute rows [w,D] from keys and values [H,s,d] before them, and those of the sound.

        Returns the rows, and the keys and values of everything so far [H,s+w,d].
        """
        qkv = self.qkv(self.norm1(x)).reshape(-1, 3, self.heads, HEAD)
        q, k, v = qkv.permute(1, 2, 0, 3)
        k, v = torch.cat((known[0], k), dim=1), torch.cat((known[1], v), dim=1)
        x = x + self.out(attend(q, k.transpose(1, 2), v, later))
        x = x + self.told(attend(split(self.ask(self.norm2(x)), self.heads), *heard))
        return x + self.down(F.gelu(self.up(self.norm3(x)))), k, v


class Pass(nn.Module):
    """One pass over the last settled token and the next tokens of the draft."""

    def __init__(self, size: DecoderSize, repetition: Repetition) -> None:
        super().__init__()
        self.size = size
        self.repetition = repetition
        self.table = nn.Parameter(torch.zeros(size.vocab, size.dim))
        self.places = nn.Parameter(torch.zeros(448, size.dim))
        self.layers = nn.ModuleList(PassLayer(size) for _ in range(size.layers))
        self.norm = nn.LayerNorm(size.dim)
        self.register_buffer("never", torch.zeros(size.vocab))  # what is never written
        self.register_buffer("not_first", torch.zeros(1, dtype=torch.int64))  # ... at the beginning
        # Tokens of the same letters are the same number here, whatever their capitals.
        self.register_buffer("letters", torch.zeros(size.vocab, dtype=torch.int64))
        self.register_buffer("kind", torch.zeros(size.vocab, dtype=torch.int64))
        self.register_buffer("capital", torch.arange(size.vocab))  # with a capital letter
        self.register_buffer("ends", torch.zeros(3, dtype=torch.int64))  # signs after sentences

    def read(
        self, ids: Tensor, cache: list[Tensor], heard: list[Tensor]
    ) -> tuple[Tensor, list[Tensor]]:
        """Return the last layer's rows [w,D] of the tokens [w], and the cache with theirs in it."""
        before = cache[0].shape[1]
        n = ids.shape[0]
        x = F.embedding(ids, self.table) + self.places[before : before + n]
        at = torch.arange(before + n)
        later = (at[None] > at[before:, None]).to(x.dtype)[None] * NEVER
        grown: list[Tensor] = []
        bias, *sound = heard
        for i, layer in enumerate(self.layers):
            pair = slice(2 * i, 2 * i + 2)
            x, k, v = layer(x, tuple(cache[pair]), (*sound[pair], bias), later)
            grown += [k, v]
        return self.norm(x), grown

    def head(self, x: Tensor, tokens: Tensor, places: Tensor) -> Tensor:
        """Return logits [n, vocab] of the tokens at `places` of a text.

        Args:
            x: Rows of the last layer [n,D].
            tokens: The text without its beginnings.
            places: How many of the tokens are before each row's [n].
        """
        logits = torch.matmul(x, self.table.T) + self.never
        first = self.not_first[None].expand(_length(places), -1)
        none = torch.full_like(first, self.size.begin[0])
        first = torch.where((places == 0)[:, None], first, none)
        forbidden = torch.cat((self.repetition(tokens, places), first), dim=1)
        return logits.scatter(1, forbidden, NEVER)

    def settle(self, text: Tensor, draft: Tensor, cache: list[Tensor], heard: list[Tensor]):
        """Read on behind `text`: settled tokens, their rows, the grown cache, what to guess."""
        guess = draft[: self.size.window]
        before = cache[0].shape[1]
        x, grown = self.read(torch.cat((text[-1:], guess)), cache, heard)
        n = guess.shape[0]
        # Row i decides on token `before + i + 1`, and the text has two beginnings.
        places = torch.clamp(before - 1 + torch.arange(n + 1), min=0)
        logits = self.head(x, torch.cat((text, guess))[2:], places)
        # A guess is right if nothing scores higher. The best of all classes is looked for in one
        # row only: that costs more than the highest score.
        asked = torch.cat((guess, torch.zeros_like(text[-1:])))
        is_best = (logits.gather(1, asked[:, None])[:, 0] >= logits.amax(-1))[:n]
        agree = is_best | (before + torch.arange(n) == 0)
        right = (torch.cumsum((~agree).to(torch.int64), dim=0) == 0).to(torch.int64).sum()
        new = logits[right].argmax(-1)
        grown = [z[:, : before + right + 1] for z in grown]
        settled = torch.cat((guess[:right], new[None]))
        return settled, x[: right + 1], grown, self.realign(new, draft[right:])

    def realign(self, new: Tensor, rest: Tensor) -> Tensor:
        """Return the guess for the tokens after `new` if the draft continues with `rest`."""
        none = torch.full((5,), self.size.begin[0], dtype=torch.int64)
        ahead = torch.cat((rest, none))
        same = self.letters[ahead[:4]] == self.letters[new]
        # The first of the next four tokens that has the same letters, else 4.
        first = (torch.cumsum(same.to(torch.int64), dim=0) == 0).to(torch.int64).sum()
        kind, old = self.kind[new], self.kind[ahead[0]]
        inserted = (kind > old).to(torch.int64)
        used = torch.where(first < 4, first + 1, 1 - inserted)
        rest = rest[used:]
        # A sentence begins with a capital letter, which no draft has.
        begins = (self.ends == new).any()
        following = torch.where(begins, self.capital[rest[:1]], rest[:1])
        return torch.cat((following, rest[1:]))

    def forward(
        self,
        iteration: Tensor,
        go: Tensor,
        draft: Tensor,
        text: Tensor,
        rows: Tensor,
        limit: Tensor,
        *tensors: Tensor,
    ) -> tuple[Tensor, ...]:
        """Run the body of the loop. `tensors`: the cache and the output of the listener."""
        n = 2 * self.size.layers
        settled, x, cache, draft = self.settle(text, draft, list(tensors[:n]), list(tensors[n:]))
        text = torch.cat((text, settled))
        go = go & (settled[-1] != self.size.eos) & (text.shape[0] < limit + 2 + 0 * iteration)
        return go, draft, text, torch.cat((rows, x)), *cache


class Answer(nn.Module):
    """The settled tokens as logits of the slots, which is what the contract asks for."""

    def __init__(self, last: Pass) -> None:
        super().__init__()
        self.last, self.size = last, last.size
        row = torch.full((1, self.size.vocab), SILENT_LOGIT)
        row[0, self.size.eos] = SLOT_LOGIT
        self.register_buffer("slot", row)

    def forward(self, text: Tensor, rows: Tensor, slots: Tensor, count: Tensor) -> Tensor:
        """Return logits [1,N,V]: those of the last pass where a token stands, the slot token
        elsewhere.

        Every token is followed by a slot if there is room; if not, only equal neighbours have a
        slot between them. What does not fit even so is cut off: a draft that is much too short
        bounds the text.
        """
        tokens = text[2:]
        tokens = tokens[: (tokens != self.size.eos).to(torch.int64).sum()]
        m = _length(tokens)
        index = torch.arange(448)[:m]
        again = torch.cumsum((tokens[1:] == tokens[:-1]).to(torch.int64), dim=0)
        tight = index + torch.cat((torch.zeros_like(index[:1]), again))
        place = torch.where(2 * m <= slots, 2 * index + 1, tight)
        fits = (place < slots).to(torch.int64).sum()
        written = self.last.head(rows[1:][:fits], tokens, index[:fits])
        logits = torch.cat((self.slot, written))
        which = torch.zeros_like(torch.arange(4096)[: count + slots])
        which = which.scatter(0, count + place[:fits], index[:fits] + 1)
        return logits[which[None]]


class EmbedTokens(nn.Module):
    """A token as a row: its number in two digits of 256, and a mark that the row is text.

    The digits are looked up in a table, so that the graph has weights of its own.
    """

    def __init__(self, size: DecoderSize) -> None:
        super().__init__()
        self.left = size.row - 3
        ids = torch.arange(size.vocab)
        self.register_buffer("digits", torch.stack((ids // 256, ids % 256), dim=-1).float())

    def forward(self, input_ids: Tensor) -> Tensor:
        """Return rows [1,L,row] of token ids [1,L]."""
        digits = F.embedding(input_ids, self.digits)
        zeros = torch.zeros_like(digits[..., :1]).expand(-1, -1, self.left)
        return torch.cat((digits, zeros, torch.ones_like(digits[..., :1])), dim=-1)


def load_listener(listener: Listener, weights: dict[str, np.ndarray]) -> None:
    """Fill the listener with Whisper's encoder and the decoder's view of it."""
    with torch.no_grad():
        _put(listener.conv1, weights, "encoder/conv1")
        _put(listener.conv2, weights, "encoder/conv2")
        _put(listener.norm, weights, "encoder/layer_norm")
        for i, layer in enumerate(listener.layers):
            at = f"encoder/layer_{i}/"
            _put(layer.norm1, weights, at + "self_attention/layer_norm")
            _put(layer.qkv, weights, at + "self_attention/linear_0")
            _put(layer.out, weights, at + "self_attention/linear_1")
            _put(layer.norm2, weights, at + "ffn/layer_norm")
            _put(layer.up, weights, at + "ffn/linear_0")
            _put(layer.down, weights, at + "ffn/linear_1")
        for i, heard in enumerate(listener.heard):
            _put(heard, weights, f"decoder/layer_{i}/attention/linear_1")


def load_pass(model: Pass, weights: dict[str, np.ndarray], ids: list[int]) -> None:
    """Fill the pass with Whisper's decoder; `ids[i]` is Whisper's id of row i of the table."""
    with torch.no_grad():
        model.table.copy_(torch.from_numpy(weights["decoder/embeddings/weight"][ids]))
        model.places.copy_(torch.from_numpy(weights["decoder/position_encodings/encodings"]))
        _put(model.norm, weights, "decoder/layer_norm")
        for i, layer in enumerate(model.layers):
            at = f"decoder/layer_{i}/"
            _put(layer.norm1, weights, at + "self_attention/layer_norm")
            _put(layer.qkv, weights, at + "self_attention/linear_0")
            _put(layer.out, weights, at + "self_attention/linear_1")
            _put(layer.norm2, weights, at + "attention/layer_norm")
            _put(layer.ask, weights, at + "attention/linear_0")
            _put(layer.told, weights, at + "attention/linear_2")
            _put(layer.norm3, weights, at + "ffn/layer_norm")
            _put(layer.up, weights, at + "ffn/linear_0")
            _put(layer.down, weights, at + "ffn/linear_1")


def _put(module: nn.Module, weights: dict[str, np.ndarray], key: str) -> None:
    names = ("gamma", "beta") if f"{key}/gamma" in weights else ("weight", "bias")
    for parameter, name in zip((module.weight, module.bias), names, strict=True):
        parameter.copy_(torch.from_numpy(weights[f"{key}/{name}"]))
