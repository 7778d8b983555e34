"""Opens any audio or video file and yields its first audio track as mono float32 blocks.

Decoding is FFmpeg's, through PyAV. The file is opened here and FFmpeg only gets to
read it: no addresses, no protocols, and no second file that the first one names.
Nothing is allocated by what a file declares about itself, and a file streams
through: a recording of two hours takes no more memory than one of two seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from granite_live.audio.blocks import Blocks
from granite_live.audio.completeness import end_is_missing
from granite_live.audio.frames import mono
from granite_live.audio.opening import (
    DECODING_ERRORS,
    audio_stream,
    open_container,
    open_file,
    quoted,
    reason,
)
from granite_live.audio.report import DamageReport
from granite_live.audio.timeline import Timeline
from granite_live.closing import Closing
from granite_live.errors import AudioError

# Slower or faster "sound" than this is a damaged header: the slowest real files have
# 4 kHz, the fastest 768 kHz.
_SAMPLE_RATES_HZ = range(1_000, 1_000_001)

# Containers that write down how long their tracks are. For the others FFmpeg guesses
# from the bit rate or looks at the end, which proves nothing.
_WRITES_DURATION = frozenset(
    (
        *("aiff", "ape", "au", "avi", "caf", "flac", "matroska,webm"),
        *("mov,mp4,m4a,3gp,3g2,mj2", "mp3", "ogg", "tta", "w64", "wav", "wv"),
    )
)
# Headers count in frames or whole packets; an MP3 without a Xing header is estimated.
_DURATION_SLACK_S = 0.5
_DURATION_SLACK = {"mp3": 0.1}
_USUAL_DURATION_SLACK = 0.01

# The longest piece of silence made at a time.
_SILENCE_PIECE_S = 0.5


class AudioFile(Closing):
    """An opened recording. Made by `open_audio`; a context manager; read once.

    Attributes:
        path: The file.
        duration_s: The length that the file declares, None if it declares none.
            Good for a progress bar; the truth is known after the last block.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.duration_s: float | None = None
        self._file = file
        self._report = DamageReport(quoted(path))
        self._end_is_missing = end_is_missing(file)
        self._container = open_container(path, file)
        try:
            self._stream = audio_stream(path, self._container)
        except BaseException:
            self._container.close()
            raise
        if self._container.duration is not None and self._container.duration > 0:
            self.duration_s = self._container.duration / 1_000_000
        self._is_read = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about damage met so far; complete when `blocks` has ended."""
        return self._report.sentences()

    def close(self) -> None:
        """Close the file. Doing so twice does no harm."""
        self._container.close()
        self._file.close()

    def blocks(self, sample_rate_hz: int) -> Iterator[NDArray[np.float32]]:
        """Yield the track as mono blocks [shape=(samples,), float32, full scale 1.0].

        Each block lasts half a second, the last one may be shorter. Damaged pieces
        are left out, sound after them keeps its time; `warnings` tells afterwards.

        Raises:
            AudioError: Nothing at all could be decoded.
            RuntimeError: The blocks of this file were already asked for.
        """
        if self._is_read:
            raise RuntimeError(f"the blocks of {self.path} can be read once")
        self._is_read = True
        return self._blocks(sample_rate_hz)

    def _blocks(self, sample_rate_hz: int) -> Iterator[NDArray[np.float32]]:
        blocks = Blocks(sample_rate_hz)
        clock = Timeline(_seconds(self._container.start_time))
        for frame in self._frames(clock):
            try:
                samples, rate_hz = self._samples(frame), _sample_rate_hz(frame)
            except DECODING_ERRORS as error:
                self._report.add_damage(clock.position_s, reason(error))
                continue
            missing = round(clock.silence_before(frame.time) * rate_hz)
            while missing > 0:
                piece = np.zeros(min(missing, int(rate_hz * _SILENCE_PIECE_S)), dtype=np.float32)
                missing -= len(piece)
                clock.advance(len(piece), rate_hz)
                yield from blocks.add(piece, rate_hz)
            clock.advance(len(samples), rate_hz)
            yield from blocks.add(samples, rate_hz)
        yield from blocks.finish()
        self._finish(clock)

    def _frames(self, clock: Timeline) -> Iterator[av.AudioFrame]:
        """Yield the frames that can be decoded, and report those that cannot."""
        packets = self._container.demux(self._stream)
        at_end = False
        while not at_end:
            packet: av.Packet[av.AudioStream] | None = None  # what makes the decoder finish
            try:
                packet = next(packets, None)
            except DECODING_ERRORS as error:
                self._report.unreadable_from_s = clock.position_s
                self._report.reason = reason(error)
            at_end = packet is None
            if packet is not None and packet.size == 0:
                continue  # would end the decoder too early
            try:
                frames = self._stream.decode(packet)
            except DECODING_ERRORS as error:
                self._report.add_damage(clock.position_s, reason(error))
                continue
            yield from frames

    def _samples(self, frame: av.AudioFrame) -> NDArray[np.float32]:
        samples = mono(frame)
        bad = ~np.isfinite(samples)
        if bad.any():
            self._report.not_numbers += int(np.count_nonzero(bad))
            samples[bad] = 0.0
        return samples

    def _finish(self, clock: Timeline) -> None:
        """Complete the report, and fail if there is nothing to report about."""
        report = self._report
        report.read_s, report.is_finished = clock.position_s, True
        report.gap_s, report.first_gap_s = clock.gap_s, clock.first_gap_s
        if not report.read_s and report.reason:
            raise AudioError(
                f"{report.name} is damaged: no part of its sound could be decoded "
                f"({report.reason}); use another copy of the recording."
            )
        declared_s = _declared_s(self._container, self._stream)
        slack = _DURATION_SLACK.get(self._container.format.name, _USUAL_DURATION_SLACK)
        ends_early = report.read_s < declared_s * (1 - slack) - _DURATION_SLACK_S
        report.end_is_missing = bool(report.read_s) and (self._end_is_missing or ends_early)


def open_audio(path: str | os.PathLike[str]) -> AudioFile:
    """Open a recording or a video on this computer. Only its header is read yet.

    Raises:
        AudioError: There is no such file, it cannot be read, it is empty, no audio or
            video file, a list of other files, or it has no audio track.
    """
    path = Path(path)
    file = open_file(path)
    try:
        return AudioFile(path, file)
    except OSError as error:
        file.close()
        raise AudioError(f"{quoted(path)} cannot be read: {reason(error)}.") from error
    except BaseException:
        file.close()
        raise


def read_audio(path: str | os.PathLike[str], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return all of a short recording as mono at that rate [shape=(samples,)].

    Raises:
        AudioError: As `open_audio`, or damage was found on the way.
    """
    with open_audio(path) as audio:
        blocks = list(audio.blocks(sample_rate_hz))
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)


def _declared_s(container: av.container.InputContainer, stream: av.AudioStream) -> float:
    """Return the track's length as the file declares it, 0.0 if it does not."""
    if container.format.name not in _WRITES_DURATION:
        return 0.0
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    # The container's length is that of its longest track.
    return (_seconds(container.duration) or 0.0) if len(container.streams) == 1 else 0.0


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000


def _sample_rate_hz(frame: av.AudioFrame) -> int:
    if frame.sample_rate not in _SAMPLE_RATES_HZ:
        raise ValueError(f"impossible sample rate of {frame.sample_rate} Hz")
    return frame.sample_rate
