"""Prepared graphs of fixed lengths, for devices that compile a graph for one input length.

An utterance uses the shortest graph that it fits, padded; the graph masks the padding. The shortest
graphs are opened at load, longer ones at their first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import providers
from granite_live.asr.graphs import Encoded, Graphs
from granite_live.asr.prepared_graphs import DRAFT_OUTPUTS, TEXT_OUTPUTS, encoded_draft
from granite_live.asr.scores import BestClasses
from granite_live.asr.threads import ThreadPlan
from granite_live.models.optimize.joining import side_by_side, text_first
from granite_live.util.errors import ProviderError

if TYPE_CHECKING:
    from granite_live.models.description import Bundle, FixedGraph


class FixedGraphs(Graphs):
    """The graphs of a bundle of `Form.FIXED`."""

    def __init__(self, bundle: Bundle, provider: str, threads: int | ThreadPlan) -> None:
        self._fixed = bundle.fixed
        super().__init__(bundle, provider, threads)

    @property
    def most_rows(self) -> int | None:
        """The maximum number of feature rows of the encoder."""
        return self._fixed["encoder"][-1].rows

    def fits(self, audio_rows: int, slots: int) -> bool:
        """Return whether one of the editor graphs is long enough."""
        return any(one.rows >= audio_rows and one.slots >= slots for one in self._fixed["editor"])

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        chosen = self._shortest("encoder", features.shape[1], 0)
        filled, mask = side_by_side([features], chosen.rows)
        outputs = self._run(
            self._session_of("encoder", chosen),
            DRAFT_OUTPUTS,
            {"input_features": filled, "attention_mask": mask},
        )
        return encoded_draft(outputs, 0)

    def read(self, rows: NDArray[np.float32], audio_length: int) -> BestClasses:
        """Return the editor's best classes for the rows after the first `audio_length`."""
        text = len(rows) - audio_length
        chosen = self._shortest("editor", audio_length, text)
        inputs = text_first(rows, audio_length, chosen.rows, chosen.slots)
        tokens, likely = self._run(self._session_of("editor", chosen), TEXT_OUTPUTS, inputs)
        return BestClasses(tokens[0, :text], likely[0, :text])

    def _open_all(self, bundle: Bundle) -> None:
        for name, graphs in self._fixed.items():
            self._take(name, self._opened(graphs[0].path, self._plan, graphs[0].weights))
        # The embedding table is a look-up of any length, so it stays on the CPU.
        processor = providers.Plan((providers.CPU,))
        self._take("embed_tokens", self._opened(bundle.graphs["embed_tokens"], processor))

    def _shortest(self, graph: str, rows: int, slots: int) -> FixedGraph:
        for one in self._fixed[graph]:
            if one.rows >= rows and one.slots >= slots:
                return one
        longest = self._fixed[graph][-1]
        raise ProviderError(
            f"The {graph} was prepared for {longest.rows} rows and {longest.slots} slots, this "
            f"sound has {rows} and {slots}."
        )

    def _session_of(self, graph: str, chosen: FixedGraph) -> str:
        """Return the session name of a graph, opening the graph at its first use."""
        if chosen == self._fixed[graph][0]:
            return graph
        name = f"{graph} of {chosen.rows} rows"
        if name not in self._sessions and self._sessions:  # the sessions are empty after close()
            self._take(name, self._opened(chosen.path, self._plan, chosen.weights))
        return name
