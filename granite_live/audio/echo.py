"""Remove from a microphone's sound what it picked up from the loudspeakers. Pure functions.

The echo is the computer's own sound after a delay and a room: a linear filter, which least squares
finds from both sounds. What the filter explains is subtracted; what is left of the echo, because no
room is quite linear, is attenuated in the parts of the spectrum in which it cannot be told from
silence. Speech of the user is neither: it stays, also while the loudspeakers play.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.echo_delay import follow_echo

SAMPLE_RATE_HZ = 16_000
# The echo may come this much before the computer's sound, whose recording has a delay of its own,
# and up to `_LATEST_S` after it, with the reverberation of a small room.
_EARLIEST_S = 0.05
_LATEST_S = 0.40
_TAPS = round((_EARLIEST_S + _LATEST_S) * SAMPLE_RATE_HZ)
_AHEAD = round(_EARLIEST_S * SAMPLE_RATE_HZ)
CONTEXT_S = 30.0
"""The filter is found from this much sound: the more of it is not spoken over, the better."""
# The sound is weighted like speech, whose high frequencies are weak and just as important.
_PREEMPHASIS = 0.95
_ITERATIONS = 40
_REGULARIZATION = 1e-3
_SMOOTHED = SAMPLE_RATE_HZ // 5
_LOUDER = 10.0
# Below this level [full scale is 1] the computer plays nothing.
_SILENCE = 10 ** (-60 / 20)
# The filter must explain this much of the loudest echo, or else there is none.
_LEAST_REDUCTION_DB = 6.0
# Less sound within the filter's reach than so many times its taps, a few words, is explained by
# chance where the filter puts it: where the echo is does not count then.
_LEAST_EQUATIONS = 10
_FRAME = 512
_HOP = _FRAME // 2
_BAND = 8
# Where less of the sound than this is left over a tenth of a second, nothing else was heard.
_LEAST_SHARE = 0.05
_GATE = SAMPLE_RATE_HZ // 10
_LEAST_LEAKAGE, _MOST_LEAKAGE = 0.02, 0.2

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

    def explain(sound: Samples, wanted: Samples, lag: int) -> Samples:
        return _convolved(wanted, _echo_filter(sound, heard, lag))

    echo = follow_echo(played, heard, _TAPS, explain)
    rest = heard - echo
    if _reduction_db(heard, rest, played, echo) < _LEAST_REDUCTION_DB:
        return raw
    rest, echo, heard = (one[-(keep + _GATE) :] for one in (rest, echo, heard))
    clean = _gated(_without_leakage(rest, echo, heard), heard)[-keep:]
    return np.clip(np.round(clean * 32768.0), -32768, 32767).astype(np.int16)


def _user_is_silent(played: Samples, heard: Samples) -> Samples:
    """Return 1 where the user does not speak over the echo, else 0, with soft edges.

    Both sounds are at the same times here: `played` is as late as its echo.

    The echo is never much louder than its softer part. What is louder is somebody who speaks.
    """
    power, source = (_moving_mean(one**2, _SMOOTHED) for one in (heard, played))
    loud = source >= 0.1 * np.percentile(source, 95)
    is_loud = power > _LOUDER * np.percentile(power[loud], 30)
    is_near = _moving_mean(is_loud.astype(np.float64), 2 * _SMOOTHED) > 1e-9
    return _moving_mean((~is_near).astype(np.float64), _SMOOTHED // 2)


def _echo_filter(played: Samples, heard: Samples, lag: int) -> Samples:
    """Return the filter of `_TAPS` whose output for `played` is nearest to `heard`.

    Only sound that the user does not speak over counts.
    """
    late = np.concatenate([np.zeros(lag), played])[: len(played)]
    counted = _user_is_silent(late, heard)
    x, y = (
        counted * (np.diff(one, prepend=0.0) + (1 - _PREEMPHASIS) * one) for one in (played, heard)
    )
    size = _fft_size(len(x) + _TAPS)
    spectrum = np.fft.rfft(x, size)
    power = np.fft.irfft(np.abs(spectrum) ** 2, size)[:_TAPS]
    common = np.fft.irfft(np.conj(spectrum) * np.fft.rfft(y, size), size)[:_TAPS]
    power[0] *= 1.0 + _REGULARIZATION
    return _solve_toeplitz(power, common)


def _solve_toeplitz(column: Samples, wanted: Samples) -> Samples:
    """Return the solution of a symmetric Toeplitz system by conjugate gradients."""
    taps = len(column)
    size = _fft_size(2 * taps)
    circle = np.zeros(size)
    circle[:taps] = column
    circle[size - taps + 1 :] = column[:0:-1]
    spectrum = np.fft.rfft(circle)
    found = np.zeros(taps)
    rest = wanted.copy()
    direction, energy = rest.copy(), float(rest @ rest)
    least = 1e-8 * energy
    for _ in range(_ITERATIONS):
        if energy <= least:
            break
        product = np.fft.irfft(spectrum * np.fft.rfft(direction, size), size)[:taps]
        step = energy / float(direction @ product)
        found += step * direction
        rest -= step * product
        before, energy = energy, float(rest @ rest)
        direction = rest + (energy / before) * direction
    return found


def _convolved(samples: Samples, taps: Samples) -> Samples:
    size = _fft_size(len(samples) + len(taps))
    product = np.fft.rfft(samples, size) * np.fft.rfft(taps, size)
    convolved: Samples = np.fft.irfft(product, size)[: len(samples)]
    return convolved


def _reduction_db(heard: Samples, rest: Samples, played: Samples, echo: Samples) -> float:
    """Return by how much the sound became softer where it became softest during the echo.

    That is where the filter puts it. Where that says nothing, because little was played, it is
    where the computer plays, which misses an echo of single words that comes after them.
    """
    before, after, source, late = (_energies(one) for one in (heard, rest, played, echo))
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


def _energies(samples: Samples) -> Samples:
    """Return the energy of each whole frame."""
    count = len(samples) // _FRAME
    energies: Samples = np.sum(samples[: count * _FRAME].reshape(count, _FRAME) ** 2, axis=1)
    return energies


def _without_leakage(rest: Samples, echo: Samples, heard: Samples) -> Samples:
    """Return the rest without what is left of the echo, nowhere louder than what was heard."""
    frames_of_rest, frames_of_echo = _spectra(rest), _spectra(echo)
    power, echo_power = _smoothed(frames_of_rest), _smoothed(frames_of_echo)
    loud = echo_power > 1e-3 * echo_power.max(initial=0.0)
    leakage = _LEAST_LEAKAGE
    if loud.any():
        usual = float(np.percentile(power[loud] / echo_power[loud], 25))
        leakage = min(_MOST_LEAKAGE, max(_LEAST_LEAKAGE, 4.0 * usual))
    gain = np.clip(1.0 - leakage * echo_power / (power + 1e-12), 0.0, 1.0)
    gain *= np.minimum(1.0, np.sqrt(_smoothed(_spectra(heard)) / (power + 1e-12)))
    return _overlapped(frames_of_rest * gain, len(rest))


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


def _overlapped(spectra: NDArray[np.complex128], length: int) -> Samples:
    frames = np.fft.irfft(spectra, _FRAME, axis=1) * _window()
    whole = np.zeros((len(frames) + 1) * _HOP)
    for number, frame in enumerate(frames):
        whole[number * _HOP : number * _HOP + _FRAME] += frame
    return whole[_HOP : _HOP + length]


def _smoothed(spectra: NDArray[np.complex128]) -> Samples:
    """Return the power over bands of `_BAND` bins and three frames, for each bin and frame."""
    power = np.abs(spectra) ** 2
    kernel = np.ones(_BAND) / _BAND
    bands = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), 1, power)
    padded = np.pad(bands, ((1, 1), (0, 0)), mode="edge")
    smoothed: Samples = (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0
    return smoothed


def _fft_size(length: int) -> int:
    """Return a size of at least `length` that is quick to transform: 2, 3, 5, 9 or 15 times 2^n."""
    return min(odd << max(0, (-(-length // odd) - 1).bit_length()) for odd in (1, 3, 5, 9, 15))
