"""Greedy CTC decoding, and class scores of each frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from granite_live.models.bundle import CtcMapping


# Rows per step, so that a chunk of a hundred thousand classes a row fits the CPU cache.
_ROWS_PER_CHUNK = 16


@dataclass(frozen=True, slots=True, eq=False)
class BestClasses:
    """The best class of each row and its probability in 0..1 [shapes=(rows,)].

    `entropies` are over all classes of the row, in nats, if the graph returns them.
    """

    classes: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    entropies: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.classes)


Scores = NDArray[np.float32] | BestClasses
"""Scores of all classes [shape=(rows, classes)], or the best of each row."""


def best_classes(scores: Scores) -> NDArray[np.int64]:
    """Return the best class of each row [shape=(rows,)]."""
    return scores.classes if isinstance(scores, BestClasses) else scores.argmax(axis=-1)


def scores_below_best(
    scores: NDArray[np.floating], best: NDArray[np.int64], classes: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the scores of `classes` minus the best of their row [shape=(rows, columns)].

    Args:
        scores: Of all classes [shape=(rows, classes)].
        best: The best class of each row. Another maximum would be one more pass over all scores.
        classes: The columns.
    """
    # Twice as fast as indexing by columns. "clip" leaves out a check of each index.
    below = np.take(scores, classes, axis=-1, mode="clip")
    below -= np.take_along_axis(scores, best[:, None], axis=-1)
    return np.asarray(below, np.float32)


def best_probabilities(
    scores: Scores, rows: NDArray[np.int64], classes: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the softmax probability of `classes[i]`, the best class of row `rows[i]`.

    Reads only the given rows and copies each at most once.

    Args:
        scores: Of all rows.
        rows: Row numbers [shape=(n,)].
        classes: Class numbers [shape=(n,)].

    Returns:
        float32 in 0..1 [shape=(n,)].
    """
    if isinstance(scores, BestClasses):
        return scores.probabilities[rows]
    result = np.empty(len(rows), np.float32)
    for part, chunk in _below_best(scores, rows):
        chosen = chunk[np.arange(len(chunk)), classes[part]]
        np.exp(chunk, out=chunk)
        result[part] = np.exp(chosen) / chunk.sum(axis=-1)
    return result


def entropies(scores: Scores, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the entropy in nats of the classes of each row in `rows` [shape=(n,)].

    Equals the computation in prepared graphs within rounding.

    Raises:
        ValueError: `scores` are best classes without entropies.
    """
    if isinstance(scores, BestClasses):
        if scores.entropies is None:
            raise ValueError("these classes have no entropies")
        return scores.entropies[rows]
    result = np.empty(len(rows), np.float32)
    for part, chunk in _below_best(scores, rows):
        shares = np.exp(chunk)
        total = shares.sum(axis=-1)
        shares *= chunk
        result[part] = np.log(total) - shares.sum(axis=-1) / total
    return result


def _below_best(
    scores: NDArray[np.floating], rows: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.floating]]]:
    """Yield chunks of rows: their slice, and a copy of their scores minus each row's maximum."""
    for first in range(0, len(rows), _ROWS_PER_CHUNK):
        part = slice(first, first + _ROWS_PER_CHUNK)
        chunk = scores[rows[part]]
        chunk -= chunk.max(axis=-1, keepdims=True)
        yield part, chunk


@dataclass(frozen=True, slots=True)
class CtcTokens:
    """Draft tokens in order: ids, frames [start, end) and peak probability of each.

    All arrays have the shape (n,). Frames are encoder output frames.
    """

    ids: tuple[int, ...]
    start_frames: NDArray[np.int64]
    end_frames: NDArray[np.int64]
    probabilities: NDArray[np.float32]


def decode(
    scores: Scores,
    mask: NDArray[Any],
    dialect: CtcMapping,
    best: NDArray[np.int64] | None = None,
) -> CtcTokens:
    """Return the tokens of the best path: argmax, collapse repeats, drop the blank, map to ids.

    Args:
        scores: Of all frames.
        mask: Nonzero for valid frames, bool or float [shape=(frames,)].
        dialect: The blank class, and how the other classes map to ids.
        best: The best class of each frame, if it is known already.
    """
    frames = np.flatnonzero(np.asarray(mask) > 0)
    classes = (best_classes(scores) if best is None else best)[frames]
    starts, ends = runs(classes)
    spoken = classes[starts] != dialect.blank
    starts, ends = starts[spoken], ends[spoken]
    return CtcTokens(
        ids=tuple(int(c) - dialect.shift for c in classes[starts]),
        start_frames=frames[starts],
        end_frames=frames[ends - 1] + 1,
        probabilities=peak_probabilities(scores, frames, classes, starts, ends),
    )


def runs(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the start and end (exclusive) of each run of equal values [shapes=(runs,)]."""
    if len(values) == 0:
        empty = np.empty(0, np.int64)
        return empty, empty
    changes = np.flatnonzero(np.diff(values)) + 1
    starts = np.concatenate(([0], changes))
    return starts, np.concatenate((changes, [len(values)]))


def peak_probabilities(
    scores: Scores,
    rows: NDArray[np.int64],
    classes: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return for each run the highest probability of its class in its rows.

    Args:
        scores: Of all rows.
        rows: The row of `scores` for each entry of `classes` [shape=(n,)].
        classes: The best class of each row [shape=(n,)].
        starts: Start of each run in `classes` [shape=(runs,)].
        ends: End of each run, exclusive [shape=(runs,)].

    Returns:
        float32 in 0..1 [shape=(runs,)].
    """
    if len(starts) == 0:
        return np.empty(0, np.float32)
    inside = np.concatenate([np.arange(s, e) for s, e in zip(starts, ends, strict=True)])
    likely = best_probabilities(scores, rows[inside], classes[inside])
    lengths = ends - starts
    return np.maximum.reduceat(likely, np.cumsum(lengths) - lengths)
