"""Detect which audio tracks of a file have sound, without decoding them completely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import av
import numpy as np

from granite_live.audio.frames import channels_of
from granite_live.audio.opening import DECODING_ERRORS
from granite_live.audio.tracks import Track

# Films and other recordings may begin silently, so several places are probed.
_PLACES = 6
_SECONDS_A_PLACE = 2.0
# -74 dB of full scale: above the noise of a silent track.
_SOUND = 2e-4
# Limits the search in damaged files.
_MOST_PACKETS_A_PLACE = 20_000


def silent_tracks(
    container: av.container.InputContainer, tracks: Sequence[Track]
) -> frozenset[int]:
    """Return the numbers of the tracks that are silent at all probed places.

    The container's position is undefined afterwards: open it again before reading it.
    """
    decodable = {track.index: track.number for track in tracks if track.is_decodable}
    silent = set(decodable.values())
    duration_us = container.duration or 0
    places = _PLACES if duration_us > 0 else 1
    for place in range(places):
        if not silent:
            break
        try:
            if place:
                start_us = container.start_time or 0
                container.seek(start_us + duration_us * place // places)
            silent -= _sounding(container, decodable, silent)
        except DECODING_ERRORS:
            continue
    return frozenset(silent)


def _sounding(
    container: av.container.InputContainer, decodable: dict[int, int], silent: set[int]
) -> set[int]:
    """Return which of the `silent` tracks have sound in the next seconds."""
    sounding: set[int] = set()
    heard_s = dict.fromkeys(decodable, 0.0)
    streams = [stream for stream in container.streams.audio if stream.index in decodable]
    for count, packet in enumerate(container.demux(streams)):
        number = decodable[packet.stream.index]
        if count > _MOST_PACKETS_A_PLACE or packet.size == 0:
            break
        if number not in silent or number in sounding:
            continue
        for frame in _decoded(packet):
            heard_s[packet.stream.index] += frame.samples / max(1, frame.sample_rate)
            if np.abs(channels_of(frame)).max(initial=0.0) > _SOUND:
                sounding.add(number)
        if sounding >= silent or min(heard_s.values()) > _SECONDS_A_PLACE:
            break
        if max(heard_s.values()) > 4 * _SECONDS_A_PLACE:
            break  # the others have no packets here
    return sounding


def _decoded(packet: Any) -> list[av.AudioFrame]:
    try:
        frames: list[av.AudioFrame] = packet.decode()
        return frames
    except DECODING_ERRORS:
        return []
