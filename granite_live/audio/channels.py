"""Mix several channels into one, or choose the channels that carry the speech."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.decoding import DecodedFrame, channel_names, format_clock
from granite_live.audio.timeline import MonoFrame
from granite_live.messages import joined
from granite_live.messages.recording import RecordingMessage

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
_MAX_DB = 40.0
# Silent: 40 dB below the loudest channel, or 80 dB below full scale.
_SILENT_RATIO = 1e-4
_SILENT_POWER = 1e-8
# Channels with the same content correlate at least this much at some lag.
_SAME_SOUND = 0.5
# Above this they are equivalent for every purpose.
_SURELY_SAME = 0.9
_MAX_LAG_S = 0.03
# Channels are in phase if no lag fits much better.
_AT_ONCE = 0.8
# If a mix keeps less than this share of the channels' power, they cancel.
_CANCELED = 0.05
_CENTER, _BASS = "FC", "LFE"


@dataclass(frozen=True, slots=True)
class ChannelSelection:
    """Indices of the channels to mix, and why others are left out ("" if that does not matter)."""

    channels: tuple[int, ...]
    reason: str = ""


SILENT = RecordingMessage.OTHER_CHANNELS_SILENT()
CANCELS = RecordingMessage.CHANNELS_CANCEL()
NOISY = RecordingMessage.OTHER_CHANNELS_NOISY()


def decimate(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return the samples decimated to about the analysis rate.

    Aliases do not matter: they keep the power, and are the same in channels that are the same.
    """
    return samples[:, :: max(1, rate_hz // _ANALYSIS_RATE_HZ)]


def select_channels(
    sound: NDArray[np.float32],
    names: Sequence[str],
    current: Sequence[int],
    speech_channels: Collection[int],
) -> ChannelSelection | None:
    """Return which channels to mix, None if the audio is no evidence for any choice.

    Args:
        sound: shape=(channels, samples), a few seconds from `decimate`.
        names: FFmpeg's names of the channels.
        current: The channels in use.
        speech_channels: The channels that carried speech of their own before. They are kept while
            silent, because somebody may speak there again.
    """
    products = sound @ sound.T / max(1, sound.shape[1])
    power = products.diagonal().astype(np.float64)
    everything = tuple(range(len(sound)))
    if not power.any() or _all_the_same(products, power):
        return ChannelSelection(everything) if power.any() else None
    levels = _Levels.of(sound)
    cancels = products.sum() / len(sound) ** 2 < _CANCELED * power.mean()
    if levels.speech_db.max() < _SPEECH_DB and not cancels:
        return None
    reference = _reference(levels, names, current)
    kept, reasons = {reference}, set()
    for channel in everything:
        if channel == reference:
            continue
        reason = _rejection_reason(channel, reference, sound, products, levels, names)
        if not reason or (reason == SILENT and channel in speech_channels):
            kept.add(channel)
        else:
            reasons.add(reason)
    told = next((reason for reason in (CANCELS, NOISY) if reason in reasons), "")
    return ChannelSelection(tuple(sorted(kept)), told or (SILENT if len(kept) == 1 else ""))


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
        floor = np.maximum(soft, np.maximum(loud * 10 ** (-_MAX_DB / 10), 1e-12))
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


def _rejection_reason(
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
    """Return the mean product of both at lags up to `_MAX_LAG_S` in both directions."""
    most_lag = round(_MAX_LAG_S * _ANALYSIS_RATE_HZ)
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


# A choice is made for a window of this length, from all of its samples.
_WINDOW_S = 5.0
_SHORTEST_WINDOW_S = 0.4
# Recordings with more channels get shorter windows, so that memory stays bounded.
_DEFAULT_CHANNELS = 8
# Crossfade between two choices to avoid a click.
_FADE_S = 0.01
_MAX_USES = 1_000
_MAX_REPORTED_USES = 4

_PLAIN_NAMES = {
    "FL": RecordingMessage.LEFT(),
    "FR": RecordingMessage.RIGHT(),
    "FC": RecordingMessage.CENTER(),
    "LFE": RecordingMessage.BASS(),
    "BL": RecordingMessage.BACK_LEFT(),
    "BR": RecordingMessage.BACK_RIGHT(),
    "SL": RecordingMessage.SIDE_LEFT(),
    "SR": RecordingMessage.SIDE_RIGHT(),
    "BC": RecordingMessage.BACK_CENTER(),
}


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """The channels used from a time on, by FFmpeg's names; all of them mean the mix."""

    start_s: float
    used: tuple[str, ...]
    of: tuple[str, ...]
    reason: str = ""

    @property
    def is_mix(self) -> bool:
        """Whether all channels that have sound are used."""
        return len(self.used) == len(self.of) or not self.reason

    @property
    def is_one(self) -> bool:
        """Whether a single channel is used."""
        return len(self.used) == 1

    def __str__(self) -> str:
        """Return `the left channel`, `the mix`, `channel 3`, or the names of several channels."""
        if self.is_mix:
            return RecordingMessage.MIX()
        names = joined((_PLAIN_NAMES.get(name, name) for name in self.used), " + ")
        if not self.used[0].isdecimal():
            if self.is_one:
                return RecordingMessage.CHANNEL(channel=names)
            return RecordingMessage.CHANNELS(channels=names)
        if self.is_one:
            return RecordingMessage.NUMBERED_CHANNEL(number=names)
        return RecordingMessage.NUMBERED_CHANNELS(numbers=names)


class ChannelMixer:
    """Mixes the channels of one recording; mono input passes at once.

    Args:
        start_s: Where in the file the recording begins, for `uses`.
    """

    def __init__(self, start_s: float = 0.0) -> None:
        self.uses: list[ChannelUse] = []
        self._position_s = start_s
        self._waiting: list[DecodedFrame] = []
        self._waiting_s = 0.0
        self._selection = ChannelSelection(())
        self._speech_channels: set[int] = set()

    def add(self, sound: DecodedFrame) -> Iterator[MonoFrame]:
        """Add the next frame and yield what is ready."""
        if self._waiting and not _alike(sound, self._waiting[0]):
            yield from self._mix_window()
            self._selection = ChannelSelection(())
        if len(sound.samples) == 1:
            self._selection = ChannelSelection(())
            self._position_s += sound.duration_s
            yield MonoFrame(sound.samples[0], sound.rate_hz, sound.time_s)
            return
        self._waiting.append(sound)
        self._waiting_s += sound.duration_s
        if self._waiting_s * max(1, len(sound.samples) / _DEFAULT_CHANNELS) >= _WINDOW_S:
            yield from self._mix_window()

    def finish(self) -> Iterator[MonoFrame]:
        """Yield the remaining audio."""
        yield from self._mix_window()

    def _mix_window(self) -> Iterator[MonoFrame]:
        if not self._waiting:
            return
        sounds, self._waiting = self._waiting, []
        before = self._selection
        self._selection = self._select(sounds)
        self._note_use(sounds[0].layout, len(sounds[0].samples))
        for sound in sounds:
            mono = _mixed(sound.samples, self._selection.channels)
            if before.channels and before.channels != self._selection.channels:
                mono = _faded(_mixed(sound.samples, before.channels), mono, sound.rate_hz)
                before = self._selection
            self._position_s += sound.duration_s
            yield MonoFrame(mono, sound.rate_hz, sound.time_s)
        self._waiting_s = 0.0

    def _select(self, sounds: Sequence[DecodedFrame]) -> ChannelSelection:
        channels = len(sounds[0].samples)
        if not self._selection.channels:
            self._speech_channels.clear()
        current = self._selection
        if not current.channels:
            current = ChannelSelection(tuple(range(channels)))
        # A short remainder at the end is not enough evidence for a change.
        shortest_s = _WINDOW_S / 2 if self._selection.channels else _SHORTEST_WINDOW_S
        if self._waiting_s < shortest_s:
            return current
        found = select_channels(
            np.concatenate([decimate(sound.samples, sound.rate_hz) for sound in sounds], axis=1),
            _names(sounds[0].layout, channels),
            current.channels,
            self._speech_channels,
        )
        if found is None:
            return current
        self._speech_channels.update(found.channels)
        return found

    def _note_use(self, layout: str, channels: int) -> None:
        names = _names(layout, channels)
        selection = self._selection
        used = tuple(names[channel] for channel in selection.channels)
        last = self.uses[-1] if self.uses else None
        if len(self.uses) < _MAX_USES and (last is None or (last.used, last.of) != (used, names)):
            self.uses.append(ChannelUse(self._position_s, used, names, selection.reason))


def channels_sentence(name: str, uses: Sequence[ChannelUse]) -> str:
    """Return a sentence on the channels used, "" if it is the mix throughout."""
    told: list[ChannelUse] = []
    for use in uses:
        if not told or str(use) != str(told[-1]):
            told.append(use)
    if all(use.is_mix for use in told):
        return ""
    # The mix at a beginning without speech is not worth mentioning.
    if len(told) == 2 and told[0].is_mix:
        del told[0]
    if len(told) == 1:
        use, reason = told[0], told[0].reason
        since = format_clock(use.start_s)
        if use.is_one and not use.start_s:
            return RecordingMessage.CHANNEL_USED(name=name, channel=use, reason=reason)
        if not use.start_s:
            return RecordingMessage.CHANNELS_USED(name=name, channels=use, reason=reason)
        if use.is_one:
            return RecordingMessage.CHANNEL_USED_SINCE(
                name=name, channel=use, since=since, reason=reason
            )
        return RecordingMessage.CHANNELS_USED_SINCE(
            name=name, channels=use, since=since, reason=reason
        )
    parts = [
        RecordingMessage.CHANNEL_FROM(channel=use, start=format_clock(use.start_s))
        for use in told[:_MAX_REPORTED_USES]
    ]
    more = len(told) - len(parts)
    listed = joined(parts, "; ")
    if more <= 0:
        return RecordingMessage.MIX_NOT_ALWAYS_USED(name=name, uses=listed)
    return RecordingMessage.MIX_NOT_ALWAYS_USED_MORE(name=name, uses=listed, more=more)


def _alike(one: DecodedFrame, other: DecodedFrame) -> bool:
    return (
        len(one.samples) == len(other.samples)
        and one.rate_hz == other.rate_hz
        and one.layout == other.layout
    )


def _names(layout: str, channels: int) -> tuple[str, ...]:
    """Return the names of the channels, numbers if the layout has none."""
    try:
        names = channel_names(layout)
    except ValueError:
        names = ()
    if len(names) == channels and len(set(names)) == channels and "NONE" not in names:
        return names
    if channels == 2:  # two unnamed channels mean left and right
        return ("FL", "FR")
    return tuple(str(number) for number in range(1, channels + 1))


def _mixed(samples: NDArray[np.float32], channels: Sequence[int]) -> NDArray[np.float32]:
    if len(channels) == 1:
        only: NDArray[np.float32] = samples[channels[0]]
        return only
    if len(channels) == 2:  # the usual case, and faster
        both: NDArray[np.float32] = samples[channels[0]] + samples[channels[1]]
        return both * np.float32(0.5)
    used = samples if len(channels) == len(samples) else samples[list(channels)]
    mixed: NDArray[np.float32] = used.mean(axis=0, dtype=np.float64).astype(np.float32)
    return mixed


def _faded(old: NDArray[np.float32], new: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return `new`, with its beginning crossfaded from `old`."""
    length = min(len(new), round(_FADE_S * rate_hz))
    part = np.linspace(0.0, 1.0, length, dtype=np.float32)
    return np.concatenate([old[:length] * (1 - part) + new[:length] * part, new[length:]])
