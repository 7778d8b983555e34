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


def best_path(scores: Samples, reach: int = 1, step_cost: float = _STEP_COST) -> Steps:
    """Return the delay of each block: the path with the best sum [scores by block and delay].

    Args:
        scores: How likely each delay of each block is.
        reach: By how much the delay may differ from that of the block before without a jump.
        step_cost: What a difference by 1 costs.
    """
    totals = scores.copy()
    for k in range(1, len(scores)):
        last = totals[k - 1]
        best = np.maximum(last, last.max() - _JUMP_COST)
        for step in range(1, reach + 1):
            for target, source in (
                (slice(step, None), slice(None, -step)),
                (slice(None, -step), slice(step, None)),
            ):
                np.maximum(best[target], last[source] - step * step_cost, out=best[target])
        totals[k] += best
    path = np.empty(len(scores), np.int64)
    path[-1] = totals[-1].argmax()
    for k in range(len(scores) - 1, 0, -1):
        last, place = totals[k - 1], int(path[k])
        near = np.arange(max(0, place - reach), min(len(last), place + reach + 1))
        worth = last[near] - step_cost * np.abs(near - place)
        is_jump = last.max() - _JUMP_COST > worth.max()
        path[k - 1] = last.argmax() if is_jump else near[worth.argmax()]
    return path


def steps_of(path: Steps, least: int = _LEAST_JUMP) -> Steps:
    """Return the jumps in a path, those by at least so much, without its slow changes."""
    changes = np.diff(path, prepend=0)
    changes[np.abs(changes) < least] = 0
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
