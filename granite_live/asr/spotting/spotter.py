"""Search the frames of an utterance for terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.spotting.lattice import LatticeBuilder, TermLattice, spellings

if TYPE_CHECKING:
    from granite_live.settings.vocabulary import Term

_NEVER = -1e9
_UNLIKELY = -5.0
"""In frames where no watched token is above this, a path neither begins nor changes its token."""


@dataclass(frozen=True, slots=True)
class SpottedTerm:
    """A term that may have been spoken in the frames from `start` to `end` (exclusive).

    `deficit` is the log-probability of the term's best path minus that of the best path of all,
    over the same frames: 0 or less. `letters` is the number of bytes of the spelling found.
    """

    term: Term
    start: int
    end: int
    deficit: float
    letters: int

    @property
    def deficit_per_letter(self) -> float:
        """The deficit by the length of the spelling."""
        return self.deficit / self.letters


class Spotter:
    """Searches for terms of a vocabulary in the scores of one model.

    A path through a term's lattice stays in a token for one or more frames, may be in blanks
    between two tokens, and must be in one between two equal tokens.
    """

    def __init__(self, terms: Sequence[Term], builder: LatticeBuilder, blank: int) -> None:
        """Build the lattices of `terms`. A term that the model cannot write is never found."""
        lattices: list[TermLattice] = []
        owners: list[int] = []
        for index, term in enumerate(terms):
            for spelling in spellings(term.text, term.sounds_like):
                for lattice in builder.build(spelling):
                    lattices.append(lattice)
                    owners.append(index)
        self._terms = tuple(terms)
        self._owners = np.array(owners, np.int64)
        self._lengths = np.array([one.length for one in lattices], np.int64)
        used = {arc.token_class for one in lattices for arc in one.arcs}
        self.watched_classes: NDArray[np.int64] = np.array([blank, *sorted(used - {blank})])
        """The classes whose scores `find` needs, the blank first, int64 [shape=(columns,)]."""
        column = {int(c): k for k, c in enumerate(self.watched_classes)}
        flat = [
            (k, arc.start, arc.end, column[arc.token_class])
            for k, one in enumerate(lattices)
            for arc in one.arcs
        ]
        self._arcs = np.array(flat, np.int64).reshape(-1, 4)

    def find(self, below: NDArray[np.float32], least_per_letter: float) -> list[SpottedTerm]:
        """Return all places where a term's deficit per letter is at least `least_per_letter`.

        Places of one spelling do not overlap; those of different terms may.

        Args:
            below: The scores of `watched_classes` minus the best of their frame, in consecutive
                frames [shape=(frames, columns)]. Audio of more than 65,535 frames has no places.
            least_per_letter: Below 0, in nats.
        """
        if not 0 < len(below) <= _MAX_FRAMES or not len(self._arcs):
            return []
        edges = _edges(below)
        joined = np.add.reduceat(below, edges[:-1])
        bounds = least_per_letter * self._lengths
        possible = self._possible(joined.max(axis=0), bounds)
        if not possible.any():
            return []
        search = _Search(self._arcs, self._lengths, possible)
        totals, starts = search.run(joined)
        found: list[SpottedTerm] = []
        for k in np.flatnonzero(totals.max(axis=0) >= bounds[search.lattices]):
            lattice = search.lattices[k]
            term, letters = self._terms[self._owners[lattice]], int(self._lengths[lattice]) - 1
            for end in _peaks(totals[:, k], starts[:, k], float(bounds[lattice])):
                start, stop = int(edges[starts[end, k]]), int(edges[end + 1])
                found.append(SpottedTerm(term, start, stop, float(totals[end, k]), max(1, letters)))
        return found

    def _possible(
        self, most: NDArray[np.float32], bounds: NDArray[np.floating]
    ) -> NDArray[np.bool_]:
        """Return for each arc whether a path over it may reach its spelling's bound.

        Args:
            most: The highest value of each column in any frame: no path is better.
            bounds: The least total of each lattice.
        """
        lattice, start, end, column = self._arcs.T
        value = most[column]
        width = int(self._lengths.max()) + 1
        forward = np.full((len(self._lengths), width), _NEVER)
        forward[:, 0] = 0.0
        backward = np.full_like(forward, _NEVER)
        backward[np.arange(len(self._lengths)), self._lengths] = 0.0
        for position in range(width):
            here = np.flatnonzero(start == position)
            reached = forward[lattice[here], position] + value[here]
            np.maximum.at(forward, (lattice[here], end[here]), reached)
        for position in range(width - 1, 0, -1):
            here = np.flatnonzero(end == position)
            left = backward[lattice[here], position] + value[here]
            np.maximum.at(backward, (lattice[here], start[here]), left)
        total = forward[lattice, start] + value + backward[lattice, end]
        return np.asarray(total >= bounds[lattice])


def _edges(below: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return where frames begin that are searched one by one, and the end.

    Frames after one another in which all tokens are unlikely count as one: of pauses, and of what
    no term resembles. With 1,000 terms that is nearly half of the frames of speech.
    """
    unlikely = below[:, 1:].max(axis=1) < _UNLIKELY
    follows = np.append(False, unlikely[:-1]) & unlikely
    return np.append(np.flatnonzero(~follows), len(below))


# A state is one integer, so that a maximum compares totals and keeps the start that belongs to the
# best: the total in steps of 1/16384 in the upper bits, the start frame in the lower 16.
_START_BITS = 16
_STEPS = 1 << 14
_UNREACHED = np.int64(-(1 << 61))
_MAX_FRAMES = (1 << _START_BITS) - 1


class _Search:
    """The frame-by-frame search over the arcs that may be part of a place."""

    def __init__(
        self,
        arcs: NDArray[np.int64],
        lengths: NDArray[np.int64],
        possible: NDArray[np.bool_],
    ) -> None:
        lattice, start, end, column = arcs[possible].T
        self.lattices, which = np.unique(lattice, return_inverse=True)
        width = int(lengths.max()) + 1
        # A node is a position in a lattice. The blank after it is a state, as every arc is.
        into, order = which * width + end, np.argsort(which * width + end, kind="stable")
        self._nodes, self._bounds = np.unique(into[order], return_index=True)
        self._column, is_first = column[order], (start == 0)[order]
        begins = (which * width + start)[order]
        # Arcs from position 0 have no node; their value is replaced in every frame.
        self._from = np.minimum(np.searchsorted(self._nodes, begins), len(self._nodes) - 1)
        self._first = np.flatnonzero(is_first)
        self._repeats, self._before = self._arcs_after_equal_tokens(is_first)
        finals = np.arange(len(self.lattices)) * width + lengths[self.lattices]
        self._final = np.searchsorted(self._nodes, finals)

    def _arcs_after_equal_tokens(
        self, is_first: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the arcs that may follow an arc of their own class, and the others before each.

        The others are rows, filled up with -1.
        """
        sizes = np.diff(np.append(self._bounds, len(self._column)))
        rank = np.arange(int(sizes.max()))
        before = self._bounds[self._from][:, None] + rank
        before = np.where(rank < sizes[self._from][:, None], before, -1)
        same = (self._column[before] == self._column[:, None]) & (before >= 0)
        repeats = np.flatnonzero(same.any(axis=1) & ~is_first)
        return repeats, np.where(same[repeats], -1, before[repeats])

    def run(self, below: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the best total and its start for each end frame [shapes=(frames, lattices)].

        Args:
            below: Log-probabilities minus the best of their frame [shape=(frames, columns)].
        """
        columns, place = np.unique(self._column, return_inverse=True)
        steps = np.rint(below[:, columns] * _STEPS).astype(np.int64) << _START_BITS
        blank = np.rint(below[:, 0] * _STEPS).astype(np.int64) << _START_BITS
        padded = np.full(len(self._column) + 1, _UNREACHED)
        tokens = padded[:-1]
        blanks = np.full(len(self._nodes), _UNREACHED)
        arrived = np.full(len(self._nodes), _UNREACHED)
        ends = np.empty((len(below), len(self.lattices)), np.int64)
        for frame in range(len(below)):
            reached = np.maximum(arrived, blanks)
            entering = reached[self._from]
            if len(self._repeats):
                # Between two equal tokens there must be a blank.
                others = padded[self._before].max(axis=1)
                entering[self._repeats] = np.maximum(others, blanks[self._from[self._repeats]])
            entering[self._first] = frame
            np.maximum(tokens, entering, out=tokens)
            tokens += steps[frame, place]
            blanks = reached + blank[frame]
            arrived = np.maximum.reduceat(tokens, self._bounds)
            ends[frame] = arrived[self._final]
        return (ends >> _START_BITS) / _STEPS, ends & _MAX_FRAMES


def _peaks(totals: NDArray[np.float64], starts: NDArray[np.int64], bound: float) -> list[int]:
    """Return the end frames of the best places that reach the bound and do not overlap."""
    chosen: list[int] = []
    for end in sorted(np.flatnonzero(totals >= bound), key=lambda k: -totals[k]):
        if all(end < starts[other] or starts[end] > other for other in chosen):
            chosen.append(int(end))
    return chosen
