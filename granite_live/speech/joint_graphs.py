"""Prepared graphs that take several utterances at once, for devices that one does not fill.

The encoder takes sounds side by side, filled up to one length: it was prepared to heed where each
ends. The editor takes them one after another as one sequence, in which each is hidden from the
others and counts its positions from 0; so nothing is filled up there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.bundle.prepare.joining import one_after_another, side_by_side
from granite_live.speech.batching import alike, in_turn
from granite_live.speech.graphs import Encoded, Graphs
from granite_live.speech.prepared_graphs import DRAFT_OUTPUTS, TEXT_OUTPUTS, encoded_draft
from granite_live.speech.scores import BestClasses, Scores

# Feature rows: 2 s. Rows that go through the encoder at once: 60 s, whose scores of a hundred
# thousand classes are 0.3 GB, several times over.
_STEP_ROWS = 100
_ENCODER_ROWS = 3000
# Each row of the editor is compared with each: beyond this that grows to what it saves.
_EDITOR_ROWS = 1536


class JointGraphs(Graphs):
    """As `Graphs`, of graphs prepared for several utterances. The scores never leave them."""

    gather_s = 240.0

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        return self.encode_many([features])[0]

    def encode_many(self, features: Sequence[NDArray[np.float32]]) -> list[Encoded]:
        """Run the encoder on several sounds [each shape=(1, T, F)]."""
        lengths = [one.shape[1] for one in features]
        found: dict[int, Encoded] = {}
        for width, group in alike(lengths, _STEP_ROWS, _ENCODER_ROWS):
            encoded = self._encode_together([features[index] for index in group], width)
            found.update(zip(group, encoded, strict=True))
        return [found[index] for index in range(len(features))]

    def read(self, rows: NDArray[np.float32], audio_length: int) -> Scores:
        """Return what the editor writes into the rows after the first `audio_length`."""
        return self.read_many([(rows, audio_length)])[0]

    def read_many(self, utterances: Sequence[tuple[NDArray[np.float32], int]]) -> list[BestClasses]:
        """Return what the editor writes into each of several (rows, audio length)."""
        lengths = [len(rows) for rows, _ in utterances]
        return [
            best
            for group in in_turn(lengths, _EDITOR_ROWS)
            for best in self._read_together([utterances[index] for index in group])
        ]

    def _encode_together(self, sounds: Sequence[NDArray[np.float32]], width: int) -> list[Encoded]:
        filled, mask = side_by_side(sounds, width)
        inputs: dict[str, NDArray[Any]] = {"input_features": filled, "attention_mask": mask}
        outputs = self._run("encoder", DRAFT_OUTPUTS, inputs)
        return [encoded_draft(outputs, place) for place in range(len(sounds))]

    def _read_together(
        self, utterances: Sequence[tuple[NDArray[np.float32], int]]
    ) -> list[BestClasses]:
        inputs, bounds = one_after_another(utterances)
        tokens, likely = self._run("editor", TEXT_OUTPUTS, inputs)
        return [
            BestClasses(ids, sure)
            for ids, sure in zip(
                np.split(tokens[0], bounds), np.split(likely[0], bounds), strict=True
            )
        ]
