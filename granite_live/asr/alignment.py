"""Times of words in a text that is known: the paths of words, their search, and their edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.spotting.lattice import Arc, LatticeBuilder, TermLattice, spellings

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


_MAX_REMEMBERED_WORDS = 20_000
# Tokens that stay below this log-probability in all frames are left out of a search.
_LEAST_SCORE = -14.0


@dataclass(frozen=True, slots=True, eq=False)
class WordGraph:
    """The words of a search as nodes and arcs.

    Node k is the boundary before word k, and the last boundary is after the last word; the nodes
    within words follow. Arcs are tokens, ordered by their end nodes [shapes=(arcs,)].
    """

    words: int
    nodes: int
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    column: NDArray[np.int64]
    word: NDArray[np.int64]


class WordGraphBuilder:
    """Builds graphs for one model."""

    def __init__(self, bundle: Bundle) -> None:
        classes = bundle.vocab_size + bundle.ctc.shift
        self._builder = LatticeBuilder(bundle.tokenizer, bundle.ctc, classes)
        self._blank = bundle.ctc.blank
        self._lattices = lru_cache(_MAX_REMEMBERED_WORDS)(self._build)

    def _build(self, word: str) -> tuple[TermLattice, ...]:
        return tuple(
            lattice for spelling in spellings(word) for lattice in self._builder.build(spelling)
        )

    def classes(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the classes whose scores the words need, the blank first [shape=(columns,)]."""
        used = {
            arc.token_class
            for word in set(words)
            for lattice in self._lattices(word)
            for arc in lattice.arcs
        }
        return np.array([self._blank, *sorted(used - {self._blank})], np.int64)

    def build(
        self, words: Sequence[str], classes: NDArray[np.int64], highest: NDArray[np.float32]
    ) -> WordGraph:
        """Return the graph of `words`, without tokens that no frame has.

        Args:
            words: The text, in order.
            classes: From `classes`.
            highest: The highest score of each class in any frame [shape=(columns,)].
        """
        columns = {
            int(one): column
            for column, one in enumerate(classes)
            if highest[column] >= _LEAST_SCORE
        }
        arcs: list[tuple[int, int, int, int]] = []
        nodes = len(words) + 1
        for number, word in enumerate(words):
            for lattice in self._lattices(word):
                kept = _possible_arcs(lattice, columns)
                inner = {
                    at: nodes + k for k, at in enumerate(sorted({a.start for a in kept} - {0}))
                }
                nodes += len(inner)
                inner[0], inner[lattice.length] = number, number + 1
                arcs += [
                    (inner[arc.start], inner[arc.end], columns[arc.token_class], number)
                    for arc in kept
                ]
        arcs.sort(key=lambda arc: arc[1])
        start, end, column, word_of = np.array(arcs, np.int64).reshape(-1, 4).T
        return WordGraph(len(words), nodes, start, end, column, word_of)


def _possible_arcs(lattice: TermLattice, columns: Mapping[int, int]) -> list[Arc]:
    """Return the arcs with a column that lie on a path through the lattice."""
    arcs = [arc for arc in lattice.arcs if arc.token_class in columns]  # ordered by their start
    reached = {0}
    for arc in arcs:
        if arc.start in reached:
            reached.add(arc.end)
    useful = {lattice.length}
    for arc in sorted(arcs, key=lambda arc: -arc.end):
        if arc.end in useful:
            useful.add(arc.start)
    return [arc for arc in arcs if arc.start in reached and arc.end in useful]


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
    graph: WordGraph, scores: NDArray[np.float32], heard: Sequence[bool]
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


LEVEL_STEP_S = 0.01
# Tokens appear this long after their sound begins: the median for the demo model on synthetic
# speech with known times, see docs/measurements.md.
_TOKEN_DELAY_S = 0.06
# Sound this far below the loud parts of the utterance is a pause, if it lasts longer than the
# closure of a stop consonant, such as the "t" of "slept".
_PAUSE_DEPTH_DB = 25.0
_LEAST_PAUSE_S = 0.08
# The longest time that the end of a word takes after its last token.
_LONGEST_TAIL_S = 0.5
_SILENCE_DB = -100.0


def levels_db(sound: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return the level of each `LEVEL_STEP_S` in dB of full scale [shape=(steps,)]."""
    step = round(LEVEL_STEP_S * sample_rate_hz)
    count = len(sound) // step
    squares = (sound[: count * step].reshape(count, step) ** 2).mean(axis=1)
    return np.asarray(10.0 * np.log10(np.maximum(squares, 10 ** (_SILENCE_DB / 10))), np.float32)


def word_times(
    found: Sequence[WordFrames | None],
    frame_starts_s: NDArray[np.floating],
    frame_s: float,
    levels: NDArray[np.float32],
) -> list[tuple[float, float] | None]:
    """Return start and end in seconds of each word that was found. They do not overlap.

    A word begins shortly before its first token. It ends where the next one begins, or where the
    sound falls into a pause.

    Args:
        found: From `find_words`, in order.
        frame_starts_s: When each frame begins [shape=(frames,)].
        frame_s: The length of a frame.
        levels: From `levels_db`.
    """
    is_loud = levels > np.percentile(levels, 95) - _PAUSE_DEPTH_DB if len(levels) else levels > 0
    spoken = [k for k, one in enumerate(found) if one is not None]
    times: list[tuple[float, float] | None] = [None] * len(found)
    free_from_s = 0.0
    starts, tails = [], []
    for k in spoken:
        one = found[k]
        assert one is not None
        starts.append(max(0.0, float(frame_starts_s[one.start]) - _TOKEN_DELAY_S))
        tails.append(float(frame_starts_s[one.end - 1]) + frame_s - _TOKEN_DELAY_S)
    end_s = len(levels) * LEVEL_STEP_S
    for place, k in enumerate(spoken):
        start_s = max(free_from_s, starts[place])
        limit_s = starts[place + 1] if place + 1 < len(spoken) else end_s
        tail_s = max(tails[place], start_s)
        pause = _first_pause(is_loud, tail_s, limit_s)
        stop_s = min(limit_s, tail_s + _LONGEST_TAIL_S)
        if pause is not None:
            stop_s = min(stop_s, pause[0])
            if place + 1 < len(spoken) and pause[1] < limit_s:
                starts[place + 1] = max(pause[1], starts[place + 1] - 2 * _TOKEN_DELAY_S)
        stop_s = max(stop_s, start_s + LEVEL_STEP_S)
        times[k] = (start_s, stop_s)
        free_from_s = stop_s
    return times


def _first_pause(
    is_loud: NDArray[np.bool_], start_s: float, end_s: float
) -> tuple[float, float] | None:
    """Return start and end of the first pause in a stretch, None if it has none."""
    first = round(start_s / LEVEL_STEP_S)
    last = min(len(is_loud), round(end_s / LEVEL_STEP_S))
    quiet_since = None
    for step in range(first, last + 1):
        is_quiet = step < last and not is_loud[step]
        if is_quiet and quiet_since is None:
            quiet_since = step
        elif not is_quiet and quiet_since is not None:
            if (step - quiet_since) * LEVEL_STEP_S >= _LEAST_PAUSE_S:
                return quiet_since * LEVEL_STEP_S, step * LEVEL_STEP_S
            quiet_since = None
    return None
