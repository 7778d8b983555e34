"""The demo's editor: Whisper's decoder, turned from writing left to right to correcting a draft.

Its layers look at the whole draft at once and at every frame of the encoder: an audio row
carries five frames, which the graph unpacks again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

MULTIPLIER = 12.0
FRAMES = 5  # encoder frames in an audio row
SPARE = 3  # channels that fill the row up; the last says that a row is text


@dataclass(frozen=True)
class EditorSize:
    """Dimensions of the editor; those of Whisper tiny.en by default."""

    vocab: int = 1257
    dim: int = 384
    heads: int = 6
    layers: int = 4
    positions: int = 448
    readings: int = 3
    dropout: float = 0.1

    @property
    def row(self) -> int:
        """Return the width of a row: five frames, their places, and the remaining channels."""
        return FRAMES * self.dim + FRAMES + SPARE


def attend(q: Tensor, k: Tensor, v: Tensor, heads: int, mask: Tensor) -> Tensor:
    """Return multi-head attention: q [B,N,D], k and v [B,M,D], mask added to the scores."""
    b, n, d = q.shape
    hd = d // heads
    q, k, v = (z.reshape(b, -1, heads, hd).transpose(1, 2) for z in (q, k, v))
    if torch.onnx.is_in_onnx_export():
        scores = torch.matmul(q, k.transpose(-1, -2)) * hd**-0.5 + mask
        y = torch.matmul(torch.softmax(scores, dim=-1), v)
    else:
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
    return y.transpose(1, 2).reshape(b, n, d)


class EditorLayer(nn.Module):
    """Whisper's decoder layer: text attends to text, then to sound, then feed-forward."""

    def __init__(self, size: EditorSize) -> None:
        super().__init__()
        d = size.dim
        self.heads = size.heads
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d) for _ in range(3))
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.ask, self.kv, self.told = nn.Linear(d, d), nn.Linear(d, 2 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        # How fast a head's attention falls with the distance from the slot's place.
        self.slope = nn.Parameter(torch.full((size.heads,), 0.03))
        self.drop = nn.Dropout(size.dropout)

    def hear(self, sound: Tensor, far: Tensor, hide: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return keys and values [B,M,D] of the sound [B,M,D], and the bias of their scores.

        `far` [B,1,L,M] and `hide` [B,1,1|L,M]. They are the same in every reading, so they are made
        once.
        """
        k, v = self.kv(sound).chunk(2, dim=-1)
        return k, v, hide - far * self.slope.abs()[None, :, None, None]

    def forward(self, x: Tensor, heard: tuple[Tensor, Tensor, Tensor], mask: Tensor) -> Tensor:
        """Return the layer's output for x [B,L,D] and the results of `hear`."""
        q, k, v = self.qkv(self.norm1(x)).split(x.shape[-1], dim=-1)
        x = x + self.drop(self.out(attend(q, k, v, self.heads, mask)))
        k, v, bias = heard
        x = x + self.drop(self.told(attend(self.ask(self.norm2(x)), k, v, self.heads, bias)))
        return x + self.drop(self.down(F.gelu(self.up(self.norm3(x)))))


class Editor(nn.Module):
    """`inputs_embeds`, `position_ids`, `attention_mask` -> logits over the tokens."""

    def __init__(self, size: EditorSize) -> None:
        super().__init__()
        self.size = size
        self.table = nn.Parameter(torch.randn(size.vocab, size.dim) * 0.02)
        self.places = nn.Parameter(torch.randn(size.positions, size.dim) * 0.01)
        self.kind = nn.Parameter(torch.zeros(2, size.dim))  # slots and tokens
        self.layers = nn.ModuleList(EditorLayer(size) for _ in range(size.layers))
        self.norm = nn.LayerNorm(size.dim)
        self.bias = nn.Parameter(torch.zeros(size.vocab))
        # Output of one reading as input of the next; zero at first.
        self.again = nn.Linear(size.dim, size.dim)
        nn.init.zeros_(self.again.weight)
        nn.init.zeros_(self.again.bias)

    def rows(self) -> Tensor:
        """Return the table as the host sees it: [V,row]."""
        left = self.size.row - self.size.dim - 1
        zeros = torch.zeros(self.size.vocab, left)
        return torch.cat((self.table, zeros, torch.ones(self.size.vocab, 1)), 1) / MULTIPLIER

    def edit(
        self, text: Tensor, sound: Tensor, where: Tensor, mask: Tensor, hide: Tensor
    ) -> Tensor:
        """Return the logits [B,L,V] of the slots after the last reading; see `readings`."""
        return self.readings(text, sound, where, mask, hide)[-1]

    def readings(
        self, text: Tensor, sound: Tensor, where: Tensor, mask: Tensor, hide: Tensor
    ) -> list[Tensor]:
        """Return the logits [B,L,V] of the slots after each reading.

        Slots are filled independently of each other, so that half of a word may come twice. The
        same layers therefore read the draft again, knowing what they made of it before.

        text [B,L,D] rows of the table; sound [B,M,D] encoder frames and their places among the
        slots `where` [B,M]; `mask` [B,1,1|L,L] and `hide` [B,1,1|L,M] are added to the scores.
        """
        at = torch.arange(text.shape[1], device=text.device)
        far = (where[:, None, None, :] - at[None, None, :, None]).abs()
        far = torch.clamp(far - 2.0, min=0.0, max=40.0)
        heard = [layer.hear(sound, far, hide) for layer in self.layers]
        place = torch.clamp((at + 1) // 2 + 1, max=self.size.positions - 1)
        start = text + (F.embedding(place, self.places) + F.embedding(at % 2, self.kind))[None]
        x, given = start, []
        for _ in range(self.size.readings):
            for layer, ears in zip(self.layers, heard, strict=True):
                x = layer(x, ears, mask)
            given.append(F.linear(self.norm(x), self.table, self.bias))
            told = torch.matmul(torch.softmax(given[-1], dim=-1), self.table)
            x = start + self.again(told)
        return given

    def forward(
        self, inputs_embeds: Tensor, position_ids: Tensor, attention_mask: Tensor
    ) -> Tensor:
        """Run the graph: unpack the rows, edit the text. Audio rows give unused zeros."""
        d = self.size.dim
        x = inputs_embeds * MULTIPLIER + 0.0 * position_ids[:, :, None].to(inputs_embeds.dtype)
        is_text = x[:, :, -1] > 0.5
        count = (~is_text).sum(1)
        first, last = count.min(), count.max()
        text, sound = x[:, first:, :d], x[:, :last]
        b = x.shape[0]
        where = sound[:, :, FRAMES * d : FRAMES * d + FRAMES].reshape(b, -1)
        hide = is_text[:, None, None, :last].to(x.dtype) * -30000.0
        hide = hide + attention_mask[:, :, first:, :last]
        hide = hide[..., None].expand(-1, -1, -1, -1, FRAMES).flatten(3)
        mask = (~is_text)[:, None, None, first:].to(x.dtype) * -30000.0
        mask = mask + attention_mask[:, :, first:, first:]
        frames = sound[:, :, : FRAMES * d].reshape(b, -1, d)
        out = self.edit(text, frames, where, mask, hide)
        blank = torch.zeros_like(x[:, :first, :1]).expand(-1, -1, self.size.vocab)
        return torch.cat((blank, out), dim=1)


class EmbedTokens(nn.Module):
    """The table as a graph of its own: looked up, then filled up to a row's width."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        with torch.no_grad():
            self.table = nn.Parameter(editor.table / MULTIPLIER)
        self.left = editor.size.row - editor.size.dim - 1

    def forward(self, input_ids: Tensor) -> Tensor:
        """Return rows of token ids."""
        x = F.embedding(input_ids, self.table)
        flag = torch.ones_like(x[:, :, :1]) / MULTIPLIER
        return torch.cat((x, torch.zeros_like(flag).expand(-1, -1, self.left), flag), dim=2)


def load_decoder(editor: Editor, weights: dict[str, np.ndarray], ids: list[int]) -> None:
    """Fill the editor with Whisper's decoder; `ids[i]` is Whisper's id of our token i."""

    def put(module: nn.Module, key: str, kind: tuple[str, str]) -> None:
        module.weight.copy_(torch.from_numpy(weights[f"{key}/{kind[0]}"]))
        module.bias.copy_(torch.from_numpy(weights[f"{key}/{kind[1]}"]))

    norms = {"norm1": "self_attention", "norm2": "attention", "norm3": "ffn"}
    linears = {
        "qkv": "self_attention/linear_0",
        "out": "self_attention/linear_1",
        "ask": "attention/linear_0",
        "kv": "attention/linear_1",
        "told": "attention/linear_2",
        "up": "ffn/linear_0",
        "down": "ffn/linear_1",
    }
    with torch.no_grad():
        editor.table.copy_(torch.from_numpy(weights["embeddings/weight"][ids]))
        editor.places.copy_(torch.from_numpy(weights["position_encodings/encodings"]))
        put(editor.norm, "layer_norm", ("gamma", "beta"))
        for i, layer in enumerate(editor.layers):
            for attr, key in norms.items():
                put(getattr(layer, attr), f"layer_{i}/{key}/layer_norm", ("gamma", "beta"))
            for attr, key in linears.items():
                put(getattr(layer, attr), f"layer_{i}/{key}", ("weight", "bias"))
