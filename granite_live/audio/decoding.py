"""Decode one container to frames in order; report damage instead of raising."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from granite_live.audio.frames import channels_of
from granite_live.audio.opening import DECODING_ERRORS, reason
from granite_live.audio.report import DamageReport

# A header with a rate outside this range is damaged: the slowest real files have 4 kHz, the fastest
# 768 kHz.
_SAMPLE_RATES_HZ = range(1_000, 1_000_001)

# Concatenated MP3 files have tags between them, and frames that hold a table instead of audio.
# Neither is damage.
_MP3_TAGS = (b"ID3", b"TAG", b"APETAGEX", b"LYRICSBEGIN")
_MP3_TABLES = (b"Xing", b"Info", b"VBRI")


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """One decoded frame.

    Attributes:
        samples: shape=(channels, samples), float32, full scale 1.0.
        rate_hz: Samples per second.
        time_s: The start by the container's clock, None if it has none.
        layout: FFmpeg's name of the channel layout, such as `stereo`.
    """

    samples: NDArray[np.float32]
    rate_hz: int
    time_s: float | None
    layout: str

    @property
    def duration_s(self) -> float:
        """The length in seconds."""
        return int(self.samples.shape[1]) / self.rate_hz


class Decoder:
    """Decodes one stream of a container.

    Args:
        container: A container that was just opened.
        stream: One of its audio streams.
        report: Collects the damage.
        position_s: Returns how many seconds were delivered so far, for the report.
    """

    def __init__(
        self,
        container: av.container.InputContainer,
        stream: av.AudioStream,
        report: DamageReport,
        position_s: Callable[[], float],
    ) -> None:
        self._container = container
        self._stream = stream
        self._report = report
        self._position_s = position_s

    def sounds(self) -> Iterator[Sound]:
        """Yield the decodable frames in order."""
        for frame in self._frames():
            try:
                rate_hz = frame.sample_rate
                if rate_hz not in _SAMPLE_RATES_HZ:
                    raise ValueError(f"impossible sample rate of {rate_hz} Hz")
                sound = Sound(self._samples(frame), rate_hz, frame.time, frame.layout.name)
            except DECODING_ERRORS as error:
                self._report.add_damage(self._position_s(), reason(error))
                continue
            if sound.samples.shape[1]:
                yield sound

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Yield the frames that can be decoded, and report those that cannot."""
        packets = self._container.demux(self._stream)
        at_end = False
        while not at_end:
            packet: av.Packet[av.AudioStream] | None = None  # None flushes the decoder
            try:
                packet = next(packets, None)
            except DECODING_ERRORS as error:
                self._report.unreadable_from_s = self._position_s()
                self._report.reason = reason(error)
            at_end = packet is None
            if packet is not None and packet.size == 0:
                continue  # an empty packet would end the decoder too early
            try:
                frames = self._stream.decode(packet)
            except DECODING_ERRORS as error:
                if not self._is_seam(packet):
                    self._report.add_damage(self._position_s(), reason(error))
                continue
            yield from frames

    def _is_seam(self, packet: av.Packet[av.AudioStream] | None) -> bool:
        """Return whether the packet lies between two concatenated MP3 files."""
        if packet is None or self._container.format.name != "mp3":
            return False
        content = bytes(packet)
        return content.startswith(_MP3_TAGS) or any(table in content for table in _MP3_TABLES)

    def _samples(self, frame: av.AudioFrame) -> NDArray[np.float32]:
        samples = channels_of(frame)
        bad = ~np.isfinite(samples)
        if bad.any():
            self._report.not_numbers += int(np.count_nonzero(bad.any(axis=0)))
            samples[bad] = 0.0
        return samples
