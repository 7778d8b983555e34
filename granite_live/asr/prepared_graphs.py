"""Graphs prepared for one utterance at a time, which return the best classes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.graphs import Encoded, Graphs
from granite_live.asr.scores import BestClasses

if TYPE_CHECKING:
    from granite_live.models.description import Bundle

DRAFT_OUTPUTS = (
    *("draft_classes", "draft_probabilities", "draft_entropies"),
    *("bpe_mask", "audio_embeds", "audio_lengths"),
)
"""The outputs of prepared encoders."""
TEXT_OUTPUTS = ("text_tokens", "text_probabilities")
"""The outputs of prepared editors."""


def encoded_draft(outputs: Sequence[NDArray[Any]], place: int) -> Encoded:
    """Return the encoder's result for the utterance at index `place`, without padding.

    Args:
        outputs: The arrays for `DRAFT_OUTPUTS` of a batch.
        place: The index in the batch.
    """
    classes, likely, unsure, ctc_mask, rows, lengths = (one[place] for one in outputs)
    real = slice(np.count_nonzero(ctc_mask > 0))
    best = BestClasses(classes[real], likely[real], unsure[real])
    # Copy, because a view would keep the whole batch alive.
    return Encoded(best, ctc_mask[real], rows[:lengths].copy(), int(lengths))


class PreparedGraphs(Graphs):
    """The graphs of a bundle of `Form.PREPARED`. The scores stay inside the graphs."""

    def _open_all(self, bundle: Bundle) -> None:
        """Open the graphs in parallel; their weights are memory-mapped files.

        onnxruntime packs the weights of each graph in one thread, even if it then uses the saved
        packed weights and discards its own.
        """
        with ThreadPoolExecutor(len(bundle.graphs), "opening") as pool:
            opened = pool.map(lambda path: self._opened(path, self._plan), bundle.graphs.values())
            for name, one in zip(bundle.graphs, opened, strict=True):
                self._take(name, one)

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        mask = np.ones(features.shape[:2], np.int64)
        inputs: dict[str, NDArray[Any]] = {"input_features": features, "attention_mask": mask}
        return encoded_draft(self._run("encoder", DRAFT_OUTPUTS, inputs), 0)

    def read(self, rows: NDArray[np.float32], audio_length: int) -> BestClasses:
        """Return the editor's best classes for the rows after the first `audio_length`."""
        inputs: dict[str, NDArray[Any]] = self._editor_inputs(rows)
        inputs["audio_length"] = np.array([audio_length], np.int64)
        # The inputs of a prepared editor depend on how its mask was rewritten.
        taken = {name: inputs[name] for name in self.inputs("editor")}
        tokens, likely = self._run("editor", TEXT_OUTPUTS, taken)
        return BestClasses(tokens[0], likely[0])
