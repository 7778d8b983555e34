"""Decode one media container into float32 frames, and report damage instead of raising it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from granite_live.audio.opening import DECODING_ERRORS, decoding_error_reason
from granite_live.messages.recording import RecordingMessage

# The memory layout of FFmpeg's sample formats (native byte order), the value of silence and the
# value of full scale. "p" at the end of a name means planar.
_FORMATS = {
    "u8": ("u1", 128.0, 2.0**7),
    "s16": ("i2", 0.0, 2.0**15),
    "s32": ("i4", 0.0, 2.0**31),
    "s64": ("i8", 0.0, 2.0**63),
    "flt": ("f4", 0.0, 1.0),
    "dbl": ("f8", 0.0, 1.0),
}

# FFmpeg stores this many plane pointers in the frame itself. PyAV detects the end of the list by a
# null pointer, so with this many planes or more it reads past the end.
_POINTERS_IN_FRAME = 8


def channels_of(frame: av.AudioFrame) -> NDArray[np.float32]:
    """Return the frame's samples [shape=(channels, samples)], full scale 1.0.

    float32 passes unchanged; 24-bit and shorter integers are exact. NaN and infinity are kept.

    Raises:
        ValueError: The sample format is unknown, or the frame is inconsistent.
    """
    channels = frame.layout.nb_channels
    if channels < 1 or frame.samples < 1:
        return np.zeros((max(1, channels), 0), dtype=np.float32)
    if frame.format.is_planar and channels >= _POINTERS_IN_FRAME:
        parts = [_array(packed, channels) for packed in _packed(frame)]
        return np.concatenate(parts, axis=1)
    return _array(frame, channels)


def channel_names(layout: str) -> tuple[str, ...]:
    """Return FFmpeg's names of a layout's channels: `("FL", "FR")` for `stereo`."""
    return tuple(channel.name for channel in av.AudioLayout(layout).channels)


def _packed(frame: av.AudioFrame) -> list[av.AudioFrame]:
    """Return the planar frame's samples as packed frames (in practice one)."""
    converter = av.AudioResampler(format=frame.format.packed, layout=frame.layout)
    return [*converter.resample(frame), *converter.resample(None)]


def _array(frame: av.AudioFrame, channels: int) -> NDArray[np.float32]:
    """Return the frame as floats, full scale 1.0 [shape=(channels, samples)]."""
    name = frame.format.name
    try:
        dtype, silence, full_scale = _FORMATS[name.removesuffix("p")]
    except KeyError:
        raise ValueError(f"unknown sample format {name!r}") from None
    if frame.format.is_planar:
        planes = frame.planes[:channels]
        raw = np.stack(
            [np.frombuffer(memoryview(p), dtype=dtype, count=frame.samples) for p in planes]
        )
    else:
        flat = np.frombuffer(
            memoryview(frame.planes[0]), dtype=dtype, count=frame.samples * channels
        )
        raw = flat.reshape(frame.samples, channels).T
    if dtype == "f4":
        return raw.astype(np.float32)
    if dtype == "i2":  # exact in float32, also after division by a power of two
        return raw.astype(np.float32) * np.float32(1.0 / full_scale)
    # float64 holds every 32-bit integer, so there is one rounding at the end. A double beyond the
    # range of float32 becomes infinite, which the caller detects.
    with np.errstate(over="ignore", invalid="ignore"):
        return ((raw.astype(np.float64) - silence) / full_scale).astype(np.float32)


@dataclass
class DamageReport:
    """Counts what was left out or replaced while a file was decoded."""

    name: str
    damaged_pieces: int = 0
    damaged_at_end: int = 0
    first_damage_s: float = 0.0
    unreadable_from_s: float | None = None
    reason: str = ""
    not_numbers: int = 0
    gap_s: float = 0.0
    first_gap_s: float = 0.0
    end_is_missing: bool = False
    missing_s: float = 0.0
    header_s: float | None = None
    jumps: int = 0
    first_jump_s: float = 0.0
    read_s: float = 0.0
    is_finished: bool = False

    def add_damage(self, at_s: float, reason: str) -> None:
        """Count a piece that could not be decoded."""
        if not self.damaged_pieces:
            self.first_damage_s = at_s
            self.reason = reason
        self.damaged_pieces += 1
        self.damaged_at_end += 1

    def add_sound(self) -> None:
        """Note that a piece was decoded, so that the damage before it is not at the end."""
        self.damaged_at_end = 0

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each kind of damage found so far."""
        found = []
        # The last piece of a file that was cut off is no damage of its own.
        damaged = self.damaged_pieces - (self.damaged_at_end if self.end_is_missing else 0)
        if damaged:
            pieces = (
                RecordingMessage.ONE_PIECE()
                if damaged == 1
                else RecordingMessage.PIECES(count=damaged)
            )
            found.append(
                RecordingMessage.PIECES_DAMAGED(
                    name=self.name, pieces=pieces, first=format_clock(self.first_damage_s)
                )
            )
        if self.gap_s:
            found.append(
                RecordingMessage.GAP_FILLED(
                    name=self.name, gap_s=self.gap_s, first=format_clock(self.first_gap_s)
                )
            )
        if self.not_numbers:
            found.append(RecordingMessage.NOT_NUMBERS(name=self.name, count=self.not_numbers))
        if self.unreadable_from_s is not None:
            found.append(
                RecordingMessage.UNREADABLE_FROM(
                    name=self.name, start=format_clock(self.unreadable_from_s), reason=self.reason
                )
            )
        elif self.end_is_missing:
            missing = RecordingMessage.END_MISSING()
            if self.missing_s:
                missing = RecordingMessage.LAST_SECONDS_MISSING(seconds=self.missing_s)
            found.append(
                RecordingMessage.CUT_OFF(
                    name=self.name, missing=missing, end=format_clock(self.read_s)
                )
            )
        if self.is_finished and not self.read_s:
            found.append(RecordingMessage.NO_SOUND(name=self.name))
        return tuple(found)

    def notes(self) -> tuple[str, ...]:
        """Return one sentence for each irregularity that lost nothing."""
        found = []
        if self.header_s is not None:
            found.append(
                RecordingMessage.HEADER_TOO_SHORT(
                    name=self.name, header=format_clock(self.header_s)
                )
            )
        if self.jumps:
            times = (
                RecordingMessage.ONCE()
                if self.jumps == 1
                else RecordingMessage.TIMES(count=self.jumps)
            )
            found.append(
                RecordingMessage.CLOCK_JUMPS(
                    name=self.name, times=times, first=format_clock(self.first_jump_s)
                )
            )
        return tuple(found)


def format_clock(time_s: float) -> str:
    """Format a time as `1:02:03.4`, or `2:03.4` below an hour."""
    tenths = round(time_s * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"


# A header with a rate outside this range is damaged: the slowest real files have 4 kHz, the fastest
# 768 kHz.
_SAMPLE_RATES_HZ = range(1_000, 1_000_001)

# Concatenated MP3 files have tags between them, and frames that hold a table instead of audio.
# Neither is damage.
_MP3_TAGS = (b"ID3", b"TAG", b"APETAGEX", b"LYRICSBEGIN")
_MP3_TABLES = (b"Xing", b"Info", b"VBRI")
_MP3_TABLE_ENDS = 40
"""Where the table's name ends at the latest, in bytes."""
_ID3_HEAD_BYTES = 10
_ID3V1_BYTES = 128


@dataclass(frozen=True, slots=True, eq=False)
class DecodedFrame:
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


def _without_tag(packet: av.Packet[av.AudioStream]) -> av.Packet[av.AudioStream]:
    """Return the packet without a tag before its frame, which FFmpeg would drop with the tag."""
    content = bytes(packet)
    if content.startswith(b"ID3") and len(content) > _ID3_HEAD_BYTES:
        # Seven bits of each byte count.
        parts = (byte << 7 * place for place, byte in enumerate(reversed(content[6:10])))
        rest = content[_ID3_HEAD_BYTES + sum(parts) :]
    elif content.startswith(b"TAG"):
        rest = content[_ID3V1_BYTES:]
    else:
        return packet
    if not rest:
        return packet
    frame = cast("av.Packet[av.AudioStream]", av.Packet(rest))
    frame.pts, frame.dts, frame.time_base = packet.pts, packet.dts, packet.time_base
    return frame


def _is_table(packet: av.Packet[av.AudioStream]) -> bool:
    """Return whether the frame holds a table of the file's contents, and no audio."""
    head = bytes(packet)[:_MP3_TABLE_ENDS]
    return any(table in head for table in _MP3_TABLES)


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

    def sounds(self) -> Iterator[DecodedFrame]:
        """Yield the decodable frames in order."""
        for frame in self._frames():
            try:
                rate_hz = frame.sample_rate
                if rate_hz not in _SAMPLE_RATES_HZ:
                    raise ValueError(f"impossible sample rate of {rate_hz} Hz")
                sound = DecodedFrame(self._samples(frame), rate_hz, frame.time, frame.layout.name)
            except DECODING_ERRORS as error:
                self._report.add_damage(self._position_s(), decoding_error_reason(error))
                continue
            if sound.samples.shape[1]:
                self._report.add_sound()
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
                self._report.reason = decoding_error_reason(error)
            at_end = packet is None
            if packet is not None and packet.size and self._container.format.name == "mp3":
                packet = _without_tag(packet)
                if _is_table(packet):
                    continue
            if packet is not None and packet.size == 0:
                continue  # an empty packet would end the decoder too early
            try:
                frames = self._stream.decode(packet)
            except DECODING_ERRORS as error:
                if not self._is_seam(packet):
                    self._report.add_damage(self._position_s(), decoding_error_reason(error))
                continue
            yield from frames

    def _is_seam(self, packet: av.Packet[av.AudioStream] | None) -> bool:
        """Return whether the packet lies between two concatenated MP3 files."""
        if packet is None or self._container.format.name != "mp3":
            return False
        return bytes(packet).startswith(_MP3_TAGS)

    def _samples(self, frame: av.AudioFrame) -> NDArray[np.float32]:
        samples = channels_of(frame)
        bad = ~np.isfinite(samples)
        if bad.any():
            self._report.not_numbers += int(np.count_nonzero(bad.any(axis=0)))
            samples[bad] = 0.0
        return samples
