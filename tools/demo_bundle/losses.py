"""Losses, drafts, and the corruption of drafts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from editor import FRAMES, Editor
from encoder import Encoder
from text import char_ids, collapse, slots
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

AGREE = 0.2  # weight of the agreement between the views of a clip


def ctc(logits: Tensor, lengths: Tensor, targets: list[list[int]], blank: int = 0) -> Tensor:
    """Return the CTC loss summed over all target tokens of the batch (not the mean of means)."""
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
    return loss.sum() / _words(sizes)


def _words(sizes: Tensor) -> Tensor:
    """Return the divisor of sums; a clip without words counts like one with a few of them."""
    return (sizes.sum() + 4 * (sizes == 0).sum()).clamp(min=1)


def agreement(logits: Tensor, lengths: Tensor, targets: list[list[int]]) -> Tensor:
    """Return how far the two views of each clip differ, counted like `ctc`.

    Each view is drawn to the present output of the other (consistency regularization, CR-CTC).
    """
    said = logits.float().log_softmax(-1)
    one, two = said.chunk(2)
    both = [
        F.kl_div(a, b.detach(), reduction="none", log_target=True)
        for a, b in ((one, two), (two, one))
    ]
    inside = torch.arange(logits.shape[1])[None] < lengths[: len(one), None]
    total = sum((each.sum(-1) * inside).sum() for each in both)
    return total / _words(torch.tensor([len(t) for t in targets]))


def encoder_loss(
    said: list[Tensor], char: Tensor, mask: Tensor, texts: list[str], ids: list[list[int]]
) -> tuple[Tensor, Tensor]:
    """Return the CTC loss of the tokens at each pass, and of the characters."""
    n = mask.sum(1)
    classes = [[c + 1 for c in t] for t in ids]
    each = [ctc(z, (n + 1) // 2, classes) for z in said]
    tokens = (sum(each[:-1]) + 2 * each[-1]) / (len(each) + 1)
    tokens = tokens + AGREE * agreement(said[-1], (n + 1) // 2, classes)
    return tokens, ctc(char, n, [char_ids(t) for t in texts])


def drafts(bpe: Tensor, mask: Tensor) -> list[list[int]]:
    """Return greedy drafts: class c is token c - 1."""
    n = ((mask.sum(1) + 1) // 2).tolist()
    best = bpe.argmax(-1).tolist()
    return [[c - 1 for c in collapse(b[:k], 0)] for b, k in zip(best, n, strict=True)]


class Confusions:
    """Counts which token the head takes for which, from its posteriors during training."""

    def __init__(self, vocab: int, seed: int = 0) -> None:
        self.count = np.full((vocab, vocab), 1e-5)
        self.rng = np.random.default_rng(seed)

    def add(self, bpe: Tensor, mask: Tensor) -> None:
        """Add the frames in which the head finds a token."""
        prob = torch.softmax(bpe.detach(), -1)
        n = (mask.sum(1) + 1) // 2
        keep = (torch.arange(bpe.shape[1])[None] < n[:, None]) & (prob.argmax(-1) > 0)
        p = prob[keep].numpy()
        if len(p):
            self.count *= 0.999
            np.add.at(self.count, p.argmax(1) - 1, p[:, 1:])

    def swap(self, token: int) -> int:
        """Return a token that is often taken for `token`."""
        p = self.count[token].copy()
        p[token] = 0.0
        total = p.sum()
        if total <= 0 or self.rng.random() < 0.2:
            return int(self.rng.integers(256, len(p) - 1))
        return int(self.rng.choice(len(p), p=p / total))

    def spoil(self, ids: list[int], rate: float) -> tuple[list[int], list[tuple[int, int]]]:
        """Substitute, delete, insert at `rate` in all; also return the places of kept tokens."""
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


def move(where: Tensor, n: int, kept: list[tuple[int, int]], m: int) -> Tensor:
    """Map places of frames among the slots of n tokens to those of the m corrupted ones."""
    pairs = [(0, 0), *kept, (2 * n + 1, 2 * m + 1)]
    pairs = [a for a, b in pairwise(pairs) if a[0] < b[0]] + [pairs[-1]]
    old, new = zip(*pairs, strict=True)
    return torch.from_numpy(np.interp(where.numpy(), old, new)).float()


def heard(encoder: Encoder, bpe: Tensor, mask: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Return places of the encoder's frames [B,T], and how many of them the host passes on [B]."""
    where = encoder.places(bpe.detach())[:, :, None].expand(-1, -1, 2).flatten(1)[:, :frames]
    return where, mask.sum(1) // FRAMES * FRAMES


def editor_logits(
    editor: Editor, x: Tensor, where: Tensor, count: Tensor, texts: list[list[int]]
) -> tuple[list[Tensor], Tensor]:
    """Run the editor on a padded batch; return the logits [B,L,V] of each reading, and lengths."""
    eos = editor.size.vocab - 1
    parts = [torch.tensor(slots(t, eos)) for t in texts]
    size = torch.tensor([len(p) for p in parts])
    ids = pad_sequence(parts, batch_first=True, padding_value=eos)
    over = torch.arange(ids.shape[1])[None] >= size[:, None]
    deaf = torch.arange(x.shape[1])[None] >= count[:, None]
    text = F.embedding(ids, editor.table)
    mask, hide = (z[:, None, None].float() * -30000.0 for z in (over, deaf))
    return editor.readings(text, x, where, mask, hide), size


def editor_loss(
    encoder: Encoder,
    editor: Editor,
    seen: tuple[Tensor, Tensor, Tensor, list[list[int]]],
    confusions: Confusions,
) -> Tensor:
    """Return the CTC loss over the slots for the drafts, most of them corrupted further.

    Drafts of training clips are better than those of unknown speakers: without more mistakes the
    editor would learn to trust them.
    """
    x, bpe, mask, ids = seen
    rng, eos = confusions.rng, editor.size.vocab - 1
    where, count = heard(encoder, bpe, mask, x.shape[1])
    places = list(where)
    texts = drafts(bpe, mask)
    half = len(texts) // 2
    for i, t in enumerate(texts[:half]):
        if rng.random() < 0.65:
            texts[i], kept = confusions.spoil(t, rng.uniform(0, 0.35))
            places[i] = move(where[i], len(t), kept, len(texts[i]))
        # Both views use the draft of one of them, so that slots can be compared.
        texts[half + i], places[half + i] = texts[i], places[i]
    given, lengths = editor_logits(editor, x, torch.stack(places), count, texts)
    each = [ctc(z, lengths, ids, blank=eos) for z in given]
    mean = (sum(each[:-1]) + 2 * each[-1]) / (len(each) + 1)
    return mean + AGREE * agreement(given[-1], lengths, ids)
