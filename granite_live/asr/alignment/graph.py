"""The graph of a sequence of words: every way to write them in the model's tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
