"""Follow the delay of an echo, which changes slowly: two devices have two clocks. Pure functions.

The tracks of a session are kept together by small changes of speed, so their distance moves by some
milliseconds in a minute. A filter found over half a minute cancels nothing if the delay moves by
more than a few samples meanwhile. So the computer's sound is moved to where its echo is.
"""

from __future__ import annotations

from collections.abc import Callable

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
_SMALL = 0.2
_ROUNDS, _FINE_ROUNDS = 3, 2
# Chunks in which the echo explains less of the sound say nothing about the delay.
_LEAST_LIKENESS = 0.5
# Chunks softer than this, against the loudest, have no echo that is heard.
_AUDIBLE = 1e-3
_LEFT_BLOCK = 1600
_KERNEL, _PHASES = 8, 256


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
    sharp_played, sharp_heard = emphasized(played), emphasized(heard)
    common = _correlations(sharp_played, sharp_heard, taps, count)
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
    lag = _lag(common, moves + jumps)
    at = np.arange(len(heard))
    middles = np.arange(count, dtype=np.float64) * _HOP + _CHUNK / 2

    def attempt(moves: Samples, steps: Steps) -> tuple[float, Samples, Samples]:
        """Return how much the echo leaves, and the echo with and without its jumps."""
        moving = np.interp(at, middles, moves)
        base = _moved(played, moving)
        if not steps.any():
            echo = explain(base, base, lag)
            return _left(echo, sharp_heard), echo, echo
        early = np.concatenate([steps[lag:], np.full(lag, steps[-1])])
        straight = explain(_moved(played, moving + early), base, lag)
        echo = straight[np.clip(at - steps, 0, len(at) - 1)]
        return _left(echo, sharp_heard), echo, straight

    steps = jumps[np.clip((at - _HOP // 2) // _HOP, 0, count - 1)].astype(np.int64)
    left, echo, straight = attempt(moves, steps)
    for number in range(_FINE_ROUNDS):
        if steps.any() or not number:
            found = find_steps(emphasized(straight), sharp_heard)
            if (found != steps).any():
                other = attempt(moves, found)
                if other[0] < left:
                    steps, (left, echo, straight) = found, other
        rest, trust = _delays(emphasized(echo), sharp_heard, count)
        if not trust.any():
            break
        better = _interpolated(moves + _smoothed(rest, trust), trust)
        audible = weights > _AUDIBLE
        if np.abs(better - moves)[audible].max() < _SMALL:
            break
        other = attempt(better, steps)
        if other[0] >= left:
            break
        moves, (left, echo, straight) = better, other
    return echo


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


def _interpolated(moves: Samples, trust: Samples) -> Samples:
    """Return the moves of the trusted chunks, with those of the others between them.

    The delay of a chunk that is nearly silent, or that the user speaks over, is a guess. In the
    chunk before somebody begins to speak a wrong one spoils the first half second of the echo.
    """
    known = np.flatnonzero(trust)
    return np.interp(np.arange(len(moves)), known, moves[known])


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


def _delays(echo: Samples, heard: Samples, count: int) -> tuple[Samples, Samples]:
    """Return how much later than `echo` its like is heard in each chunk [samples], and weights.

    A weight of 0 means that the chunk does not say.
    """
    size = 2 * _CHUNK
    delays, weights = np.zeros(count), np.zeros(count)
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
        weights[k] = float(np.sum(mine**2))
    return delays, weights / max(float(weights.max(initial=0.0)), 1e-12)


def _smoothed(delays: Samples, weights: Samples) -> Samples:
    """Return the delays of all chunks from those that are known, as means over three chunks."""
    kernel = np.array([0.5, 1.0, 0.5])
    total = np.convolve(weights, kernel, "same")
    mean = np.convolve(weights * delays, kernel, "same") / np.maximum(total, 1e-12)
    known = np.flatnonzero(total > _AUDIBLE)
    if not len(known):
        return np.zeros(len(delays))
    return np.interp(np.arange(len(delays)), known, mean[known])


def _moved(samples: Samples, delay: Samples) -> Samples:
    """Return the samples later by `delay`, which is given for each of them."""
    if np.abs(delay).max() < _SMALL:
        return samples
    wanted = np.arange(len(samples)) - delay
    steps = np.round(wanted * _PHASES).astype(np.int64)
    whole, phase = steps // _PHASES, steps % _PHASES
    padded = np.concatenate([np.zeros(_KERNEL), samples, np.zeros(_KERNEL)])
    moved = np.zeros(len(samples))
    for offset in range(1 - _KERNEL, _KERNEL + 1):
        distance = np.arange(_PHASES) / _PHASES - offset
        kernel = np.sinc(distance) * np.cos(np.pi / 2 * distance / (_KERNEL + 1)) ** 2
        at = np.clip(whole + offset + _KERNEL, 0, len(padded) - 1)
        moved += padded[at] * kernel[phase]
    return moved
