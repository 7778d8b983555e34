"""Run a bundle's three graphs on arrays: encode, embed, edit."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import providers
from granite_live.asr.ctc import Scores, best_classes, scores_below_best
from granite_live.asr.providers import SHRINK_AFTER_RUN
from granite_live.asr.threads import ThreadPlan
from granite_live.messages.models import AsrMessage
from granite_live.util.errors import BundleError, ProviderError

if TYPE_CHECKING:
    from pathlib import Path

    from granite_live.models.bundle import Bundle

# Below this size of all weights, opening the graphs at the same time takes little memory.
_SMALL_BYTES = 200_000_000
# Feature rows of the trial run at load: a multiple of all known pooling factors (2, 4, 5), so that
# output lengths give the factors exactly.
_PROBE_ROWS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The encoder's outputs for one utterance, without the batch axis.

    `ctc_scores` of all frames; `ctc_mask` bool or float [shape=(frames,)]; `audio_rows` with
    padding [shape=(A, D)], of which the first `audio_length` are valid. `watched_scores` are the
    scores of the watched classes minus the best of their frame [shape=(frames, W)], None if no
    classes are watched. `best_classes` are those of all frames if they were computed.
    """

    ctc_scores: Scores
    ctc_mask: NDArray[Any]
    audio_rows: NDArray[np.float32]
    audio_length: int
    watched_scores: NDArray[np.float32] | None = None
    best_classes: NDArray[np.int64] | None = None


class Graphs:
    """The open sessions of a bundle. The caller owns the returned arrays."""

    batch_window_s = 0.0
    """Seconds of audio worth collecting for `encode_many` and `edit_text_rows_many`; 0: none."""

    def __init__(self, bundle: Bundle, provider: str, threads: int | ThreadPlan) -> None:
        from granite_live.models.onnx_runtime import ort

        self._plan = providers.plan_providers(
            provider, ort.get_available_providers(), tier=bundle.tier
        )
        self._threads = threads
        self._opening = providers.opening_options(bundle, "encoder")  # alike but for the weights
        self.placement: dict[str, Mapping[str, providers.NodePlacement]] = {}
        self.notes = self._plan.notes
        self._sessions: dict[str, providers.Session] = {}
        self._inputs: dict[str, tuple[str, ...]] = {}
        self._watched = np.empty(0, np.int64)
        self._open_all(bundle)
        self._options = ort.RunOptions()
        # Run only what the requested outputs need. (onnxruntime 1.32 runs the published graphs'
        # diagnostic head anyway; prepared graphs do not have this head.)
        self._options.only_execute_path_to_fetches = True

    @property
    def max_rows(self) -> int | None:
        """The maximum number of feature rows of the encoder; None: no limit."""
        return None

    def fits(self, audio_rows: int, slots: int) -> bool:
        """Return whether the input fits the editor graph."""
        return True

    def watch(self, classes: NDArray[np.int64]) -> bool:
        """Return the scores of `classes` [shape=(W,)] with each following encoder run.

        Returns:
            Whether these graphs can.
        """
        self._watched = classes
        return True

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Run the encoder on features [shape=(1, T, F)]."""
        mask = np.ones(features.shape[:2], np.int64)
        logits, ctc_mask, rows, lengths = self._run(
            "encoder",
            ["bpe_logits_dense", "bpe_mask", "audio_embeds", "audio_lengths"],
            {"input_features": features, "attention_mask": mask},
        )
        best = watched = None
        if len(self._watched):
            best = best_classes(logits[0])
            watched = scores_below_best(logits[0], best, self._watched)
        return Encoded(logits[0], ctc_mask[0], rows[0], int(lengths[0]), watched, best)

    def embed(self, token_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of `token_ids` [shape=(L,)] as [shape=(L, D)]."""
        rows = self._run("embed_tokens", ["inputs_embeds"], {"input_ids": token_ids[None]})[0]
        return np.asarray(rows[0])

    def edit(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the editor's scores [shape=(N, vocabulary)] for embeddings [shape=(N, D)]."""
        return np.asarray(self._run("editor", ["logits"], self._editor_inputs(rows))[0][0])

    def edit_text_rows(self, rows: NDArray[np.float32], audio_length: int) -> Scores:
        """Return the editor's scores for the rows after the first `audio_length`."""
        return self.edit(rows)[audio_length:]

    def encode_many(self, features: Sequence[NDArray[np.float32]]) -> list[Encoded]:
        """Run the encoder on several utterances [each shape=(1, T, F)]."""
        return [self.encode(one) for one in features]

    def edit_text_rows_many(
        self, utterances: Sequence[tuple[NDArray[np.float32], int]]
    ) -> Sequence[Scores]:
        """Return the editor's scores for each of several (rows, audio length)."""
        return [self.edit_text_rows(rows, audio_length) for rows, audio_length in utterances]

    def inputs(self, graph: str) -> tuple[str, ...]:
        """Return the input names of a graph."""
        return self._inputs[graph]

    def close(self) -> None:
        """Close the sessions and free their memory. No graph can be run afterwards."""
        smallest = self._sessions.pop("embed_tokens", None)
        self._sessions.clear()
        if smallest is None:
            return
        if self._plan.providers == (providers.CPU,):
            # The arena belongs to the process and would keep the memory of these graphs.
            self._options.add_run_config_entry(*SHRINK_AFTER_RUN)
            self._sessions["embed_tokens"] = smallest
            with contextlib.suppress(ProviderError):
                self.embed(np.zeros(1, np.int64))
            self._sessions.clear()

    def _open_all(self, bundle: Bundle) -> None:
        """Open the graphs; one by one if they are large (see `_open_beside`)."""
        stored = sum(providers.graph_bytes(bundle, name) for name in bundle.graphs)
        self._open_beside(bundle, is_at_once=stored < _SMALL_BYTES)

    def _open_beside(self, bundle: Bundle, *, is_at_once: bool) -> None:
        """Open the editor in a thread, and the other graphs and the tokenizer here meanwhile.

        onnxruntime prepares a graph in one thread, and the editor takes about as long as all others
        together. But while a graph is prepared, its weights may be in memory twice.
        """
        weights = {name: providers.opening_options(bundle, name).weights for name in bundle.graphs}
        opened: dict[str, providers.OpenedSession] = {}
        with ThreadPoolExecutor(1, "opening") as pool:
            editor = pool.submit(self._open, bundle.graphs["editor"], self._plan, weights["editor"])
            if not is_at_once:
                wait([editor])
            # The tokenizer's parser lets no other thread use the interpreter. Once the smallest
            # graph is open, the editor's thread is in onnxruntime, which does not need it.
            opened["embed_tokens"] = self._open(
                bundle.graphs["embed_tokens"], self._plan, weights["embed_tokens"]
            )
            bundle.tokenizer_file.read()
            opened["encoder"] = self._open(bundle.graphs["encoder"], self._plan, weights["encoder"])
            opened["editor"] = editor.result()
        for name in bundle.graphs:
            self._register(name, opened[name])

    def _open(
        self, path: Path, plan: providers.ProviderPlan, weights: Path | None = None
    ) -> providers.OpenedSession:
        """Open a graph; `weights` is the folder of its weights if not the graph's."""
        opening = self._opening._replace(weights=weights)
        return providers.open_session(path, plan, self._threads, **opening._asdict())

    def _register(self, name: str, opened: providers.OpenedSession) -> None:
        """Register an opened session as `name`."""
        self.placement[name] = opened.placement
        self.notes = tuple(dict.fromkeys([*self.notes, *opened.notes]))
        self._sessions[name] = opened.session
        self._inputs[name] = tuple(value.name for value in opened.session.get_inputs())

    @staticmethod
    def _editor_inputs(rows: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        n = len(rows)
        return {
            "inputs_embeds": rows[None],
            "position_ids": np.arange(n, dtype=np.int64)[None],
            # Additive mask: zeros let every position attend to every other.
            "attention_mask": np.zeros((1, 1, n, n), np.float32),
        }

    def _run(
        self, graph: str, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]
    ) -> list[NDArray[Any]]:
        session = self._sessions.get(graph)
        if session is None:
            raise ProviderError(AsrMessage.RECOGNIZER_CLOSED())
        try:
            result: list[NDArray[Any]] = session.run(list(outputs), dict(inputs), self._options)
        except Exception as error:  # onnxruntime's errors have no common base class
            raise ProviderError(
                AsrMessage.GRAPH_FAILED(graph=graph, reason=providers.first_line(error))
            ) from error
        return result


def measure_pooling(graphs: Graphs, bundle: Bundle) -> tuple[float, float]:
    """Run the encoder once; return its feature rows per CTC frame and per audio row.

    This also moves onnxruntime's first-run cost out of the first utterance.

    Raises:
        BundleError: The lengths of the encoder's outputs are inconsistent.
    """
    rows = _PROBE_ROWS
    encoded = graphs.encode(np.zeros((1, rows, bundle.front_end.feature_dim), np.float32))
    frames, embeddings = len(encoded.ctc_scores), encoded.audio_length
    if not 0 < frames <= rows or not 0 < embeddings <= rows or len(encoded.ctc_mask) != frames:
        raise BundleError(
            AsrMessage.IMPOSSIBLE_ENCODER_SHAPE(
                path=bundle.path, frames=frames, embeddings=embeddings, rows=rows
            )
        )
    return rows / frames, rows / embeddings
