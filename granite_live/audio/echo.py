"""Remove from a microphone's sound what it picked up from the loudspeakers. Pure functions.

The echo is the computer's own sound after a delay and a room: a linear filter, which least squares
finds from both sounds. What the user speaks over counts little for it. What the filter explains is
subtracted; what is left of the echo, because no room is quite linear, is attenuated in the parts of
the spectrum in which it cannot be told from silence. Speech of the user is neither: it stays, also
while the loudspeakers play.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.echo_delay import emphasized, energies, follow_echo

SAMPLE_RATE_HZ = 16_000
# The echo may come this much before the computer's sound, whose recording has a delay of its own,
# and up to `_LATEST_S` after it, with the reverberation of a small room.
_EARLIEST_S = 0.05
_LATEST_S = 0.40
_TAPS = round((_EARLIEST_S + _LATEST_S) * SAMPLE_RATE_HZ)
_AHEAD = round(_EARLIEST_S * SAMPLE_RATE_HZ)
# By how much the first part of the echo may come before its loudest part. There is none before:
# each tap less is one that cannot fit the user's speech by chance.
_BEFORE = SAMPLE_RATE_HZ // 50
CONTEXT_S = 30.0
"""The filter is found from this much sound: the more of it is not spoken over, the better."""
_ITERATIONS = 60
_REGULARIZATION = 1e-4
# How often the filter is found at first, with the weights that follow from the one before.
_FIRST_ROUNDS = 3
_BEND_REGULARIZATION = 1e-6
# What is left is averaged over this time, in steps [samples].
_SMOOTHED = SAMPLE_RATE_HZ // 5
_STEP = SAMPLE_RATE_HZ // 100
# What is left is never taken for less than this, against the loudest echo.
_LEAST_LEFT = 1e-3
# Below this level [full scale is 1] the computer plays nothing.
_SILENCE = 10 ** (-60 / 20)
# The filter must explain this much of the loudest echo, or else there is none.
_LEAST_REDUCTION_DB = 6.0
# Less sound within the filter's reach than so many times its taps, a few words, is explained by
# chance where the filter puts it: where the echo is does not count then.
_LEAST_EQUATIONS = 10
# What is filtered at once [samples]; with the taps a size that is quick to transform.
_BLOCK = 48_000 - _TAPS
_FRAME = 512
_HOP = _FRAME // 2
_BAND = 8
# Where less of the sound than this is left over a tenth of a second, nothing else was heard.
_LEAST_SHARE = 0.05
_GATE = SAMPLE_RATE_HZ // 10
_LEAST_LEAKAGE, _MOST_LEAKAGE = 0.003, 0.2

Samples = NDArray[np.float64]


def remove_echo(
    microphone: NDArray[np.int16], system: NDArray[np.int16], keep: int
) -> NDArray[np.int16]:
    """Return the last `keep` samples of the microphone without the echo of the computer's sound.

    Args:
        microphone: The sound, with up to `CONTEXT_S` before what is wanted [shape=(n,)].
        system: The computer's sound at the same time [shape=(n,)].
        keep: How many samples are wanted.
    """
    raw = microphone[len(microphone) - keep :]
    is_playing = np.abs(system.astype(np.int32)).max(initial=0) >= _SILENCE * 32768
    if not is_playing or not keep or len(microphone) < _TAPS:
        return raw
    heard, played = microphone / 32768.0, system / 32768.0
    played = np.concatenate([played, np.zeros(_AHEAD)])[_AHEAD:]

    echo = follow_echo(played, heard, _TAPS, _EchoFinder(heard).explain)
    rest = heard - echo
    if _reduction_db(heard, rest, played, echo) < _LEAST_REDUCTION_DB:
        return raw
    wanted = slice(-(keep + _GATE), None)
    clean = _gated(_without_leakage(rest, echo, heard)[wanted], heard[wanted])[-keep:]
    return np.clip(np.round(clean * 32768.0), -32768, 32767).astype(np.int16)


class _EchoFinder:
    """Finds the filter from the computer's sound to its echo in what is heard.

    It is the filter of weighted least squares. A sample has the less weight, the more is left there
    of what the filter before did not explain, because the user speaks there. (Iteratively
    reweighted least squares: the most likely filter if what is left is noise whose power changes.)

    A loudspeaker that plays loudly bends the sound before the room filters it. The bend is the same
    for all samples, so it is found as a polynomial, in turn with the filter. (A Hammerstein model.)
    """

    def __init__(self, heard: Samples) -> None:
        self._heard = emphasized(heard)
        self._echo: Samples | None = None
        self._bend = np.array([1.0, 0.0, 0.0])

    def explain(self, sound: Samples, wanted: Samples, lag: int) -> Samples:
        """Return the output of the filter of `_TAPS` for the sound that is `wanted`."""
        is_first = self._echo is None
        for _ in range(_FIRST_ROUNDS if is_first else 1):
            weights = self._weights()
            bent = self._bent(sound)
            late = np.concatenate([np.zeros(lag), bent])[: len(sound)]
            found = self._filter(emphasized(late), lag, weights)
            if is_first:
                self._bend, echo = self._bend_and_echo(sound, found, weights)
            else:
                echo = _convolved(bent, found)
            self._echo = echo
        return echo if wanted is sound else _convolved(self._bent(wanted), found)

    def _bent(self, sound: Samples) -> Samples:
        """Return the sound as the loudspeaker bends it."""
        first, third, fifth = self._bend
        square = sound * sound
        bent: Samples = sound * (first + square * (third + square * fifth))
        return bent

    def _bend_and_echo(
        self, sound: Samples, taps: Samples, weights: Samples
    ) -> tuple[Samples, Samples]:
        """Return how much of the sound, its third and its fifth power is heard, and their echo."""
        square = sound * sound
        powers = (sound, sound * square, sound * square * square)
        echoes = np.stack([_convolved(one, taps) for one in powers])
        columns = np.stack([weights * emphasized(one) for one in echoes])
        norms = np.sqrt(np.einsum("pn,pn->p", columns, columns))
        bend = self._bend
        if norms.all():
            columns /= norms[:, np.newaxis]
            # Not as products of matrices, for which numpy starts threads.
            common = np.einsum("pn,qn->pq", columns, columns) + _BEND_REGULARIZATION * np.eye(3)
            wanted = np.einsum("pn,n->p", columns, weights * self._heard)
            bend = np.linalg.solve(common, wanted) / norms
        return bend, np.einsum("p,pn->n", bend, echoes)

    def _filter(self, late: Samples, lag: int, weights: Samples) -> Samples:
        """Return the filter whose output is nearest to what is heard.

        Args:
            late: The computer's sound, later by `lag` samples, so that one weight is that of a
                sound and of its echo.
            lag: How late the echo is, about.
            weights: The weight of each sample.
        """
        x, y = weights * late, weights * self._heard
        before = min(lag, _BEFORE)
        zeros = lag - before
        power, common = _correlations(x, x, np.concatenate([np.zeros(before), y]))
        power[0] *= 1.0 + _REGULARIZATION
        found = _solve_toeplitz(power[: _TAPS - zeros], common[: _TAPS - zeros])
        return np.concatenate([np.zeros(zeros), found])

    def _weights(self) -> Samples:
        """Return the weights of all samples by what the last echo leaves of them."""
        if self._echo is None:
            return np.ones(len(self._heard))
        sharp = emphasized(self._echo)
        starts = np.arange(0, len(sharp), _STEP)
        left, loudness = (
            _moving_mean(np.add.reduceat(one**2, starts), _SMOOTHED // _STEP)
            for one in (self._heard - sharp, sharp)
        )
        least = _LEAST_LEFT * max(float(loudness.max()), 1e-9)
        weights = np.sqrt(least / (left + least))
        return np.repeat(weights, _STEP)[: len(sharp)]


def _solve_toeplitz(column: Samples, wanted: Samples) -> Samples:
    """Return the solution of a symmetric Toeplitz system by conjugate gradients.

    They are preconditioned by the nearest circulant matrix (T. Chan), which takes them there in
    tens of iterations instead of hundreds.
    """
    taps = len(column)
    size = 2 * taps
    circle = np.concatenate([column, [0.0], column[:0:-1]])
    spectrum = np.fft.rfft(circle)
    share = np.arange(taps) / taps
    near = (1.0 - share) * column + share * np.roll(column[::-1], 1)
    inverse = 1.0 / np.maximum(np.fft.rfft(near).real, 1e-6 * column[0] + 1e-30)
    found = np.zeros(taps)
    rest = wanted.copy()
    conditioned = np.fft.irfft(inverse * np.fft.rfft(rest), taps)
    direction, energy = conditioned, float(rest @ conditioned)
    least = 1e-10 * float(wanted @ wanted)
    for _ in range(_ITERATIONS):
        if float(rest @ rest) <= least:
            break
        product = np.fft.irfft(spectrum * np.fft.rfft(direction, size), size)[:taps]
        step = energy / float(direction @ product)
        found += step * direction
        rest -= step * product
        conditioned = np.fft.irfft(inverse * np.fft.rfft(rest), taps)
        before, energy = energy, float(rest @ conditioned)
        direction = conditioned + (energy / before) * direction
    return found


def _correlations(x: Samples, *others: Samples) -> list[Samples]:
    """Return for each `y` of the others the sums of `x[t] * y[t + k]`, k from 0 to `_TAPS` - 1."""
    length = -(-len(x) // _BLOCK) * _BLOCK
    size = _BLOCK + _TAPS
    blocks = np.pad(x, (0, length - len(x))).reshape(-1, _BLOCK)
    spectra = np.conj(np.fft.rfft(blocks, size, axis=1))
    found = []
    for y in others:
        padded = np.pad(y, (0, length + _TAPS))[: length + _TAPS]
        around = np.lib.stride_tricks.sliding_window_view(padded, size)[::_BLOCK]
        cross = np.sum(spectra * np.fft.rfft(around, axis=1), axis=0)
        found.append(np.fft.irfft(cross, size)[:_TAPS])
    return found


def _convolved(samples: Samples, taps: Samples) -> Samples:
    """Return the output of a filter of `_TAPS` [shape as the samples]."""
    count = -(-len(samples) // _BLOCK)
    blocks = np.pad(samples, (0, count * _BLOCK - len(samples))).reshape(count, _BLOCK)
    size = _BLOCK + _TAPS
    parts = np.fft.irfft(np.fft.rfft(blocks, size, axis=1) * np.fft.rfft(taps, size), size, axis=1)
    return _overlapped(parts, _BLOCK)[: len(samples)]


def _overlapped(parts: Samples, hop: int) -> Samples:
    """Return the sum of parts, at most two hops long, of which each begins a hop later."""
    whole = np.zeros((len(parts) + 1, hop))
    whole[:-1] += parts[:, :hop]
    whole[1:, : parts.shape[1] - hop] += parts[:, hop:]
    return whole.reshape(-1)


def _reduction_db(heard: Samples, rest: Samples, played: Samples, echo: Samples) -> float:
    """Return by how much the sound became softer where it became softest during the echo.

    That is where the filter puts it. Where that says nothing, because little was played, it is
    where the computer plays, which misses an echo of single words that comes after them.
    """
    before, after, source, late = (energies(one, _FRAME) for one in (heard, rest, played, echo))
    if not len(source):
        return 0.0
    active = source > max(_FRAME * _SILENCE**2, 0.1 * float(np.percentile(source, 95)))
    reach = np.convolve(active, np.ones(_TAPS // _FRAME + 1))[: len(active)] > 0.5
    if np.count_nonzero(reach) * _FRAME >= _LEAST_EQUATIONS * _TAPS:
        audible = late[late > 1e-3 * late.max()]
        active = late > 0.1 * np.percentile(audible, 95) if len(audible) else late > 0.0
    if not active.any():
        return 0.0
    ratios = 10 * np.log10((before[active] + 1e-12) / (after[active] + 1e-12))
    return float(np.percentile(ratios, 90))


def _without_leakage(rest: Samples, echo: Samples, heard: Samples) -> Samples:
    """Return the rest without what is left of the echo, nowhere louder than what was heard."""
    frames_of_rest, frames_of_echo = _spectra(rest), _spectra(echo)
    power, echo_power = _smoothed(frames_of_rest), _smoothed(frames_of_echo)
    loud = echo_power > 1e-3 * echo_power.max(initial=0.0)
    leakage = _LEAST_LEAKAGE
    if loud.any():
        # The least is left where the user does not speak.
        usual = float(np.percentile(power[loud] / echo_power[loud], 10))
        leakage = min(_MOST_LEAKAGE, max(_LEAST_LEAKAGE, 7.0 * usual))
    gain = np.clip(1.0 - leakage * echo_power / (power + 1e-12), 0.0, 1.0)
    gain *= np.minimum(1.0, np.sqrt(_smoothed(_spectra(heard)) / (power + 1e-12)))
    frames = np.fft.irfft(frames_of_rest * gain, _FRAME, axis=1) * _window()
    return _overlapped(frames, _HOP)[_HOP:][: len(rest)]


def _gated(clean: Samples, heard: Samples) -> Samples:
    """Return the sound with silence where nearly everything that was heard is gone."""
    left, before = (_moving_mean(one**2, _GATE) for one in (clean, heard))
    is_open = (left > _LEAST_SHARE * before).astype(np.float64)
    return clean * np.minimum(1.0, 4.0 * _moving_mean(is_open, _GATE // 2))


def _moving_mean(samples: Samples, width: int) -> Samples:
    """Return the mean of the `width` samples around each sample; zeros are added at the ends."""
    padded = np.concatenate([np.zeros(width // 2 + 1), samples, np.zeros(width - width // 2 - 1)])
    sums = np.cumsum(padded)
    mean: Samples = (sums[width:] - sums[:-width]) / width
    return mean


def _window() -> Samples:
    window: Samples = np.sqrt(np.hanning(_FRAME + 1)[:-1])
    return window


def _spectra(samples: Samples) -> NDArray[np.complex128]:
    padded = np.concatenate([np.zeros(_HOP), samples, np.zeros(_FRAME)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    return np.fft.rfft(frames * _window(), axis=1)


def _smoothed(spectra: NDArray[np.complex128]) -> Samples:
    """Return the power over bands of `_BAND` bins and three frames, for each bin and frame."""
    sums = np.cumsum(
        np.pad(np.abs(spectra) ** 2, ((0, 0), (_BAND // 2 + 1, _BAND // 2 - 1))), axis=1
    )
    bands = (sums[:, _BAND:] - sums[:, :-_BAND]) / _BAND
    padded = np.pad(bands, ((1, 1), (0, 0)), mode="edge")
    smoothed: Samples = (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0
    return smoothed
