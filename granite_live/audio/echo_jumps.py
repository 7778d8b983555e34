"""Find where the delay of an echo jumps: a sound server dropped samples. Pure functions.

The delays of neighboring blocks are mostly the same, so all of them are found at once: the path of
delays that explains the blocks best, if each jump has its price.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Steps = NDArray[np.int64]
"""A delay in samples that stays or jumps."""

JUMP_REACH = 1024
# Smaller ones are followed as a slow change.
_LEAST_JUMP = 4
_BLOCK = 1600
# The numbers of a block that are independent of each other: speech is not white.
_INDEPENDENT = 200
# What a jump costs, and a step to the delay beside: logarithms of how rare they are.
_JUMP_COST, _STEP_COST = 30.0, 3.0


def likelihood(likeness: Samples) -> Samples:
    """Return how likely each delay is [logarithm] from correlation coefficients."""
    certain = np.clip(likeness, 0.0, 0.9999)
    result: Samples = -0.5 * _INDEPENDENT * np.log1p(-certain * certain)
    return result


def best_path(scores: Samples) -> Steps:
    """Return the delay of each block: the path with the best sum [scores by block and delay]."""
    count, width = scores.shape
    came_from = np.empty((count, width), np.int64)
    places = np.arange(width)
    best = scores[0]
    for k in range(1, count):
        top = int(best.argmax())
        before, chosen = best.copy(), places.copy()
        for source, target, step in (
            (best[:-1], slice(1, None), -1),
            (best[1:], slice(None, -1), 1),
        ):
            better = source - _STEP_COST > before[target]
            before[target][better] = source[better] - _STEP_COST
            chosen[target][better] = places[target][better] + step
        jumps = best[top] - _JUMP_COST > before
        before[jumps], chosen[jumps] = best[top] - _JUMP_COST, top
        came_from[k], best = chosen, before + scores[k]
    path = np.empty(count, np.int64)
    path[-1] = best.argmax()
    for k in range(count - 1, 0, -1):
        path[k - 1] = came_from[k, path[k]]
    return path


def steps_of(path: Steps) -> Steps:
    """Return the jumps in a path, without its slow changes."""
    changes = np.diff(path, prepend=0)
    changes[np.abs(changes) < _LEAST_JUMP] = 0
    steps: Steps = np.cumsum(changes)
    return steps


def find_steps(echo: Samples, heard: Samples) -> Steps:
    """Return by how much later than in `echo` its samples are heard, as far as that jumps."""
    count = len(heard) // _BLOCK
    steps = np.zeros(len(heard), np.int64)
    if count < 2:
        return steps
    delays = steps_of(best_path(likelihood(_likeness(echo, heard, count))) - JUMP_REACH)
    steps[:] = delays[0]
    for k in np.flatnonzero(np.diff(delays)):
        before, after = int(delays[k]), int(delays[k + 1])
        steps[_place(echo, heard, int(k) * _BLOCK, before, after) :] = after
    return steps


def _likeness(echo: Samples, heard: Samples, count: int) -> Samples:
    """Return the correlation of each block with the echo at each delay [shape=(count, delays)]."""
    width = 2 * JUMP_REACH + 1
    padded = np.pad(echo[: count * _BLOCK], JUMP_REACH)
    around = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK + width - 1)[::_BLOCK]
    blocks = heard[: count * _BLOCK].reshape(count, _BLOCK)
    size = 3840
    cross = np.fft.rfft(around, size, axis=1) * np.conj(np.fft.rfft(blocks, size, axis=1))
    common = np.fft.irfft(cross, size, axis=1)[:, :width]
    sums = np.cumsum(np.pad(padded**2, (1, 0)))
    energies = sums[_BLOCK:] - sums[:-_BLOCK]
    energy = np.lib.stride_tricks.sliding_window_view(energies, width)[::_BLOCK]
    loudness = np.sum(blocks**2, axis=1, keepdims=True)
    likeness = common / np.sqrt(np.maximum(energy, 1e-9) * np.maximum(loudness, 1e-9))
    # The first of the columns is the echo that comes latest before what is heard.
    result: Samples = likeness[:, ::-1]
    return result


def _place(echo: Samples, heard: Samples, start: int, before: int, after: int) -> int:
    """Return the sample from which on the echo is heard as with the second delay."""
    stop = min(start + 2 * _BLOCK, len(heard))
    at = np.arange(start, stop)
    wrong = [
        np.cumsum((heard[at] - echo[np.clip(at - one, 0, len(echo) - 1)]) ** 2)
        for one in (before, after)
    ]
    return start + int(np.argmin(wrong[0] - wrong[1])) + 1
