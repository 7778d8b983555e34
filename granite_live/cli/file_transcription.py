"""Transcribe one recording, a stretch at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from granite_live.cli.model_loading import CommandRecognizer
from granite_live.transcript.model import (
    AudioSelection,
    MixedChannels,
    RecordingTranscript,
    Transcript,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# Below this peak level (over 0.1 s) words are lost; 15 dB lower, all words.
QUIET_DBFS = -60.0
# Below the lowest 16-bit value: digital silence.
_SILENT_DBFS = -100.0
# How many levels (0.1 s each) may be quiet before the hint.
_HINT_AFTER_LEVELS = 100
_WINDOWS_PER_S = 10


class LoudnessCheck:
    """Tracks the loudest 0.1 s of a recording or session."""

    def __init__(self) -> None:
        self._loudest_dbfs = -120.0
        self._levels = 0
        self._is_told = False

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        """Process a block of audio in -1..1 [shape=(samples,)]."""
        import numpy as np

        window = max(1, min(len(samples), sample_rate_hz // _WINDOWS_PER_S))
        whole = samples[: len(samples) // window * window].reshape(-1, window)
        if len(whole):
            power = float(np.einsum("ij,ij->i", whole, whole, dtype=np.float64).max()) / window
            self.feed_level(10.0 * np.log10(max(power, 1e-12)))

    def feed_level(self, rms_dbfs: float) -> None:
        """Process the level of 0.1 s, in dBFS."""
        self._levels += 1
        self._loudest_dbfs = max(rms_dbfs, self._loudest_dbfs)

    def hint_while_listening(self) -> str:
        """Return the hint once, after ten quiet seconds; else ""."""
        is_silent = self._loudest_dbfs < _SILENT_DBFS  # the input reports silence itself
        if self._is_told or is_silent or self._levels < _HINT_AFTER_LEVELS:
            return ""
        hint = self.hint()
        self._is_told = bool(hint)
        return hint

    def hint(self) -> str:
        """Return a sentence for the user if all audio was too quiet, else ""."""
        loudest_dbfs = self._loudest_dbfs
        if self._is_told or not self._levels or loudest_dbfs >= QUIET_DBFS:
            return ""
        if loudest_dbfs < _SILENT_DBFS:
            return "The sound is digital silence: nothing was recorded, or the input is muted."
        return (
            f"The sound is very quiet ({loudest_dbfs:.0f} dBFS at its loudest), so words may be "
            f"missing: raise the level of the input or of the recording."
        )


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.audio.files import AudioFile
    from granite_live.vad.segmenter import Segmenter

    Sound = NDArray[np.float32]
    Stretch = tuple[int, Sound]

# The sample rate of the segmenter and of recorded sessions.
_SEGMENTED_RATE_HZ = 16_000
# The part length if the segmenter does not support the model's sample rate. The encoder's context
# is four seconds, so longer parts only cost memory.
_PART_S = 30


class CheckpointLike(Protocol):
    """Stored texts of an interrupted run, as in `transcript.checkpoint.Checkpoint`."""

    def take(self, starts: Sequence[int], digest: str) -> Sequence[Transcript] | None:
        """Return the texts of this passage if they are stored next."""

    def append(self, starts: Sequence[int], digest: str, transcripts: Sequence[Transcript]) -> None:
        """Append texts."""


def transcribe_file(
    audio: AudioFile,
    recognizer: CommandRecognizer,
    make_segmenter: Callable[[], Segmenter] | None,
    report: Callable[[float], None],
    load_s: float,
    kept: CheckpointLike | None = None,
    loudness: LoudnessCheck | None = None,
) -> RecordingTranscript:
    """Return the transcript of a whole recording. Memory does not grow with its length.

    Args:
        audio: A file that was just opened.
        recognizer: Transcribes segments of any length.
        make_segmenter: Returns a segmenter, as in a live session; None splits the recording only
            where it exceeds the model's limit.
        report: Receives the seconds read so far.
        load_s: The recognizer's loading time, for the result.
        kept: The checkpoint to read and write.
        loudness: Receives all audio.

    Raises:
        AudioError: Nothing of the recording could be decoded.
        GraniteError: The recognizer failed.
    """
    rate_hz = recognizer.sample_rate_hz
    read = _CountingBlocks(audio.blocks(rate_hz), rate_hz, report, loudness or LoudnessCheck())
    stretches = _segments(read, recognizer, make_segmenter)
    transcripts = tuple(_transcribed(stretches, recognizer, kept))
    return RecordingTranscript(
        audio_path=_utf8_path(audio.path),
        duration_s=read.duration_s,
        utterances=transcripts,
        model=recognizer.model_info,
        load_s=load_s,
        sound=AudioSelection(
            track=audio.track.number,
            tracks=len(audio.tracks),
            language=audio.track.language,
            channels=tuple(MixedChannels(use.start_s, use.used, use.of) for use in audio.channels),
        ),
    )


def _transcribed(
    stretches: Iterable[Stretch], recognizer: CommandRecognizer, kept: CheckpointLike | None
) -> Iterator[Transcript]:
    """Yield the transcripts in order, batched as the recognizer prefers."""
    enough = recognizer.batch_window_s * recognizer.sample_rate_hz
    gathered: list[Stretch] = []
    for stretch in stretches:
        gathered.append(stretch)
        if sum(len(sound) for _, sound in gathered) >= enough:
            yield from _transcribe_batch(gathered, recognizer, kept)
            gathered.clear()
    if gathered:
        yield from _transcribe_batch(gathered, recognizer, kept)


def _transcribe_batch(
    stretches: Sequence[Stretch], recognizer: CommandRecognizer, kept: CheckpointLike | None
) -> Sequence[Transcript]:
    """Return the transcripts of one batch of segments."""
    starts, sounds = zip(*stretches, strict=True)
    digest = _digest(sounds) if kept is not None else ""
    known = None if kept is None else kept.take(starts, digest)
    if known is not None:
        return known
    made = recognizer.transcribe_many(sounds)
    made = [
        transcript.shifted(start / recognizer.sample_rate_hz)
        for start, transcript in zip(starts, made, strict=True)
    ]
    if kept is not None:
        kept.append(starts, digest, made)
    return made


def _digest(sounds: Iterable[Sound]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for sound in sounds:
        digest.update(len(sound).to_bytes(8, "little"))
        digest.update(sound.tobytes())
    return digest.hexdigest()


class _CountingBlocks:
    """Audio blocks that are counted while they are read."""

    def __init__(
        self,
        blocks: Iterable[Sound],
        rate_hz: int,
        report: Callable[[float], None],
        loudness: LoudnessCheck,
    ) -> None:
        self._blocks = blocks
        self._rate_hz = rate_hz
        self._report = report
        self._loudness = loudness
        self._samples = 0

    @property
    def duration_s(self) -> float:
        """The seconds read so far."""
        return self._samples / self._rate_hz

    def __iter__(self) -> Iterator[Sound]:
        for block in self._blocks:
            self._loudness.feed(block, self._rate_hz)
            yield block
            # The next block is requested only after this one is transcribed.
            self._samples += len(block)
            self._report(self.duration_s)


def _segments(
    blocks: Iterable[Sound],
    recognizer: CommandRecognizer,
    make_segmenter: Callable[[], Segmenter] | None,
) -> Iterator[Stretch]:
    """Yield (start sample, audio) of each segment in order."""
    from granite_live.asr.parts import stream_parts

    rate_hz, longest = recognizer.sample_rate_hz, recognizer.max_samples
    if make_segmenter is not None and rate_hz == _SEGMENTED_RATE_HZ:
        yield from _utterances(blocks, make_segmenter())
        return
    if make_segmenter is not None:
        longest = min(longest, _PART_S * rate_hz)
    for part in stream_parts(blocks, longest, rate_hz):
        yield part.start_sample, part.waveform


def _utterances(blocks: Iterable[Sound], segmenter: Segmenter) -> Iterator[Stretch]:
    from granite_live.util.pcm import to_float32, to_int16
    from granite_live.vad.segmenter import segment_stream

    # Convert to 16 bits as a live session does, so that equal audio gives equal text.
    for one in segment_stream((to_int16(block) for block in blocks), segmenter):
        yield one.start_sample, to_float32(one.samples)


def _utf8_path(path: Path) -> str:
    """Return the path as UTF-8 text, even if the locale is not UTF-8."""
    return os.fsencode(path).decode("utf-8", errors="surrogateescape")
