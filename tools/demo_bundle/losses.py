"""The losses, the drafts and the corruption of drafts."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from editor import MULTIPLIER, Editor
from encoder import Encoder
from text import char_ids, collapse, slots
from torch import Tensor


def ctc(logits: Tensor, lengths: Tensor, targets: list[list[int]], blank: int = 0) -> Tensor:
    """Summed CTC loss over all target tokens of the batch (not the mean of means)."""
    flat = torch.tensor([c for t in targets for c in t], dtype=torch.long)
    sizes = torch.tensor([len(t) for t in targets])
    loss = F.ctc_loss(
        logits.float().log_softmax(-1).transpose(0, 1),
        flat,
        lengths.to(torch.long),
        sizes,
        blank=blank,
        reduction="none",
        zero_infinity=True,
    )
    # A clip without words counts like one with a handful of them.
    return loss.sum() / (sizes.sum() + 4 * (sizes == 0).sum()).clamp(min=1)


def encoder_loss(bpe: Tensor, char: Tensor, mask: Tensor, texts: list[str], ids: list[list[int]]):
    """CTC of the tokens, and of the characters on the way."""
    n = mask.sum(1)
    tokens = ctc(bpe, (n + 1) // 2, [[c + 1 for c in t] for t in ids])
    chars = ctc(char, n, [char_ids(t) for t in texts])
    return tokens, chars


def drafts(bpe: Tensor, mask: Tensor) -> list[list[int]]:
    """Greedy drafts: class c is token c - 1."""
    n = ((mask.sum(1) + 1) // 2).tolist()
    best = bpe.argmax(-1).tolist()
    return [[c - 1 for c in collapse(b[:k], 0)] for b, k in zip(best, n, strict=True)]


class Confusions:
    """Which token the head takes for which: gathered from its posteriors while training."""

    def __init__(self, vocab: int, seed: int = 0) -> None:
        self.count = np.full((vocab, vocab), 1e-5)
        self.rng = np.random.default_rng(seed)

    def add(self, bpe: Tensor, mask: Tensor) -> None:
        """Learn from the frames where the head says a token."""
        prob = torch.softmax(bpe.detach(), -1)
        n = (mask.sum(1) + 1) // 2
        keep = (torch.arange(bpe.shape[1])[None] < n[:, None]) & (prob.argmax(-1) > 0)
        p = prob[keep].numpy()
        if len(p):
            self.count *= 0.999
            np.add.at(self.count, p.argmax(1) - 1, p[:, 1:])

    def swap(self, token: int) -> int:
        """A token that is taken for `token`."""
        p = self.count[token].copy()
        p[token] = 0.0
        total = p.sum()
        if total <= 0 or self.rng.random() < 0.1:
            return int(self.rng.integers(len(p)))
        return int(self.rng.choice(len(p), p=p / total))

    def spoil(self, ids: list[int], rate: float) -> tuple[list[int], list[tuple[int, int]]]:
        """Substitute, delete and insert at `rate` in all; also old and new place of the kept."""
        out: list[int] = []
        kept: list[tuple[int, int]] = []
        for i, c in enumerate(ids):
            r = self.rng.random()
            if not 0.6 * rate <= r < 0.8 * rate:
                kept.append((2 * i + 1, 2 * len(out) + 1))
                out.append(self.swap(c) if r < 0.6 * rate else c)
            if self.rng.random() < 0.2 * rate:
                out.append(self.swap(c))
        return out, kept


def move(row: Tensor, n: int, kept: list[tuple[int, int]], m: int) -> Tensor:
    """Audio rows of a draft of n tokens, their places moved to its spoiled copy of m."""
    old, new = zip((0, 0), *kept, (2 * n + 1, 2 * m + 1), strict=True)
    place = np.interp(row[:, -2].detach().numpy(), old, new)
    moved = torch.from_numpy(place).float()[:, None]
    return torch.cat((row[:, :-2], moved, row[:, -1:]), dim=1)


def editor_logits(
    editor: Editor, rows: list[Tensor], texts: list[list[int]], eos: int
) -> tuple[Tensor, Tensor]:
    """Run the editor on a padded batch; logits of the slots [B,L,V] and their lengths."""
    parts, audio = [], []
    for r, t in zip(rows, texts, strict=True):
        emb = editor.embed(torch.tensor(slots(t, eos)))
        parts.append(torch.cat((r.float() / MULTIPLIER, emb)))
        audio.append(len(r))
    size = torch.tensor([len(p) for p in parts])
    x = torch.nn.utils.rnn.pad_sequence(parts, batch_first=True)
    at = torch.arange(x.shape[1])[None]
    mask = torch.where(at < size[:, None], 0.0, -30000.0)[:, None, None]
    out = editor(x, at.expand(len(parts), -1), mask)
    cut = [o[a:n] for o, a, n in zip(out, audio, size.tolist(), strict=True)]
    lengths = torch.tensor([len(c) for c in cut])
    return torch.nn.utils.rnn.pad_sequence(cut, batch_first=True), lengths


def audio_rows(encoder: Encoder, x: Tensor, bpe: Tensor, mask: Tensor) -> list[Tensor]:
    """The editor's audio rows of each clip, cut to length."""
    rows = encoder.rows(x.detach().float(), bpe.detach())
    return [r[:n] for r, n in zip(rows, (mask.sum(1) // 5).tolist(), strict=True)]


def editor_loss(
    encoder: Encoder,
    editor: Editor,
    seen: tuple[Tensor, Tensor, Tensor, list[list[int]]],
    sentences: list[list[int]],
    confusions: Confusions,
) -> Tensor:
    """CTC over the slots, for drafts (some spoiled further) and for spoiled sentences alone."""
    x, bpe, mask, ids = seen
    rng, eos = confusions.rng, editor.size.vocab - 1
    rows = audio_rows(encoder, x, bpe, mask)
    texts = drafts(bpe, mask)
    for i, t in enumerate(texts):
        if rng.random() < 0.5:
            texts[i], kept = confusions.spoil(t, rng.uniform(0, 0.2))
            rows[i] = move(rows[i], len(t), kept, len(texts[i]))
    for s in sentences:
        rows.append(torch.zeros(0, editor.size.dim))
        texts.append(confusions.spoil(s, rng.uniform(0.02, 0.3))[0])
    logits, lengths = editor_logits(editor, rows, texts, eos)
    return ctc(logits, lengths, ids + sentences, blank=eos)
