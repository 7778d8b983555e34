"""The graphs as they were prepared for this machine: they give the best classes themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.speech.graphs import Encoded, Graphs
from granite_live.speech.scores import BestClasses


class PreparedGraphs(Graphs):
    """As `Graphs`, of a bundle that says it is prepared. The scores never leave the graphs."""

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        mask = np.ones(features.shape[:2], np.int64)
        classes, likely, unsure, ctc_mask, rows, lengths = self._run(
            "encoder",
            [
                *("draft_classes", "draft_probabilities", "draft_entropies"),
                *("bpe_mask", "audio_embeds", "audio_lengths"),
            ],
            {"input_features": features, "attention_mask": mask},
        )
        best = BestClasses(classes[0], likely[0], unsure[0])
        return Encoded(best, ctc_mask[0], rows[0], int(lengths[0]))

    def read(self, rows: NDArray[np.float32], audio_length: int) -> BestClasses:
        """Return what the editor writes into the rows after the first `audio_length`."""
        inputs: dict[str, NDArray[Any]] = self._editor_inputs(rows)
        inputs["audio_length"] = np.array([audio_length], np.int64)
        # Which inputs a prepared editor still takes depends on how its mask was written.
        taken = {name: inputs[name] for name in self.inputs("editor")}
        tokens, likely = self._run("editor", ["text_tokens", "text_probabilities"], taken)
        return BestClasses(tokens[0], likely[0])
