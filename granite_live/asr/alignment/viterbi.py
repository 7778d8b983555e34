"""The best path of a text through the frames of an utterance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.alignment.graph import WordGraph

_NEVER = -1e9
# Costs in nats. Sound that no word of the text explains costs this per frame at most, and a word
# of the text that is not spoken costs the other.
_FOREIGN_FRAME = 2.5
_SKIPPED_WORD = 4.0
# A whole run of words that were not heard costs this at most: a paragraph may be left out.
_MAX_SKIPPED_RUN = 10.0


@dataclass(frozen=True, slots=True)
class WordFrames:
    """The frames of a word's tokens, `start` to `end` (exclusive), and their mean score.

    The score is the log-probability below that of the best path in these frames, 0 or less.
    """

    start: int
    end: int
    score: float


def find_words(
    graph: WordGraph, scores: NDArray[np.float32], heard: Sequence[bool] = ()
) -> list[WordFrames | None]:
    """Return the frames of each word, None for a word that is not spoken here.

    A word's path stays in a token for one or more frames and may be in blanks between two tokens.
    Unlike in decoding, two equal tokens need no blank between them: the text is given. Words may be
    skipped, and frames between words may hold other speech.

    Args:
        graph: The words.
        scores: Log-probabilities below the best of their frame, the blank in the first column
            [shape=(frames, columns)].
        heard: Whether the recognizer heard each word in these frames; empty for all.
    """
    frames = len(scores)
    if not frames or not len(graph.start):
        return [None] * graph.words
    search = _Search(graph, scores, _skip_costs(heard or [True] * graph.words))
    for frame in range(frames):
        search.step(frame)
    return search.trace()


def _skip_costs(heard: Sequence[bool]) -> NDArray[np.float64]:
    """Return the cost of skipping all words before each boundary [shape=(words + 1,)]."""
    costs: list[float] = []
    for was_heard, run in groupby(heard):
        count = len(list(run))
        each = _SKIPPED_WORD if was_heard else min(_SKIPPED_WORD, _MAX_SKIPPED_RUN / count)
        costs += [each] * count
    return np.cumsum([0.0, *costs])


class _Search:
    def __init__(
        self, graph: WordGraph, scores: NDArray[np.float32], skip_cost: NDArray[np.float64]
    ) -> None:
        self._graph, self._scores = graph, scores
        frames, arcs = len(scores), len(graph.start)
        self._ends, self._bounds = np.unique(graph.end, return_index=True)
        self._boundaries = graph.words + 1
        self._skip_cost = skip_cost
        self._tokens = np.full(arcs, _NEVER)
        self._values = np.full(graph.nodes, _NEVER)
        self._values[: self._boundaries] = -skip_cost
        self._arrived = np.full(graph.nodes, _NEVER)
        # For the way back: tokens' totals, which of them began, which nodes were reached from a
        # token, and which boundaries by skipping words.
        self._totals = np.empty((frames, arcs), np.float32)
        self._began = np.empty((frames, arcs), np.bool_)
        self._by_token = np.empty((frames, graph.nodes), np.bool_)
        self._skipped = np.empty((frames, self._boundaries), np.bool_)

    def step(self, frame: int) -> None:
        graph, row = self._graph, self._scores[frame]
        entering = self._values[graph.start]
        np.greater_equal(entering, self._tokens, out=self._began[frame])
        np.maximum(entering, self._tokens, out=self._tokens)
        self._tokens += row[graph.column]
        self._totals[frame] = self._tokens
        values = self._values + row[0]
        values[: self._boundaries] = self._values[: self._boundaries] + max(row[0], -_FOREIGN_FRAME)
        self._arrived[self._ends] = np.maximum.reduceat(self._tokens, self._bounds)
        np.greater(self._arrived, values, out=self._by_token[frame])
        np.maximum(self._arrived, values, out=values)
        between = values[: self._boundaries] + self._skip_cost
        best = np.maximum.accumulate(between)
        np.greater(best, between, out=self._skipped[frame])
        values[: self._boundaries] = best - self._skip_cost
        self._values = values

    def trace(self) -> list[WordFrames | None]:
        graph = self._graph
        spans: dict[int, list[int]] = {}
        sums: dict[int, float] = {}
        node = int(self._values[: self._boundaries].argmax())
        frame = len(self._scores) - 1
        arc = -1  # none: in a node
        while frame >= 0:
            if arc < 0:
                while node < self._boundaries and self._skipped[frame, node]:
                    node -= 1
                if not self._by_token[frame, node]:
                    frame -= 1
                    continue
                first, last = np.searchsorted(graph.end, (node, node + 1))
                arc = int(first + self._totals[frame, first:last].argmax())
            word = int(graph.word[arc])
            span = spans.setdefault(word, [frame, frame + 1])
            span[0] = frame
            sums[word] = sums.get(word, 0.0) + float(self._scores[frame, graph.column[arc]])
            if self._began[frame, arc]:
                node, arc = int(graph.start[arc]), -1
            frame -= 1
        return [
            WordFrames(spans[k][0], spans[k][1], sums[k] / (spans[k][1] - spans[k][0]))
            if k in spans
            else None
            for k in range(graph.words)
        ]
