"""Open any audio or video file and yield one audio track as mono float32 blocks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from granite_live.audio.channels import ChannelMixer, ChannelUse, channels_sentence
from granite_live.audio.containers import PartFile, examine
from granite_live.audio.decoding import DamageReport, Decoder, channels_of
from granite_live.audio.opening import (
    DECODING_ERRORS,
    audio_tracks,
    decoding_error_reason,
    open_container,
    open_file,
    quote_path,
    select_stream,
    spool_to_file,
)
from granite_live.audio.resampling import BlockResampler
from granite_live.audio.timeline import MonoFrame, Timeline
from granite_live.audio.tracks import Track, choice_sentence, choose_track
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import Closeable

# Films and other recordings may begin silently, so several places are probed.
_PLACES = 6
_SECONDS_A_PLACE = 2.0
# -74 dB of full scale: above the noise of a silent track.
_SOUND = 2e-4
# Limits the search in damaged files.
_MAX_PACKETS_A_PLACE = 20_000


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
        if count > _MAX_PACKETS_A_PLACE or packet.size == 0:
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


# Containers that store the length of their tracks. For the others FFmpeg estimates it from the bit
# rate or the end of the file, which proves nothing; WAV is examined beforehand.
_WRITES_DURATION = frozenset(
    (
        *("aiff", "ape", "au", "avi", "caf", "flac", "matroska,webm"),
        *("mov,mp4,m4a,3gp,3g2,mj2", "mp3", "tta", "w64", "wv"),
    )
)
# Headers count in frames or whole packets; for an MP3 without a Xing header it is an estimate.
_DURATION_SLACK_S = 0.5
_DURATION_SLACK = {"mp3": 0.1}
_DEFAULT_DURATION_SLACK = 0.01

# Containers that store the time of each packet.
_HAS_CLOCK = frozenset(
    (
        *("asf", "flv", "live_flv", "matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "mpeg", "mpegts"),
        *("mxf", "nut", "ogg", "rm", "wtv"),
    )
)
# FFmpeg's AVFMT_TS_DISCONT.
_CLOCK_MAY_JUMP = 0x0200


class AudioFile(Closeable):
    """An open recording, made by `open_audio`; a context manager that is read once.

    Attributes:
        path: The file; `-` for standard input.
        duration_s: The declared length, None if there is none. Good enough for a progress
            bar; the true length is known after the last block.
        tracks: The audio tracks.
        track: The track that is read.
        silent: The numbers of tracks that seem to be silent.
    """

    def __init__(
        self, path: Path, file: BinaryIO, name: str, audio_track: int | str | None = None
    ) -> None:
        self.path = path
        self.name = name
        self.duration_s: float | None = None
        self.silent: frozenset[int] = frozenset()
        self._file = file
        self._report = DamageReport(name)
        self._layout = examine(file)
        if self._layout.is_encrypted:
            raise AudioError(RecordingMessage.ENCRYPTED(name=name))
        if self._layout.is_cut_before_sound:
            raise self._cut_before_sound()
        self._container = self._open(0)
        try:
            self.tracks = audio_tracks(name, self._container)
            if len(self.tracks) > 1 and not isinstance(audio_track, int):
                self.silent = silent_tracks(self._container, self.tracks)
                self._container.close()
                self._container = self._open(0)
            self.track = choose_track(name, self.tracks, audio_track, self.silent)
        except BaseException:
            self._container.close()
            raise
        if self._layout.parts:
            self.duration_s = self._layout.duration_s
        elif (duration_s := _container_s(self._container)) > 0.0:
            self.duration_s = duration_s
        self._mixers: list[ChannelMixer] = []
        self._is_read = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about the damage found so far; complete when `blocks` has ended."""
        return self._report.sentences()

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about choices that were made; complete when `blocks` has ended."""
        choice = choice_sentence(self.name, self.tracks, self.track, self.silent)
        channels = channels_sentence(self.name, self.channels)
        return (*filter(None, (choice, channels)), *self._report.notes())

    @property
    def channels(self) -> tuple[ChannelUse, ...]:
        """The channels used from each time on; complete when `blocks` has ended.

        Times count samples, before gaps of the clock are filled. Empty for a mono recording.
        """
        return tuple(use for mixer in self._mixers for use in mixer.uses)

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._container.close()
        self._file.close()

    def blocks(self, sample_rate_hz: int) -> Iterator[NDArray[np.float32]]:
        """Yield the track as mono blocks [shape=(samples,), float32, full scale 1.0].

        Each block lasts half a second, the last one may be shorter. Damaged pieces are left out,
        and later audio keeps its time; `warnings` describes them afterwards.

        Raises:
            AudioError: Nothing could be decoded.
            RuntimeError: The blocks were already requested.
        """
        if self._is_read:
            raise RuntimeError(f"the blocks of {self.path} can be read once")
        self._is_read = True
        return self._blocks(sample_rate_hz)

    def _blocks(self, sample_rate_hz: int) -> Iterator[NDArray[np.float32]]:
        blocks = BlockResampler(sample_rate_hz)
        parts = max(1, len(self._layout.parts))
        for number in range(parts):
            clock = self._part_clock(number)
            if clock is None:
                continue
            yield from self._part_blocks(clock, blocks)
            is_last = number == parts - 1
            self._finish_part(clock, is_last=is_last)
        yield from blocks.finish()
        self._finish()

    def _part_clock(self, number: int) -> Timeline | None:
        """Open part `number` and return its clock, None if it cannot be opened."""
        if number:
            self._container.close()
            try:
                self._container = self._open(number)
                tracks = audio_tracks(self.name, self._container)
                numbers = [track.number for track in tracks]
                wish = self.track.number if self.track.number in numbers else None
                self._stream = select_stream(self._container, choose_track(self.name, tracks, wish))
            except AudioError as error:
                self._report.add_damage(self._report.read_s, str(error))
                return None
        else:
            self._stream = select_stream(self._container, self.track)
        container_format = self._container.format
        return Timeline(
            _seconds(self._container.start_time),
            may_jump=bool(int(container_format.flags) & _CLOCK_MAY_JUMP),
            has_no_clock=container_format.name not in _HAS_CLOCK,
        )

    def _part_blocks(
        self, clock: Timeline, blocks: BlockResampler
    ) -> Iterator[NDArray[np.float32]]:
        decoder = Decoder(
            *(self._container, self._stream, self._report),
            lambda: self._report.read_s + clock.position_s,
        )
        mixer = ChannelMixer(self._report.read_s)
        self._mixers.append(mixer)
        for sound in decoder.sounds():
            yield from _placed(mixer.add(sound), clock, blocks)
        yield from _placed(mixer.finish(), clock, blocks)
        for piece, rate_hz in clock.finish():
            yield from blocks.add(piece, rate_hz)

    def _finish_part(self, clock: Timeline, *, is_last: bool) -> None:
        """Add the figures of a part to the report."""
        report = self._report
        if clock.gap_s and not report.gap_s:
            report.first_gap_s = report.read_s + clock.first_gap_s
        report.gap_s += clock.gap_s
        if clock.jumps and not report.jumps:
            report.first_jump_s = report.read_s + clock.first_jump_s
        report.jumps += clock.jumps
        report.read_s += clock.position_s
        declared_s = _declared_s(self._container, self._stream)
        slack = _DURATION_SLACK.get(self._container.format.name, _DEFAULT_DURATION_SLACK)
        ends_early = clock.position_s < declared_s * (1 - slack) - _DURATION_SLACK_S
        if is_last and (self._layout.is_cut or ends_early):
            report.end_is_missing = True
            report.missing_s = self._layout.missing_s or max(0.0, declared_s - clock.position_s)

    def _finish(self) -> None:
        """Complete the report; raise if nothing was decoded."""
        report = self._report
        report.is_finished = True
        report.header_s = self._layout.header_s
        if report.read_s:
            return
        if report.reason:
            raise AudioError(
                RecordingMessage.NOTHING_DECODABLE(name=report.name, reason=report.reason)
            )
        if report.end_is_missing:
            raise self._cut_before_sound()

    def _cut_before_sound(self) -> AudioError:
        return AudioError(RecordingMessage.CUT_OFF_BEFORE_SOUND(name=self.name))

    def _open(self, number: int) -> av.container.InputContainer:
        parts = self._layout.parts
        if not parts:
            self._file.seek(0)
            return open_container(self.name, self.path.suffix, self._file)
        return open_container(self.name, self.path.suffix, PartFile(self._file, parts[number]))


def open_audio(path: str | os.PathLike[str], *, audio_track: int | str | None = None) -> AudioFile:
    """Open an audio or video file of this computer. Only its header is read.

    Args:
        path: The file.
        audio_track: The track to read: a number from 1 or a language tag, as returned by
            `tracks.parse_track_choice`. None: the default track.

    Raises:
        AudioError: The file does not exist, cannot be read, is empty, is not an audio or video
            file or lists other files, or it has no (such) audio track.
    """
    path = Path(path)
    return _opened(path, open_file(path), quote_path(path), audio_track)


def open_audio_stream(stream: BinaryIO, *, audio_track: int | str | None = None) -> AudioFile:
    """Open a recording from a pipe, such as standard input.

    It is read completely first, see `opening.spool_to_file`. The path of the result is `-`.

    Raises:
        AudioError: As `open_audio`, or the stream is empty or cannot be stored.
    """
    return _opened(Path("-"), spool_to_file(stream), RecordingMessage.STANDARD_INPUT(), audio_track)


def _opened(path: Path, file: BinaryIO, name: str, audio_track: int | str | None) -> AudioFile:
    try:
        return AudioFile(path, file, name, audio_track)
    except OSError as error:
        file.close()
        raise AudioError(
            RecordingMessage.UNREADABLE(name=name, reason=decoding_error_reason(error))
        ) from error
    except BaseException:
        file.close()
        raise


def read_audio(path: str | os.PathLike[str], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return a short recording as mono at the given rate [shape=(samples,)].

    Raises:
        AudioError: As `open_audio`, or the recording is damaged.
    """
    with open_audio(path) as audio:
        blocks = list(audio.blocks(sample_rate_hz))
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)


def _placed(
    sounds: Iterator[MonoFrame], clock: Timeline, blocks: BlockResampler
) -> Iterator[NDArray[np.float32]]:
    """Yield the blocks completed when `sounds` are placed on the clock."""
    for sound in sounds:
        for piece, rate_hz in clock.add(sound):
            yield from blocks.add(piece, rate_hz)


def _declared_s(container: av.container.InputContainer, stream: av.AudioStream) -> float:
    """Return the declared length of the track in seconds, 0.0 if there is none."""
    if container.format.name not in _WRITES_DURATION:
        return 0.0
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    # The length of the container is that of its longest track.
    return _container_s(container) if len(container.streams) == 1 else 0.0


def _container_s(container: av.container.InputContainer) -> float:
    """Return the declared length of the container in seconds, 0.0 if there is none."""
    duration_s = _seconds(container.duration) or 0.0
    if container.format.name == "matroska,webm":
        # Matroska counts the length from zero, wherever the clock starts.
        duration_s -= max(0.0, _seconds(container.start_time) or 0.0)
    return max(0.0, duration_s)


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000
