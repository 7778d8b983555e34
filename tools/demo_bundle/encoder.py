"""The demo's encoder: Whisper's, with CTC heads and audio rows for the editor.

Everything from the host's features to the five outputs of `encoder.onnx` is in one module,
so that what is trained is what is exported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from editor import FRAMES, SPARE
from text import WHISPER_END
from torch import Tensor, nn

# Bands this far below the loudest one [powers of ten] count as silence. Whisper's value is 8: there
# one step of 16 bits is as loud as the quietest band, and changed the text of 7 in 100 utterances.
FLOOR = 6.0
WHISPER_FLOOR = 8.0
NEVER_HEARD = -50.0  # the logit of tokens that the head does not know
# Sound cards work at 44.1 or 48 kHz; resampling to 16 kHz takes 1 dB of band 78 and 11 dB of 79,
# but a file of 16 kHz has both. The model gets neither, so that both give the same text.
HEARD = 78


@dataclass(frozen=True)
class EncoderSize:
    """Dimensions; those of Whisper tiny.en by default."""

    mels: int = 80
    dim: int = 384
    heads: int = 6
    layers: int = 4
    chars: int = 29
    char_layer: int = 3
    head_layers: int = 2
    listens: int = 2
    vocab: int = 1257
    dropout: float = 0.1


class Front(nn.Module):
    """Maps the host's normalized HTK features to Whisper's (Slaney bands)."""

    def __init__(self, mels: int) -> None:
        super().__init__()
        self.register_buffer("mix", torch.eye(mels))

    def forward(self, x: Tensor, floor: float = FLOOR) -> Tensor:
        """Return normalized Slaney bands [B,2T,80] of [B,T,160], at most `floor` below the top."""
        b, t = x.shape[0], x.shape[1]
        power = torch.exp((x.reshape(b, t * 2, -1) - 1.0) * (4.0 * math.log(10.0)))
        last = power[:, :, HEARD - 1 : HEARD].expand(-1, -1, power.shape[2] - HEARD)
        y = torch.matmul(torch.cat((power[:, :, :HEARD], last), dim=-1), self.mix)
        y = torch.log(y.clamp(min=1e-10)) * (1.0 / math.log(10.0))
        top = y.amax(dim=(1, 2), keepdim=True)
        return torch.maximum(y, top - floor) * 0.25 + 1.0


class EncoderLayer(nn.Module):
    """Whisper's pre-norm transformer layer."""

    def __init__(self, size: EncoderSize) -> None:
        super().__init__()
        d = size.dim
        self.heads = size.heads
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the layer's output; `mask` [B,1,1,T] is added to the attention scores."""
        b, t, d = x.shape
        qkv = self.qkv(self.norm1(x)).reshape(b, t, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        if torch.onnx.is_in_onnx_export():
            scores = torch.matmul(q, k.transpose(-1, -2)) * (d // self.heads) ** -0.5 + mask
            y = torch.matmul(torch.softmax(scores, dim=-1), v)
        else:
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
        x = x + self.out(y.transpose(1, 2).reshape(b, t, d))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Encoder(nn.Module):
    """`input_features [B,T,160]`, `attention_mask [B,T]` -> the bundle's five outputs."""

    def __init__(self, size: EncoderSize) -> None:
        super().__init__()
        self.size = s = size
        self.front = Front(s.mels)
        self.conv1 = nn.Conv1d(s.mels, s.dim, 3, padding=1)
        self.conv2 = nn.Conv1d(s.dim, s.dim, 3, stride=2, padding=1)
        self.layers = nn.ModuleList(EncoderLayer(s) for _ in range(s.layers))
        self.norm = nn.LayerNorm(s.dim)
        self.char_norm = nn.LayerNorm(s.dim)
        self.char = nn.Linear(s.dim, s.chars)
        self.char_back = nn.Linear(s.chars, s.dim)
        self.pool = nn.Linear(2 * s.dim, s.dim)
        self.head = nn.ModuleList(EncoderLayer(s) for _ in range(s.head_layers))
        self.pool_norm = nn.LayerNorm(s.dim)
        self.bpe = nn.Linear(s.dim, s.vocab + 1)
        # Result of the head's first pass as input of its second; zero at first.
        self.again = nn.Linear(s.dim, s.dim)
        nn.init.zeros_(self.again.weight)
        nn.init.zeros_(self.again.bias)
        self.drop = nn.Dropout(s.dropout)
        with torch.no_grad():
            self.pool.weight.copy_(torch.cat((torch.eye(s.dim), torch.eye(s.dim)), 1) / 2)
            for layer in self.head:  # New layers start with small changes.
                layer.out.weight.mul_(0.1)
                layer.down.weight.mul_(0.1)
        nn.init.zeros_(self.char_back.weight)
        nn.init.zeros_(self.char_back.bias)
        half = s.dim // 2
        step = math.log(10000.0) / (half - 1)
        self.register_buffer("freq", torch.exp(-step * torch.arange(half).float()), False)

    def embed(self, features: Tensor) -> Tensor:
        """Apply convolutions and positions: [B,T,160] -> [B,T,dim]."""
        x = self.front(features).transpose(1, 2)
        x = F.gelu(self.conv2(F.gelu(self.conv1(x)))).transpose(1, 2)
        angle = torch.arange(x.shape[1], device=x.device).float()[:, None] * self.freq[None]
        return x + torch.cat((angle.sin(), angle.cos()), dim=-1)[None].to(x.dtype)

    def trunk(self, features: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the transformer's final rows [B,T,dim] and the character head's logits."""
        x = self.embed(features)
        mask = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -30000.0
        char = x
        for i, layer in enumerate(self.layers, 1):
            x = layer(x, mask)
            if i == self.size.char_layer:
                char = self.char(self.char_norm(x)).float()
                x = x + self.char_back(torch.softmax(char, dim=-1).to(x.dtype))
        return self.norm(x), char

    def heads(self, x: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the logits of the head's last pass: [B,T,dim] -> [B,ceil(T/2),V+1]."""
        return self.listen(x, attention_mask)[-1]

    def listen(self, x: Tensor, attention_mask: Tensor) -> list[Tensor]:
        """Return the logits of each pass of the head: [B,T,dim] -> [B,ceil(T/2),V+1].

        A CTC frame does not know the classes of its neighbors. So the same layers run again with
        the classes of the first pass as input (self-conditioned CTC).
        """
        b, t = x.shape[0], x.shape[1]
        seen = F.pad(attention_mask, (0, t % 2)).reshape(b, -1, 2)[:, :, 0]
        mask = (1.0 - seen[:, None, None, :].to(x.dtype)) * -30000.0
        start = self.pool(F.pad(x, (0, 0, 0, t % 2)).reshape(b, -1, 2 * self.size.dim))
        x, said = start, []
        for _ in range(self.size.listens):
            for layer in self.head:
                x = layer(x, mask)
            said.append(self.bpe(self.drop(self.pool_norm(x))).float())
            told = torch.matmul(torch.softmax(said[-1], dim=-1).to(x.dtype), self.bpe.weight)
            x = start + self.again(told)
        return said

    def places(self, bpe: Tensor) -> Tensor:
        """Return the place of each BPE frame among the draft's slots: [B,Tb].

        The frame of the draft's token i is slot 2i+1, a blank frame is the slot after it. The
        editor attends by these places, so it need not learn the alignment.
        """
        best = bpe.argmax(-1)
        last = F.pad(best[:, :-1], (1, 0))
        token = best != 0
        count = torch.cumsum((token & (best != last)).float(), dim=1)
        return 2.0 * count - token.float()

    def rows(self, x: Tensor, bpe: Tensor) -> Tensor:
        """Return audio rows [B,3*ceil(T/15),row] from the trunk and the BPE logits.

        A row is five frames, then their places among the slots, then zeros. The editor unpacks it
        again and so has everything the encoder computed.
        """
        b, t, d = x.shape
        place = _twice(self.places(bpe)[:, :, None])[:, :t]
        pad = (15 - t % 15) % 15
        frames = F.pad(x.float(), (0, 0, 0, pad)).reshape(b, -1, FRAMES * d)
        place = F.pad(place, (0, 0, 0, pad)).reshape(b, -1, FRAMES)
        return torch.cat((frames, place, torch.zeros_like(place)[:, :, :SPARE]), dim=-1)

    def forward(
        self, input_features: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return the outputs of `encoder.onnx` in its order."""
        x, char = self.trunk(input_features, attention_mask)
        bpe = self.heads(x, attention_mask)
        lengths = attention_mask.sum(1)
        frames = (lengths + 1) // 2
        bpe_mask = torch.arange(bpe.shape[1], device=x.device)[None] < frames[:, None]
        return bpe, bpe_mask, self.rows(x, bpe), lengths // 5, char


class ShippedEncoder(nn.Module):
    """`encoder.onnx`: drafts by the trained encoder, and rows of sound as Whisper's wants it.

    An audio row is 120 ms of log-mel. So Whisper's encoder runs in the editor's graph, only
    when a final text is wanted, and drafts stay as cheap as they are.
    """

    def __init__(
        self, encoder: Encoder, tokens: list[int], vocab: int, row: tuple[int, int]
    ) -> None:
        """`tokens` are the head's, of `vocab`; `row`: mel frames and spare channels of a row."""
        super().__init__()
        self.encoder, self.vocab = encoder, vocab
        self.frames, self.spare = row
        # Index of each class of the bundle among the head's classes; other classes get a very low
        # score.
        place = torch.full((max(t for t in tokens if t < WHISPER_END) + 2,), len(tokens) + 1)
        place[0] = 0
        for i, t in enumerate(tokens):
            if t < WHISPER_END:
                place[t + 1] = i + 1
        self.register_buffer("place", place)

    def forward(
        self, input_features: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return the outputs of `encoder.onnx` in its order."""
        x, char = self.encoder.trunk(input_features, attention_mask)
        bpe = self.encoder.heads(x, attention_mask)
        lengths = attention_mask.sum(1)
        frames = (lengths + 1) // 2
        bpe_mask = torch.arange(bpe.shape[1], device=x.device)[None] < frames[:, None]
        known = F.pad(bpe, (0, 1), value=NEVER_HEARD)[:, :, self.place]
        bpe = F.pad(known, (0, self.vocab + 1 - len(self.place)), value=NEVER_HEARD)
        mel = self.encoder.front(input_features, WHISPER_FLOOR)
        missing = (self.frames - mel.shape[1] % self.frames) % self.frames
        # Behind the sound is silence, which for Whisper is 80 dB below the loudest.
        silence = mel.amax(dim=(1, 2), keepdim=True) - WHISPER_FLOOR / 4.0
        mel = torch.cat((mel, silence.expand(-1, missing, mel.shape[2])), dim=1)
        rows = mel.reshape(mel.shape[0], -1, self.frames * mel.shape[2])
        rows = F.pad(rows, (0, self.spare))
        return bpe, bpe_mask, rows, (2 * lengths + self.frames - 1) // self.frames, char


def _twice(x: Tensor) -> Tensor:
    """Repeat every row, with operators that every runtime has."""
    return x[:, :, None].expand(-1, -1, 2, -1).reshape(x.shape[0], -1, x.shape[2])


def load_whisper(encoder: Encoder, weights: dict[str, np.ndarray], mix: Tensor) -> None:
    """Fill the convolutions and the transformer with Whisper's weights."""
    names = {"norm1": "self_attention/layer_norm", "norm2": "ffn/layer_norm"}
    linears = {
        "qkv": "self_attention/linear_0",
        "out": "self_attention/linear_1",
        "up": "ffn/linear_0",
        "down": "ffn/linear_1",
    }

    def put(module: nn.Module, key: str, kind: tuple[str, str]) -> None:
        module.weight.copy_(torch.from_numpy(weights[f"{key}/{kind[0]}"]))
        module.bias.copy_(torch.from_numpy(weights[f"{key}/{kind[1]}"]))

    with torch.no_grad():
        encoder.front.mix.copy_(mix)
        put(encoder.conv1, "conv1", ("weight", "bias"))
        put(encoder.conv2, "conv2", ("weight", "bias"))
        put(encoder.norm, "layer_norm", ("gamma", "beta"))
        for i, layer in enumerate(encoder.layers):
            for attr, key in names.items():
                put(getattr(layer, attr), f"layer_{i}/{key}", ("gamma", "beta"))
            for attr, key in linears.items():
                put(getattr(layer, attr), f"layer_{i}/{key}", ("weight", "bias"))
        # A few of Whisper's channels are a hundred times larger than the rest. The layer's norm has
        # learned to ignore them; a new one would need long for that.
        above = encoder.layers[encoder.size.char_layer].norm1
        encoder.char_norm.load_state_dict(above.state_dict())
