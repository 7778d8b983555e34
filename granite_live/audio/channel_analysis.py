"""Select the channels of a recording that carry speech and survive a mix.

Mixing affects channels differently: channels of opposite phase cancel, a delayed copy makes a comb
filter, a noisy channel adds its noise, a silent one halves the level. If channels carry different
speech, such as two people with a microphone each, all of them are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Speech is analyzed at about this rate, and its loudness in frames of this length.
_ANALYSIS_RATE_HZ = 8_000
_FRAME_S = 0.02
# Speech varies in level: its loud frames (90th percentile) stand out from its soft ones (10th
# percentile). Steady noise has 1 to 3 dB, speech in a quiet room 30 dB and more.
_SPEECH_DB = 10.0
# A channel counts as noisy below the first value if another one is better by the second.
_CLEAN_DB = 15.0
_BETTER_DB = 8.0
# The preferred channel (the one in use, the center) may be worse by this much.
_PREFERENCE_DB = 3.0
_MOST_DB = 40.0
# Silent: 40 dB below the loudest channel, or 80 dB below full scale.
_SILENT_RATIO = 1e-4
_SILENT_POWER = 1e-8
# Channels with the same content correlate at least this much at some lag.
_SAME_SOUND = 0.5
# Above this they are equivalent for every purpose.
_SURELY_SAME = 0.9
_MOST_LAG_S = 0.03
# Channels are in phase if no lag fits much better.
_AT_ONCE = 0.8
# If a mix keeps less than this share of the channels' power, they cancel.
_CANCELLED = 0.05
_CENTER, _BASS = "FC", "LFE"


@dataclass(frozen=True, slots=True)
class Selection:
    """Indices of the channels to mix, and why others are left out ("" if that does not matter)."""

    channels: tuple[int, ...]
    reason: str = ""


SILENT = "the other channels are silent"
CANCELS = "the channels cancel each other in a mix"
NOISY = "the other channels are noisier"


def thinned(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return the samples decimated to about the analysis rate.

    Aliases do not matter: they keep the power, and are the same in channels that are the same.
    """
    return samples[:, :: max(1, rate_hz // _ANALYSIS_RATE_HZ)]


def select_channels(
    sound: NDArray[np.float32],
    names: Sequence[str],
    current: Sequence[int],
    carriers: Collection[int],
) -> Selection | None:
    """Return which channels to mix, None if the audio is no evidence for any choice.

    Args:
        sound: shape=(channels, samples), a few seconds from `thinned`.
        names: FFmpeg's names of the channels.
        current: The channels in use.
        carriers: The channels that carried speech of their own before. They are kept while
            silent, because somebody may speak there again.
    """
    products = sound @ sound.T / max(1, sound.shape[1])
    power = products.diagonal().astype(np.float64)
    everything = tuple(range(len(sound)))
    if not power.any() or _all_the_same(products, power):
        return Selection(everything) if power.any() else None
    levels = _Levels.of(sound)
    cancels = products.sum() / len(sound) ** 2 < _CANCELLED * power.mean()
    if levels.speech_db.max() < _SPEECH_DB and not cancels:
        return None
    reference = _reference(levels, names, current)
    kept, reasons = {reference}, set()
    for channel in everything:
        if channel == reference:
            continue
        reason = _why_not(channel, reference, sound, products, levels, names)
        if not reason or (reason == SILENT and channel in carriers):
            kept.add(channel)
        else:
            reasons.add(reason)
    told = next((reason for reason in (CANCELS, NOISY) if reason in reasons), "")
    return Selection(tuple(sorted(kept)), told or (SILENT if len(kept) == 1 else ""))


@dataclass(frozen=True, slots=True)
class _Levels:
    """Per channel: the power of its loud frames, and how far they stand out in dB."""

    loud: NDArray[np.float64]
    speech_db: NDArray[np.float64]

    @classmethod
    def of(cls, sound: NDArray[np.float32]) -> _Levels:
        frame = round(_ANALYSIS_RATE_HZ * _FRAME_S)
        frames = max(1, sound.shape[1] // frame)
        cut = sound[:, : frames * frame].reshape(len(sound), frames, -1)
        powers = np.sort(np.square(cut).mean(axis=2, dtype=np.float64), axis=1)
        soft, loud = powers[:, frames // 10], powers[:, frames * 9 // 10]
        floor = np.maximum(soft, np.maximum(loud * 10 ** (-_MOST_DB / 10), 1e-12))
        speech_db = 10 * np.log10(np.maximum(loud, 1e-12) / floor)
        is_silent = (loud < _SILENT_POWER) | (loud < loud.max() * _SILENT_RATIO)
        return cls(np.where(is_silent, 0.0, loud), np.where(is_silent, 0.0, speech_db))


def _reference(levels: _Levels, names: Sequence[str], current: Sequence[int]) -> int:
    """Return the channel that carries speech best."""
    best = float(levels.speech_db.max())
    good = [
        channel
        for channel, name in enumerate(names)
        if levels.speech_db[channel] >= best - _PREFERENCE_DB and name != _BASS
    ]
    if not good:
        return int(levels.speech_db.argmax())
    loudest = max(levels.loud[channel] for channel in good)
    return max(
        good,
        key=lambda channel: (
            len(current) == 1 and channel in current,
            names[channel] == _CENTER,
            levels.loud[channel] > loudest / 2,
            -channel,
        ),
    )


def _why_not(
    channel: int,
    reference: int,
    sound: NDArray[np.float32],
    products: NDArray[np.float32],
    levels: _Levels,
    names: Sequence[str],
) -> str:
    """Return why a channel is left out of the mix, "" if it belongs there."""
    if levels.loud[channel] == 0.0 or names[channel] == _BASS:
        return SILENT
    speech_db, best_db = levels.speech_db[channel], levels.speech_db[reference]
    if speech_db < min(_CLEAN_DB, best_db - _BETTER_DB):
        return NOISY
    scale = np.sqrt(products[channel, channel] * products[reference, reference])
    together = products[channel, reference]
    if together > _SURELY_SAME * scale:
        return ""
    peak = np.abs(_cross_correlation(sound[channel], sound[reference])).max()
    if together > max(_SAME_SOUND * scale, _AT_ONCE * peak):
        return ""
    # A copy with a delay or the opposite sign.
    return CANCELS if peak > _SAME_SOUND * scale else ""


def _cross_correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean product of both at lags up to `_MOST_LAG_S` in both directions."""
    most_lag = round(_MOST_LAG_S * _ANALYSIS_RATE_HZ)
    length = 1 << (len(one) + most_lag).bit_length()
    spectrum = np.fft.rfft(one, length) * np.conj(np.fft.rfft(other, length))
    crossed = np.fft.irfft(spectrum, length) / max(1, len(one))
    lags: NDArray[np.float32] = np.concatenate([crossed[-most_lag:], crossed[: most_lag + 1]])
    return lags


def _all_the_same(products: NDArray[np.float32], power: NDArray[np.float64]) -> bool:
    """Return whether all channels have the same content at about the same level."""
    if power.min() < power.max() / 10:
        return False
    scale = np.sqrt(np.outer(power, power))
    return bool((products >= _SURELY_SAME * scale).all())
