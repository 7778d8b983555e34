"""The demo's editor: a small bidirectional transformer over audio rows and slots."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MULTIPLIER = 12.0


@dataclass(frozen=True)
class EditorSize:
    """Dimensions of the editor."""

    vocab: int = 600
    dim: int = 256
    heads: int = 8
    layers: int = 6
    ff: int = 1024
    dropout: float = 0.1


class EditorLayer(nn.Module):
    """Pre-norm attention with rotary positions, then a feed-forward block."""

    def __init__(self, size: EditorSize) -> None:
        super().__init__()
        d = size.dim
        self.heads = size.heads
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, size.ff), nn.Linear(size.ff, d)
        self.drop = nn.Dropout(size.dropout)
        for m in (self.out, self.down):
            nn.init.normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        """One layer; `mask` is added to the attention scores."""
        b, n, d = x.shape
        hd = d // self.heads
        qkv = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, hd).permute(2, 0, 3, 1, 4)

        def turn(z: Tensor) -> Tensor:
            half = torch.cat((-z[..., hd // 2 :], z[..., : hd // 2]), dim=-1)
            return z * cos + half * sin

        q, k, v = turn(qkv[0]), turn(qkv[1]), qkv[2]
        if torch.onnx.is_in_onnx_export():
            scores = torch.matmul(q, k.transpose(-1, -2)) * hd**-0.5 + mask
            y = torch.matmul(torch.softmax(scores, dim=-1), v)
        else:
            y = F.scaled_dot_product_attention(q, k, v.to(q.dtype), attn_mask=mask.to(q.dtype))
        x = x + self.drop(self.out(y.transpose(1, 2).reshape(b, n, d)))
        return x + self.drop(self.down(F.gelu(self.up(self.norm2(x)))))


class Editor(nn.Module):
    """`inputs_embeds`, `position_ids`, `attention_mask` -> logits over the tokens.

    Input and output share one table, so that an untrained editor copies its draft.
    """

    def __init__(self, size: EditorSize) -> None:
        super().__init__()
        self.size = size
        self.table = nn.Parameter(torch.randn(size.vocab, size.dim) * size.dim**-0.5)
        self.layers = nn.ModuleList(EditorLayer(size) for _ in range(size.layers))
        self.norm = nn.LayerNorm(size.dim)
        self.bias = nn.Parameter(torch.zeros(size.vocab))
        self.scale = nn.Parameter(torch.tensor(0.6))
        hd = size.dim // size.heads
        keep = torch.ones(size.dim)
        keep[-2:] = 0.0
        self.register_buffer("keep", keep, False)
        slope = torch.tensor([4.0, 2.0, 1.0, 0.5, 0.25, 0.1, 0.03, 0.0])
        self.register_buffer("slope", slope, False)
        self.register_buffer("inv", 10000.0 ** (-torch.arange(0, hd, 2).float() / hd), False)

    def embed(self, ids: Tensor) -> Tensor:
        """What embed_tokens.onnx gives; the editor multiplies it by 12 again."""
        return F.embedding(ids, self.rows())

    def rows(self) -> Tensor:
        """The table as the host sees it; the last channel says that a row is text."""
        kept = self.table[:, :-2] * self.size.dim**0.5
        flags = torch.tensor([0.0, 1.0]).expand(self.size.vocab, -1)
        return torch.cat((kept, flags), dim=1) / MULTIPLIER

    def forward(
        self, inputs_embeds: Tensor, position_ids: Tensor, attention_mask: Tensor
    ) -> Tensor:
        """Logits [B,N,V]; positions of audio rows give values nobody reads.

        A slot's place is its number, an audio row's place is in its last channel but one:
        sound and the token heard in it turn by the same angle and are near each other.
        """
        x = inputs_embeds * MULTIPLIER
        text = (x[:, :, -1] > 0.5).float()
        count = torch.cumsum(text, dim=1) - 1.0 + 0.0 * position_ids.float()
        place = torch.where(text > 0.5, count, x[:, :, -2])
        x = x * self.keep
        f = place[:, :, None] * self.inv[None, None]
        e = torch.cat((f, f), dim=-1)[:, None]
        cos, sin = e.cos(), e.sin()
        apart = (place[:, None, :, None] - place[:, None, None, :]).abs()
        mask = attention_mask - apart * self.slope[None, :, None, None]
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        return F.linear(self.norm(x) * self.scale, self.table, self.bias)


class EmbedTokens(nn.Module):
    """The table as a graph of its own."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        with torch.no_grad():
            self.table = nn.Parameter(editor.rows().clone())

    def forward(self, input_ids: Tensor) -> Tensor:
        """Token ids -> rows."""
        return F.embedding(input_ids, self.table)
