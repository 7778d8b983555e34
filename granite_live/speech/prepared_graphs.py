"""The graphs as they were prepared for this machine: they give the best classes themselves."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.speech.graphs import Encoded, Graphs
from granite_live.speech.scores import BestClasses

if TYPE_CHECKING:
    from granite_live.bundle.description import Bundle

DRAFT_OUTPUTS = (
    *("draft_classes", "draft_probabilities", "draft_entropies"),
    *("bpe_mask", "audio_embeds", "audio_lengths"),
)
"""What prepared encoders give."""
TEXT_OUTPUTS = ("text_tokens", "text_probabilities")
"""What prepared editors give."""


def encoded_draft(outputs: Sequence[NDArray[Any]], place: int) -> Encoded:
    """Return what an encoder heard of the sound at `place`, without what was filled in behind it.

    Args:
        outputs: `DRAFT_OUTPUTS` of several sounds.
        place: Which of them.
    """
    classes, likely, unsure, ctc_mask, rows, lengths = (one[place] for one in outputs)
    real = slice(np.count_nonzero(ctc_mask > 0))
    best = BestClasses(classes[real], likely[real], unsure[real])
    # A copy: a view would keep what belongs to the others.
    return Encoded(best, ctc_mask[real], rows[:lengths].copy(), int(lengths))


class PreparedGraphs(Graphs):
    """As `Graphs`, of a bundle that says it is prepared. The scores never leave the graphs."""

    def _open_all(self, bundle: Bundle) -> None:
        """Open the graphs beside each other: their weights are maps of files.

        onnxruntime packs each graph's weights in one thread, even where it then takes the packed
        ones that were saved, and forgets its own.
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
        """Return what the editor writes into the rows after the first `audio_length`."""
        inputs: dict[str, NDArray[Any]] = self._editor_inputs(rows)
        inputs["audio_length"] = np.array([audio_length], np.int64)
        # Which inputs a prepared editor still takes depends on how its mask was written.
        taken = {name: inputs[name] for name in self.inputs("editor")}
        tokens, likely = self._run("editor", TEXT_OUTPUTS, taken)
        return BestClasses(tokens[0], likely[0])
