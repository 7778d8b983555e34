"""The model's graphs in their optimized forms: one utterance, several at once, fixed lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import providers
from granite_live.asr.ctc import BestClasses, Scores
from granite_live.asr.graphs import Encoded, Graphs
from granite_live.asr.threads import ThreadPlan
from granite_live.messages.models import AsrMessage
from granite_live.models.bundle import Form
from granite_live.models.optimize.heads import WATCHED_CLASSES, WATCHED_SCORES
from granite_live.models.optimize.lengths import concatenate_utterances, pad_batch, text_then_audio
from granite_live.util.errors import ProviderError

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle, FixedGraph


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
        outputs: The arrays for `DRAFT_OUTPUTS` of a batch, then those of watched scores, if any.
        place: The index in the batch.
    """
    classes, likely, unsure, ctc_mask, rows, lengths, *rest = (one[place] for one in outputs)
    real = slice(np.count_nonzero(ctc_mask > 0))
    best = BestClasses(classes[real], likely[real], unsure[real])
    # Copy, because a view would keep the whole batch alive.
    watched = rest[0][real].copy() if rest else None
    return Encoded(best, ctc_mask[real], rows[:lengths].copy(), int(lengths), watched)


class WatchingGraphs(Graphs):
    """Graphs whose encoder takes the watched classes as an input."""

    def _run_watching(
        self, features: NDArray[np.float32], mask: NDArray[np.int64]
    ) -> list[NDArray[Any]]:
        """Run the encoder; return `DRAFT_OUTPUTS`, and the scores of watched classes if any."""
        names = (*DRAFT_OUTPUTS, WATCHED_SCORES) if len(self._watched) else DRAFT_OUTPUTS
        inputs: dict[str, NDArray[Any]] = {
            **{"input_features": features, "attention_mask": mask},
            WATCHED_CLASSES: self._watched,
        }
        return self._run("encoder", names, inputs)


class PreparedGraphs(WatchingGraphs):
    """The graphs of a bundle of `Form.PREPARED`. The scores stay inside the graphs."""

    def _open_all(self, bundle: Bundle) -> None:
        """Open the graphs at the same time; their weights are memory-mapped files.

        onnxruntime packs the weights of each graph, even if it then uses the saved packed weights
        and discards its own.
        """
        self._open_beside(bundle, is_at_once=True)

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        mask = np.ones(features.shape[:2], np.int64)
        return encoded_draft(self._run_watching(features, mask), 0)

    def edit_text_rows(self, rows: NDArray[np.float32], audio_length: int) -> BestClasses:
        """Return the editor's best classes for the rows after the first `audio_length`."""
        inputs: dict[str, NDArray[Any]] = self._editor_inputs(rows)
        inputs["audio_length"] = np.array([audio_length], np.int64)
        # The inputs of a prepared editor depend on how its mask was rewritten.
        taken = {name: inputs[name] for name in self.inputs("editor")}
        tokens, likely = self._run("editor", TEXT_OUTPUTS, taken)
        return BestClasses(tokens[0], likely[0])


class FixedGraphs(Graphs):
    """The graphs of a bundle of `Form.FIXED`."""

    def __init__(self, bundle: Bundle, provider: str, threads: int | ThreadPlan) -> None:
        self._fixed = bundle.fixed
        super().__init__(bundle, provider, threads)

    def watch(self, classes: NDArray[np.int64]) -> bool:
        """Return False: a graph of fixed lengths has no scores of watched classes."""
        return False

    @property
    def max_rows(self) -> int | None:
        """The maximum number of feature rows of the encoder."""
        return self._fixed["encoder"][-1].rows

    def fits(self, audio_rows: int, slots: int) -> bool:
        """Return whether one of the editor graphs is long enough."""
        return any(one.rows >= audio_rows and one.slots >= slots for one in self._fixed["editor"])

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        chosen = self._shortest("encoder", features.shape[1], 0)
        filled, mask = pad_batch([features], chosen.rows)
        outputs = self._run(
            self._session_name("encoder", chosen),
            DRAFT_OUTPUTS,
            {"input_features": filled, "attention_mask": mask},
        )
        return encoded_draft(outputs, 0)

    def edit_text_rows(self, rows: NDArray[np.float32], audio_length: int) -> BestClasses:
        """Return the editor's best classes for the rows after the first `audio_length`."""
        text = len(rows) - audio_length
        chosen = self._shortest("editor", audio_length, text)
        inputs = text_then_audio(rows, audio_length, chosen.rows, chosen.slots)
        tokens, likely = self._run(self._session_name("editor", chosen), TEXT_OUTPUTS, inputs)
        return BestClasses(tokens[0, :text], likely[0, :text])

    def _open_all(self, bundle: Bundle) -> None:
        for name, graphs in self._fixed.items():
            self._register(name, self._open(graphs[0].path, self._plan, graphs[0].weights))
        # The embedding table is a look-up of any length, so it stays on the CPU.
        processor = providers.ProviderPlan((providers.CPU,))
        self._register("embed_tokens", self._open(bundle.graphs["embed_tokens"], processor))

    def _shortest(self, graph: str, rows: int, slots: int) -> FixedGraph:
        for one in self._fixed[graph]:
            if one.rows >= rows and one.slots >= slots:
                return one
        longest = self._fixed[graph][-1]
        raise ProviderError(
            AsrMessage.SOUND_TOO_LONG_FOR_GRAPH(
                graph=graph, max_rows=longest.rows, max_slots=longest.slots, rows=rows, slots=slots
            )
        )

    def _session_name(self, graph: str, chosen: FixedGraph) -> str:
        """Return the session name of a graph, opening the graph at its first use."""
        if chosen == self._fixed[graph][0]:
            return graph
        name = f"{graph} of {chosen.rows} rows"
        if name not in self._sessions and self._sessions:  # the sessions are empty after close()
            self._register(name, self._open(chosen.path, self._plan, chosen.weights))
        return name


def round_up(length: int, step: int) -> int:
    """Return `length` rounded up to a multiple of `step`."""
    return -(-length // step) * step


def batches_of_similar_length(
    lengths: Sequence[int], step: int, max_size: int
) -> Iterator[tuple[int, list[int]]]:
    """Yield batches of similar length, for padding to a common length.

    Args:
        lengths: In any unit.
        step: Padded lengths are multiples of this, so that a device sees few different shapes.
        max_size: The largest padded size of a batch. A longer item gets a batch of its own.

    Yields:
        The padded length and the indices of the batch. Each index is in exactly one batch.
    """
    by_length = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    group: list[int] = []
    width = 0
    for index in by_length:
        # The longest item determines the padded length. Padding must stay below half of the batch.
        if group and ((len(group) + 1) * width > max_size or 2 * lengths[index] < width):
            yield width, group
            group = []
        if not group:
            width = round_up(lengths[index], step)
        group.append(index)
    if group:
        yield width, group


def consecutive_batches(lengths: Sequence[int], max_total: int) -> Iterator[list[int]]:
    """Yield runs of indices whose lengths sum to at most `max_total`, or single indices."""
    group: list[int] = []
    total = 0
    for index, length in enumerate(lengths):
        if group and total + length > max_total:
            yield group
            group, total = [], 0
        group.append(index)
        total += length
    if group:
        yield group


# In feature rows of 20 ms: 2 s, and 60 s per encoder run. The scores of 60 s (a hundred thousand
# classes) take 0.3 GB, several times over.
_STEP_ROWS = 100
_ENCODER_ROWS = 3000
# Attention cost grows with the square of the rows; longer batches save no time.
_EDITOR_ROWS = 1536


class JointGraphs(WatchingGraphs):
    """Graphs prepared for batches of utterances. The scores stay on the device."""

    batch_window_s = 240.0

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        return self.encode_many([features])[0]

    def encode_many(self, features: Sequence[NDArray[np.float32]]) -> list[Encoded]:
        """Run the encoder on several utterances [each shape=(1, T, F)]."""
        lengths = [one.shape[1] for one in features]
        found: dict[int, Encoded] = {}
        for width, group in batches_of_similar_length(lengths, _STEP_ROWS, _ENCODER_ROWS):
            encoded = self._encode_batch([features[index] for index in group], width)
            found.update(zip(group, encoded, strict=True))
        return [found[index] for index in range(len(features))]

    def edit_text_rows(self, rows: NDArray[np.float32], audio_length: int) -> Scores:
        """Return the editor's best classes for the rows after the first `audio_length`."""
        return self.edit_text_rows_many([(rows, audio_length)])[0]

    def edit_text_rows_many(
        self, utterances: Sequence[tuple[NDArray[np.float32], int]]
    ) -> list[BestClasses]:
        """Return the editor's best classes for each of several (rows, audio length)."""
        lengths = [len(rows) for rows, _ in utterances]
        return [
            best
            for group in consecutive_batches(lengths, _EDITOR_ROWS)
            for best in self._edit_batch([utterances[index] for index in group])
        ]

    def _encode_batch(self, sounds: Sequence[NDArray[np.float32]], width: int) -> list[Encoded]:
        outputs = self._run_watching(*pad_batch(sounds, width))
        return [encoded_draft(outputs, place) for place in range(len(sounds))]

    def _edit_batch(
        self, utterances: Sequence[tuple[NDArray[np.float32], int]]
    ) -> list[BestClasses]:
        inputs, bounds = concatenate_utterances(utterances)
        tokens, likely = self._run("editor", TEXT_OUTPUTS, inputs)
        return [
            BestClasses(ids, sure)
            for ids, sure in zip(
                np.split(tokens[0], bounds), np.split(likely[0], bounds), strict=True
            )
        ]


GRAPHS_BY_FORM: Mapping[Form, type[Graphs]] = {
    Form.PUBLISHED: Graphs,
    Form.PREPARED: PreparedGraphs,
    Form.ROW_SCALED: PreparedGraphs,
    Form.TWO_TERMS: PreparedGraphs,
    Form.JOINT: JointGraphs,
    Form.FIXED: FixedGraphs,
}
