"""Join the pieces of words in a draft into Whisper's own tokens, inside the graph.

The CTC head writes short pieces ("Ġm", "or", "ning"), Whisper one token for most words
("Ġmorning"). A pass of the decoder confirms a token only if it is the one that Whisper would write,
so the draft is joined by Whisper's own merges first. A wrong join costs a pass and nothing else.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

ROUNDS = 6
"""A word of at most two to the power of this many pieces becomes one token."""
WIDTH = 1 << 16
"""More than the number of tokens, so that a pair of tokens is one number."""


def key(left: Tensor, right: Tensor) -> Tensor:
    """Return the number of a pair of tokens."""
    return left * WIDTH + right


BLOCK = 256
"""A search looks among the first pair of each block of pairs, then in the block."""


class Pieces(nn.Module):
    """Byte-pair merges as a sorted table.

    A search in two steps takes few operators; a graph with many nodes is slow to load.
    """

    def __init__(
        self, merges: list[tuple[int, int, int]], alone: tuple[int, int], capital: list[int]
    ) -> None:
        """Store what is joined, and what is written with a capital letter.

        Args:
            merges: Left token, right token, and what they make.
            alone: The word "i", and how it is written.
            capital: For each token the one that begins with a capital letter.
        """
        super().__init__()
        self.alone = alone
        self.register_buffer("capital", torch.tensor(capital))
        table = [(-1, 0), *sorted((left * WIDTH + right, made) for left, right, made in merges)]
        table += [(2 * WIDTH * WIDTH, 0)] * (-len(table) % BLOCK)
        keys = torch.tensor([k for k, _ in table])
        self.register_buffer("keys", keys.reshape(-1, BLOCK))
        self.register_buffer("firsts", keys[::BLOCK].clone())
        self.register_buffer("made", torch.tensor([m for _, m in table], dtype=torch.int32))

    def look_up(self, pairs: Tensor) -> Tensor:
        """Return the token that each pair makes, `WIDTH` where it makes none."""
        pair = pairs[:, None]
        block = (self.firsts[None] <= pair).to(torch.int64).sum(dim=1) - 1
        keys = self.keys[block]
        at = (keys <= pair).to(torch.int64).sum(dim=1) - 1
        found = (keys == pair).to(torch.int64).sum(dim=1) > 0
        made = self.made[block * BLOCK + at].to(torch.int64)
        return torch.where(found, made, torch.full_like(pairs, WIDTH))

    def forward(self, ids: Tensor) -> Tensor:
        """Return the tokens [n] of the pieces [m], n <= m, the first with a capital letter.

        Merges that byte-pair encoding applies earlier have lower numbers. In each round every pair
        is joined whose number is lower than those of its neighbors.
        """
        none = torch.full((1,), WIDTH, dtype=torch.int64)
        for _ in range(ROUNDS):
            made = torch.cat((none, self.look_up(key(ids[:-1], ids[1:])), none))
            # made[i] is what tokens i - 1 and i make. (Without any token it has one element more.)
            here, before, after = made[1:-1], made[:-2], made[2:]
            joins = (here < WIDTH) & (here < before) & (here <= after)
            gone = torch.cat((joins.new_zeros(1), joins))
            joined = torch.where(joins, here, ids[:-1])
            ids = torch.cat((joined, ids[-1:]))
            ids = ids[~gone[: ids.shape[0]]]
        small, great = self.alone
        ids = torch.where(ids == small, great, ids)
        return torch.cat((self.capital[ids[:1]], ids[1:]))
