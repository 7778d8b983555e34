"""The editor's passes over the draft with insertion slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.ctc import Scores, best_classes, peak_probabilities, runs

if TYPE_CHECKING:
    from granite_live.asr.graphs import Graphs
    from granite_live.asr.results import RecognizerDraft
    from granite_live.models.bundle import Bundle


_MIN_SLOTS = 8


def slot_count(tokens: int) -> int:
    """Return the number of slots for a draft of `tokens` tokens."""
    return max(2 * tokens + 1, _MIN_SLOTS)


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


class EditorPasses:
    """Runs the embedding graph and the editor graph of a bundle."""

    def __init__(self, bundle: Bundle, graphs: Graphs, most_passes: int) -> None:
        """Use opened graphs.

        Args:
            bundle: The bundle of the graphs.
            graphs: Opened.
            most_passes: The maximum number of editor passes, at least 1. After the first pass the
                editor reads its own text until it no longer changes.
        """
        self._bundle = bundle
        self._graphs = graphs
        self._most_passes = most_passes

    def fits(self, draft: RecognizerDraft, tokens: int) -> bool:
        """Return whether the draft's audio and `tokens` tokens fit the editor's context."""
        rows, slots = len(draft.audio_rows), slot_count(tokens)
        return rows + slots <= self._bundle.max_positions and self._graphs.fits(rows, slots)

    def edit_until_stable(
        self, given: Sequence[tuple[RecognizerDraft, tuple[int, ...]]]
    ) -> tuple[list[EditedTokens], list[int]]:
        """Return the editor's result of the last pass for each draft, and the number of passes.

        Args:
            given: Drafts, each with the token ids for the first pass. They must fit the context.
        """
        read = self._edit_once(given)
        passes = [1] * len(given)
        hypotheses = [ids for _, ids in given]
        for _ in range(self._most_passes - 1):
            changed = [
                k
                for k, (draft, _) in enumerate(given)
                # A text that was skipped in the last pass did not change in the pass before.
                if read[k].ids not in ((), hypotheses[k]) and self.fits(draft, len(read[k].ids))
            ]
            if not changed:
                break
            for k in changed:
                hypotheses[k] = read[k].ids
                passes[k] += 1
            again = self._edit_once([(given[k][0], hypotheses[k]) for k in changed])
            for k, edited in zip(changed, again, strict=True):
                read[k] = edited
        return read, passes

    def _edit_once(
        self, given: Sequence[tuple[RecognizerDraft, tuple[int, ...]]]
    ) -> list[EditedTokens]:
        """Run the editor once on each."""
        eos_id = self._bundle.eos_id
        slots = [add_insertion_slots(ids, eos_id) for _, ids in given]
        bounds = np.cumsum([len(one) for one in slots])[:-1]
        text_rows = np.split(self._graphs.embed(np.concatenate(slots)), bounds)
        spliced = [
            (self._splice(draft.audio_rows, rows), len(draft.audio_rows))
            for (draft, _), rows in zip(given, text_rows, strict=True)
        ]
        return [read_slots(scores, eos_id) for scores in self._graphs.edit_text_rows_many(spliced)]

    def _splice(
        self, audio_rows: NDArray[np.float32], text_rows: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return audio rows and text rows as one sequence [shape=(A + L, D)]."""
        if self._bundle.scale_projected_embeddings:
            # The editor multiplies all its inputs by this factor, but audio rows must stay
            # unscaled.
            audio_rows = audio_rows / np.float32(self._bundle.embedding_multiplier)
        return np.concatenate([audio_rows, text_rows])
