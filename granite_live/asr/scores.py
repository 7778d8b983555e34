"""Scores of the classes of each row: all scores, or only the best class.

Published graphs return all scores; prepared graphs return the best class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
