"""Run the editor on token ids and the audio embeddings of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.slots import EditedTokens, add_insertion_slots, read_slots, slot_count

if TYPE_CHECKING:
    from granite_live.asr.draft import Draft
    from granite_live.asr.graphs import Graphs
    from granite_live.models.description import Bundle


class Editing:
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

    def fits(self, draft: Draft, tokens: int) -> bool:
        """Return whether the draft's audio and `tokens` tokens fit the editor's context."""
        rows, slots = len(draft.audio_rows), slot_count(tokens)
        return rows + slots <= self._bundle.max_positions and self._graphs.fits(rows, slots)

    def read_until_unchanged(
        self, given: Sequence[tuple[Draft, tuple[int, ...]]]
    ) -> tuple[list[EditedTokens], list[int]]:
        """Return the editor's result of the last pass for each draft, and the number of passes.

        Args:
            given: Drafts, each with the token ids for the first pass. They must fit the context.
        """
        read = self._read(given)
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
            again = self._read([(given[k][0], hypotheses[k]) for k in changed])
            for k, edited in zip(changed, again, strict=True):
                read[k] = edited
        return read, passes

    def _read(self, given: Sequence[tuple[Draft, tuple[int, ...]]]) -> list[EditedTokens]:
        """Run the editor once on each."""
        eos_id = self._bundle.eos_id
        slots = [add_insertion_slots(ids, eos_id) for _, ids in given]
        bounds = np.cumsum([len(one) for one in slots])[:-1]
        text_rows = np.split(self._graphs.embed(np.concatenate(slots)), bounds)
        spliced = [
            (self._splice(draft.audio_rows, rows), len(draft.audio_rows))
            for (draft, _), rows in zip(given, text_rows, strict=True)
        ]
        return [read_slots(scores, eos_id) for scores in self._graphs.read_many(spliced)]

    def _splice(
        self, audio_rows: NDArray[np.float32], text_rows: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return audio rows and text rows as one sequence [shape=(A + L, D)]."""
        if self._bundle.scale_projected_embeddings:
            # The editor multiplies all its inputs by this factor, but audio rows must stay
            # unscaled.
            audio_rows = audio_rows / np.float32(self._bundle.embedding_multiplier)
        return np.concatenate([audio_rows, text_rows])
