"""Follow the delay of an echo, which changes slowly: two devices have two clocks. Pure functions.

The tracks of a session are kept together by small changes of speed, so their distance moves by some
milliseconds in a minute. A filter found over half a minute cancels nothing if the delay moves by
more than a few samples meanwhile. So the computer's sound is moved to where its echo is. As the
speeds change rarely, the delay moves along a few straight lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.echo_jumps import (
    JUMP_REACH,
    Steps,
    best_path,
    find_steps,
    likelihood,
    steps_of,
)
from granite_live.audio.interpolation import Interpolator

Samples = NDArray[np.float64]
ExplainEcho = Callable[[Samples, Samples, int], Samples]
"""Finds the filter whose output for the first sound is nearest to what is heard, and returns its
output for the second one [shape as given]. The number says how many samples late the echo is."""

_CHUNK = 16_000
_HOP = _CHUNK // 2
# By how many samples the delay may grow from chunk to chunk, and what each of them costs.
_STEEPEST, _STEP_COST = 8, 0.5
_WHITENING = 0.7
_PREEMPHASIS = 0.95
# How far a delay is looked for around the one that is known [samples], and what is too small.
_REACH = 48
_SMALL = 0.05
_ROUNDS, _FINE_ROUNDS = 3, 4
# Chunks in which the echo explains less of the sound say nothing about the delay.
_LEAST_LIKENESS = 0.5
# Chunks softer than this, against the loudest, have no echo that is heard.
_AUDIBLE = 1e-3
_LEFT_BLOCK = 1600
# How many samples a delay is from its line, usually; what a change of the slope costs, against
# that; and which change is none [samples a chunk].
_USUAL_ERROR, _BEND_COST, _NO_BEND = 0.3, 0.1, 0.003
_LINE_ITERATIONS = 20
# Twice as many samples are read with a short kernel as exactly as these with a long one.
_HALF_WIDTH, _BETA = 4, 4.0


def follow_echo(played: Samples, heard: Samples, taps: int, explain: ExplainEcho) -> Samples:
    """Return the echo of the computer's sound in what is heard, also if its delay moves.

    Args:
        played: The computer's sound [shape=(n,)].
        heard: The microphone's sound at the same time [shape=(n,)].
        taps: The latest echo in samples.
        explain: Finds the echo of a sound in `heard`.
    """
    count = (len(heard) - _CHUNK) // _HOP + 1
    if count < 4:
        return explain(played, played, 0)
    sharp_heard = emphasized(heard)
    moves, jumps, lag, is_audible = _coarse_delay(played, sharp_heard, taps, count)
    at = np.arange(len(heard))
    middles = np.arange(count) * _HOP + _CHUNK // 2
    movable = _Movable(played)

    def attempt(moves: Samples, steps: Steps) -> _Attempt:
        """Find the echo of the sound that moves and jumps so."""
        moving = np.interp(at, middles, moves)
        base = movable.moved(moving)
        if not steps.any():
            echo = straight = explain(base, base, lag)
        else:
            early = np.concatenate([steps[lag:], np.full(lag, steps[-1])])
            straight = explain(movable.moved(moving + early), base, lag)
            echo = straight[np.clip(at - steps, 0, len(at) - 1)]
        return _Attempt(moves, steps, _left(echo, sharp_heard), echo, straight)

    def better(one: _Attempt) -> Iterator[tuple[Samples, Steps]]:
        """Yield how the delay moves and jumps by what is left with an attempt."""
        rest, is_known = _delays(emphasized(one.echo), sharp_heard, count)
        if not is_known.any():
            return
        lines = _lines(one.moves + rest, is_known)
        if np.abs(lines - one.moves)[is_audible].max(initial=0.0) >= _SMALL:
            yield lines, one.steps
        if one.steps.any():
            # A jump while nothing is heard may have been a movement.
            whole = one.moves + rest + one.steps[middles]
            yield _lines(whole, is_known) - one.steps[-1], np.zeros_like(one.steps)

    steps = jumps[np.clip((at - _HOP // 2) // _HOP, 0, count - 1)].astype(np.int64)
    best = attempt(moves, steps)
    for number in range(_FINE_ROUNDS):
        if best.steps.any() or not number:
            steps = find_steps(emphasized(best.straight), sharp_heard)
            if (steps != best.steps).any():
                best = min(best, attempt(best.moves, steps), key=_left_with)
        likeliest = min([best, *(attempt(*one) for one in better(best))], key=_left_with)
        if likeliest is best:
            break
        best = likeliest
    return best.echo


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A guess how the delay moves and jumps, and the echo that follows from it.

    Attributes:
        moves: The delay of each chunk [samples, shape=(count,)].
        steps: By how much it jumped before each sample [shape=(n,)].
        left: How unlikely the echo is.
        echo: The echo.
        straight: The echo without its jumps.
    """

    moves: Samples
    steps: Steps
    left: float
    echo: Samples
    straight: Samples


_left_with = attrgetter("left")


def _coarse_delay(
    played: Samples, sharp_heard: Samples, taps: int, count: int
) -> tuple[Samples, Samples, int, NDArray[np.bool_]]:
    """Return how the delay of each chunk moves and jumps, to a sample or two, against the last.

    The other parts are how late the loudest part of the echo is, and in which chunks it is heard.
    """
    common = _correlations(emphasized(played), sharp_heard, taps, count)
    moves, jumps = _first_moves(common)
    # Only sound whose echo comes within the same chunk says something about the delay.
    lag = _lag(common, moves + jumps)
    loudness = np.array([np.sum(one[: _CHUNK - lag] ** 2) for one in _chunks(played, count)])
    weights = loudness / max(float(loudness.max()), 1e-12)
    for _ in range(_ROUNDS):
        path, part = _rest(common, moves + jumps, weights)
        jumped = steps_of(path)
        jumps += jumped - jumped[-1]
        moves += _smoothed(path - jumped - part, weights)
    return moves, jumps, _lag(common, moves + jumps), weights > _AUDIBLE


def _left(echo: Samples, heard: Samples) -> float:
    """Return how unlikely the echo is: the mean logarithm of the power that it leaves.

    So a louder user, who speaks over some of it, decides nothing.
    """
    rest, whole = (energies(one, _LEFT_BLOCK) for one in (heard - emphasized(echo), heard))
    return float(np.mean(np.log(rest + _AUDIBLE * whole.mean() + 1e-12)))


def energies(samples: Samples, length: int) -> Samples:
    """Return the energy of each whole block of a length."""
    count = len(samples) // length
    found: Samples = np.sum(samples[: count * length].reshape(count, length) ** 2, axis=1)
    return found


def _lag(common: Samples, delays: Samples) -> int:
    """Return how late the loudest part of the echo is."""
    return int(np.abs(_aligned(common, delays).sum(axis=0)).argmax())


def _lines(delays: Samples, is_known: NDArray[np.bool_]) -> Samples:
    """Return the few straight lines that the delays of the chunks are on.

    The delay of a chunk that is nearly silent is a guess and does not count; one far from the lines
    counts little, because the user speaks over that chunk. (L1 trend filtering, with Cauchy's
    weights for the errors, both by iteratively reweighted least squares.)
    """
    curvature = np.diff(np.eye(len(delays)), 2, axis=0)
    trust = is_known.astype(np.float64)
    weights, stiffness = trust, np.full(len(curvature), 1.0 / _USUAL_ERROR**2)
    lines = delays
    for _ in range(_LINE_ITERATIONS):
        stiff = np.einsum("ki,kj->ij", _BEND_COST * stiffness[:, None] * curvature, curvature)
        # Where too little is known, the lines stay near what was assumed.
        pull = weights + 1e-9
        lines = np.linalg.solve(np.diag(pull) + stiff, pull * delays)
        weights = trust / (1.0 + ((delays - lines) / _USUAL_ERROR) ** 2)
        stiffness = 1.0 / (np.abs(np.diff(lines, 2)) + _NO_BEND)
    return lines


def emphasized(samples: Samples) -> Samples:
    """Return the sound with its high frequencies, which are weak in speech, as loud as the low."""
    return np.diff(samples, prepend=0.0) + (1.0 - _PREEMPHASIS) * samples


def _chunks(samples: Samples, count: int) -> Samples:
    """Return the chunks [shape=(count, _CHUNK)]."""
    return np.lib.stride_tricks.sliding_window_view(samples, _CHUNK)[::_HOP][:count]


def _correlations(played: Samples, heard: Samples, taps: int, count: int) -> Samples:
    """Return what each chunk says of the echo: a whitened correlation [shape=(count, taps)]."""
    size = 1 << (_CHUNK + taps - 1).bit_length()
    found = np.empty((count, taps))
    for k, (mine, other) in enumerate(
        zip(_chunks(played, count), _chunks(heard, count), strict=True)
    ):
        cross = np.conj(np.fft.rfft(mine, size)) * np.fft.rfft(other, size)
        found[k] = np.fft.irfft(cross / (np.abs(cross) ** _WHITENING + 1e-9), size)[:taps]
    return found


def _first_moves(common: Samples) -> tuple[Samples, Samples]:
    """Return how the delay moves and jumps, about [samples]: the path of the loudest echo."""
    norms = np.linalg.norm(common, axis=1, keepdims=True)
    scores = likelihood(np.abs(common) / (norms + 1e-12))
    path = best_path(scores, _STEEPEST, _STEP_COST)
    jumps = steps_of(path, _STEEPEST + 1)
    # Chunks without an echo say nearly nothing.
    at = np.arange(len(path))
    trust = np.maximum(scores[at, path] / max(float(scores.max()), 1e-12), 0.1 * _AUDIBLE)
    line = np.polynomial.Polynomial.fit(at, path - jumps, 1, w=trust)(at)
    moves = line + _smoothed(path - jumps - line, trust)
    return moves - moves[-1], (jumps - jumps[-1]).astype(np.float64)


def _aligned(common: Samples, moves: Samples) -> Samples:
    """Return the correlations with their peaks at one place, to a sample."""
    rows = np.arange(common.shape[1])
    at = (rows + np.round(moves).astype(int)[:, None]) % common.shape[1]
    return np.take_along_axis(common, at, axis=1)


def _rest(common: Samples, delays: Samples, weights: Samples) -> tuple[Steps, Samples]:
    """Return by how much each chunk's delay differs from that of all, which are at `delays`.

    The second part is less than a sample and to be subtracted.
    """
    aligned = _aligned(common, delays)
    size = 2 * common.shape[1]
    spectra = np.fft.rfft(aligned, size, axis=1)
    usual = weights @ aligned
    found = np.fft.irfft(np.conj(np.fft.rfft(usual, size)) * spectra, size, axis=1)
    near = np.concatenate([found[:, -JUMP_REACH:], found[:, : JUMP_REACH + 1]], axis=1)
    norms = np.linalg.norm(usual) * np.linalg.norm(aligned, axis=1, keepdims=True)
    path = best_path(likelihood(near / (norms + 1e-12))) - JUMP_REACH
    return path, delays - np.round(delays)


def _delays(echo: Samples, heard: Samples, count: int) -> tuple[Samples, NDArray[np.bool_]]:
    """Return how much later than `echo` its like is heard in each chunk [samples].

    The second part tells which of the chunks say so.
    """
    size = 1 << (_CHUNK + _REACH).bit_length()
    delays, is_known = np.zeros(count), np.zeros(count, dtype=bool)
    for k, (mine, other) in enumerate(
        zip(_chunks(echo, count), _chunks(heard, count), strict=True)
    ):
        energy = float(np.sqrt(np.sum(mine**2) * np.sum(other**2)))
        if energy < 1e-9:
            continue
        cross = np.conj(np.fft.rfft(mine, size)) * np.fft.rfft(other, size)
        common = np.fft.irfft(cross, size)
        near = np.concatenate([common[-_REACH:], common[: _REACH + 1]])
        peak = int(np.argmax(near))
        if near[peak] < _LEAST_LIKENESS * energy or not 0 < peak < len(near) - 1:
            continue
        left, top, right = near[peak - 1 : peak + 2]
        delays[k] = peak - _REACH + 0.5 * (left - right) / (left - 2.0 * top + right)
        is_known[k] = True
    return delays, is_known


def _smoothed(delays: Samples, weights: Samples) -> Samples:
    """Return the delays of all chunks from those that are known, as means over three chunks."""
    kernel = np.array([0.5, 1.0, 0.5])
    total = np.convolve(weights, kernel, "same")
    mean = np.convolve(weights * delays, kernel, "same") / np.maximum(total, 1e-12)
    known = np.flatnonzero(total > _AUDIBLE)
    if not len(known):
        return np.zeros(len(delays))
    return np.interp(np.arange(len(delays)), known, mean[known])


class _Movable:
    """A sound that can be moved by fractions of a sample."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._interpolator = Interpolator(_HALF_WIDTH, _BETA)

    @cached_property
    def _doubled(self) -> Samples:
        """The sound with twice as many samples; needed only if the delay moves."""
        # The zeros keep its end from its beginning.
        length = len(self._samples) + _CHUNK
        doubled: Samples = 2.0 * np.fft.irfft(np.fft.rfft(self._samples, length), 2 * length)
        return doubled

    def moved(self, delay: Samples) -> Samples:
        """Return the sound later by `delay`, which is given for each sample."""
        if np.abs(delay).max() < _SMALL:
            return self._samples
        places = 2.0 * (np.arange(len(self._samples)) - delay)
        return self._interpolator.at(self._doubled, places)
