"""Prepared graphs that process several utterances at once, for devices with spare capacity.

The encoder takes a padded batch and masks the padding. The editor takes the utterances concatenated
into one sequence without padding; attention stays within each utterance, and positions restart at 0
for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.batching import alike, in_turn
from granite_live.asr.graphs import Encoded, Graphs
from granite_live.asr.prepared_graphs import DRAFT_OUTPUTS, TEXT_OUTPUTS, encoded_draft
from granite_live.asr.scores import BestClasses, Scores
from granite_live.models.optimize.joining import one_after_another, side_by_side

# In feature rows of 20 ms: 2 s, and 60 s per encoder run. The scores of 60 s (a hundred thousand
# classes) take 0.3 GB, several times over.
_STEP_ROWS = 100
_ENCODER_ROWS = 3000
# Attention cost grows with the square of the rows; longer batches save no time.
_EDITOR_ROWS = 1536


class JointGraphs(Graphs):
    """Graphs prepared for batches of utterances. The scores stay on the device."""

    gather_s = 240.0

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        return self.encode_many([features])[0]

    def encode_many(self, features: Sequence[NDArray[np.float32]]) -> list[Encoded]:
        """Run the encoder on several utterances [each shape=(1, T, F)]."""
        lengths = [one.shape[1] for one in features]
        found: dict[int, Encoded] = {}
        for width, group in alike(lengths, _STEP_ROWS, _ENCODER_ROWS):
            encoded = self._encode_together([features[index] for index in group], width)
            found.update(zip(group, encoded, strict=True))
        return [found[index] for index in range(len(features))]

    def read(self, rows: NDArray[np.float32], audio_length: int) -> Scores:
        """Return the editor's best classes for the rows after the first `audio_length`."""
        return self.read_many([(rows, audio_length)])[0]

    def read_many(self, utterances: Sequence[tuple[NDArray[np.float32], int]]) -> list[BestClasses]:
        """Return the editor's best classes for each of several (rows, audio length)."""
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
