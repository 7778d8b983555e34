"""Insertion slots: the editor reads the draft with an empty slot around every token.

The published algorithm puts eos before, between and after the draft's tokens, with a minimum of
eight slots, so that the editor can also extend an empty or very short draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.ctc import peak_probabilities, runs
from granite_live.asr.scores import Scores, best_classes

_LEAST_SLOTS = 8


def slot_count(tokens: int) -> int:
    """Return the number of slots for a draft of `tokens` tokens."""
    return max(2 * tokens + 1, _LEAST_SLOTS)


def add_insertion_slots(token_ids: Sequence[int], eos_id: int) -> NDArray[np.int64]:
    """Return the editor's text input for a draft, int64 [shape=(slot_count(n),)]."""
    slots = np.full(slot_count(len(token_ids)), eos_id, np.int64)
    slots[1 : 2 * len(token_ids) : 2] = token_ids
    return slots


@dataclass(frozen=True, slots=True)
class EditedTokens:
    """The editor's tokens in order, with the probability of each [shape=(m,)]."""

    ids: tuple[int, ...]
    probabilities: NDArray[np.float32]


def read_slots(scores: Scores, eos_id: int) -> EditedTokens:
    """Return the editor's tokens: argmax, collapse repeats, drop eos.

    Args:
        scores: Of the text rows only; classes are token ids.
        eos_id: The slot token.
    """
    best = best_classes(scores)
    starts, ends = runs(best)
    written = best[starts] != eos_id
    starts, ends = starts[written], ends[written]
    likely = peak_probabilities(scores, np.arange(len(best)), best, starts, ends)
    return EditedTokens(tuple(int(token) for token in best[starts]), likely)
