"""Greedy CTC decoding: from the encoder's scores to the draft's tokens and their frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.scores import Scores, best_classes, best_probabilities

if TYPE_CHECKING:
    from granite_live.models.description import CtcDialect


@dataclass(frozen=True, slots=True)
class CtcTokens:
    """Draft tokens in order: ids, frames [start, end) and peak probability of each.

    All arrays have the shape (n,). Frames are encoder output frames.
    """

    ids: tuple[int, ...]
    start_frames: NDArray[np.int64]
    end_frames: NDArray[np.int64]
    probabilities: NDArray[np.float32]


def decode(scores: Scores, mask: NDArray[Any], dialect: CtcDialect) -> CtcTokens:
    """Return the tokens of the best path: argmax, collapse repeats, drop the blank, map to ids.

    Args:
        scores: Of all frames.
        mask: Nonzero for valid frames, bool or float [shape=(frames,)].
        dialect: The blank class, and how the other classes map to ids.
    """
    frames = np.flatnonzero(np.asarray(mask) > 0)
    classes = best_classes(scores)[frames]
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
