"""Mix several channels into one, or select those that carry the speech."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.channel_analysis import Selection, select_channels, thinned
from granite_live.audio.decoding import Sound
from granite_live.audio.frames import channel_names
from granite_live.audio.report import clock
from granite_live.audio.timeline import MonoSound

# A choice is made for a window of this length, from all of its samples.
_WINDOW_S = 5.0
_SHORTEST_WINDOW_S = 0.4
# Recordings with more channels get shorter windows, so that memory stays bounded.
_USUAL_CHANNELS = 8
# Crossfade between two choices to avoid a click.
_FADE_S = 0.01
_MOST_USES = 1_000
_TOLD_USES = 4

_PLAIN_NAMES = {
    "FL": "left",
    "FR": "right",
    "FC": "center",
    "LFE": "bass",
    "BL": "back left",
    "BR": "back right",
    "SL": "side left",
    "SR": "side right",
    "BC": "back center",
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

    def __str__(self) -> str:
        """Return `left channel`, `mix`, or the names of several channels."""
        if self.is_mix:
            return "mix"
        names = " + ".join(_PLAIN_NAMES.get(name, name) for name in self.used)
        return f"{names} {'channel' if len(self.used) == 1 else 'channels'}"


class ChannelMixer:
    """Mixes the channels of one recording; mono input passes at once.

    Args:
        start_s: Where in the file the recording begins, for `uses`.
    """

    def __init__(self, start_s: float = 0.0) -> None:
        self.uses: list[ChannelUse] = []
        self._position_s = start_s
        self._waiting: list[Sound] = []
        self._waiting_s = 0.0
        self._selection = Selection(())
        self._carriers: set[int] = set()

    def add(self, sound: Sound) -> Iterator[MonoSound]:
        """Add the next frame and yield what is ready."""
        if self._waiting and not _alike(sound, self._waiting[0]):
            yield from self._mix_window()
            self._selection = Selection(())
        if len(sound.samples) == 1:
            self._selection = Selection(())
            self._position_s += sound.duration_s
            yield MonoSound(sound.samples[0], sound.rate_hz, sound.time_s)
            return
        self._waiting.append(sound)
        self._waiting_s += sound.duration_s
        if self._waiting_s * max(1, len(sound.samples) / _USUAL_CHANNELS) >= _WINDOW_S:
            yield from self._mix_window()

    def finish(self) -> Iterator[MonoSound]:
        """Yield the remaining audio."""
        yield from self._mix_window()

    def _mix_window(self) -> Iterator[MonoSound]:
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
            yield MonoSound(mono, sound.rate_hz, sound.time_s)
        self._waiting_s = 0.0

    def _select(self, sounds: Sequence[Sound]) -> Selection:
        channels = len(sounds[0].samples)
        if not self._selection.channels:
            self._carriers.clear()
        current = self._selection
        if not current.channels:
            current = Selection(tuple(range(channels)))
        # A short remainder at the end is not enough evidence for a change.
        shortest_s = _WINDOW_S / 2 if self._selection.channels else _SHORTEST_WINDOW_S
        if self._waiting_s < shortest_s:
            return current
        found = select_channels(
            np.concatenate([thinned(sound.samples, sound.rate_hz) for sound in sounds], axis=1),
            _names(sounds[0].layout, channels),
            current.channels,
            self._carriers,
        )
        if found is None:
            return current
        self._carriers.update(found.channels)
        return found

    def _note_use(self, layout: str, channels: int) -> None:
        names = _names(layout, channels)
        selection = self._selection
        used = tuple(names[channel] for channel in selection.channels)
        last = self.uses[-1] if self.uses else None
        if len(self.uses) < _MOST_USES and (last is None or (last.used, last.of) != (used, names)):
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
        since = f" from {clock(told[0].start_s)} on" if told[0].start_s else ""
        return f"{name}: the {told[0]} is used{since}, not the mix: {told[0].reason}."
    parts = [f"the {use} from {clock(use.start_s)}" for use in told[:_TOLD_USES]]
    more = len(told) - len(parts)
    rest = f", and {more} more changes" if more > 0 else ""
    return f"{name}: not always the mix of the channels is used: {', '.join(parts)}{rest}."


def _alike(one: Sound, other: Sound) -> bool:
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
