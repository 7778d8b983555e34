"""Turn recordings into text: what `transcribe` and a file dropped on the window share.

Both open files, choose tracks and recognize an interrupted recording here. The command then calls
`FileTranscriber`; the window records a session, see docs/decisions/0008.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from granite_live import __version__
from granite_live.transcript.checkpoint import (
    Checkpoint,
    delete_expired_checkpoints,
    fingerprint,
    folder_contents,
)
from granite_live.transcript.model import (
    AudioSelection,
    MixedChannels,
    ModelInfo,
    RecordingTranscript,
    Transcript,
)
from granite_live.transcript.polish import Polish
from granite_live.util.lifecycle import read_ahead

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.audio.files import AudioFile
    from granite_live.vad.segmenter import Segmenter

    Sound = NDArray[np.float32]
    Segment = tuple[int, Sound]

# The sample rate of the segmenter and of recorded sessions.
_SEGMENTED_RATE_HZ = 16_000
# The part length if the segmenter does not support the model's sample rate. The encoder's context
# is four seconds, so longer parts only cost memory.
_PART_S = 30


@dataclass(frozen=True, slots=True)
class FileTracks:
    """The name of the audio track that is taken, and the names of the others by their number."""

    taken: str
    others: dict[int, str]


def open_recording(source: Path | BinaryIO, audio_track: int | str | None = None) -> AudioFile:
    """Open a file, or a stream such as standard input.

    Raises:
        AudioError: It cannot be read, or has no such track.
    """
    from granite_live.audio.files import open_audio, open_audio_stream

    if isinstance(source, Path):
        return open_audio(source, audio_track=audio_track)
    return open_audio_stream(source, audio_track=audio_track)


def file_tracks(audio: AudioFile, audio_track: int | None) -> FileTracks | None:
    """Return which track of a file is taken if `audio_track` is requested (None: no wish).

    None if no other track has sound.
    """
    names = {
        one.number: str(one)
        for one in audio.tracks
        if one.is_decodable and one.number not in audio.silent
    }
    number = audio_track or audio.track.number
    taken = names.pop(number, str(number))
    return FileTracks(taken, names) if names else None


def resume_key(path: Path, model_path: Path, options: Sequence[object]) -> str:
    """Return a digest of a recording and of everything that determines its text.

    It names the checkpoint of a command and marks the journal of a session. Spelling rules and
    export formats do not count: what is stored is raw.

    Args:
        path: The recording.
        model_path: The model's folder.
        options: Whatever else changes the text, as values for JSON.

    Raises:
        OSError: The recording or the model's folder cannot be read.
    """
    facts = [
        __version__,
        fingerprint(path),
        str(model_path.absolute()),
        folder_contents(model_path),
        options,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


class FileRecognizer(Protocol):
    """The part of `granite_live.asr.Recognizer` that transcribes files."""

    threads: int

    @property
    def sample_rate_hz(self) -> int:
        """The sample rate of its waveforms in Hz."""

    @property
    def max_samples(self) -> int:
        """The longest waveform per call, in samples."""

    @property
    def batch_window_s(self) -> float:
        """Seconds of audio worth batching; 0 if batching does not help."""

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Why it runs on other providers than requested."""

    @property
    def model_info(self) -> ModelInfo:
        """The model and the provider of each graph."""

    def transcribe_many(self, waveforms: Sequence[Sound]) -> list[Transcript]:
        """Return the texts of waveforms [each shape=(samples,)]."""


class FileListener:
    """Follows the transcription of one file; this one ignores everything.

    A method may raise to stop the work.
    """

    def working(self) -> AbstractContextManager[None]:
        """Return a context that is open while the file is read and transcribed."""
        return nullcontext()

    def samples_read(self, samples: Sound, sample_rate_hz: int) -> None:
        """Take every block of audio in -1..1 [shape=(samples,)] that is read."""

    def progress(self, done_s: float) -> None:
        """Show how many seconds are done."""

    def resumed(self, at_s: float) -> None:
        """Say that an earlier run left texts up to this second."""

    def checkpoint_failed(self, error: OSError, *, had_begun: bool) -> None:
        """Say, once, that texts are not stored for resuming, or no longer."""


@dataclass(frozen=True, slots=True)
class FileTranscriber:
    """Transcribes recordings with one loaded model. Memory does not grow with their length.

    Attributes:
        recognizer: Transcribes segments of any length.
        make_segmenter: Returns a segmenter, as in a live session; None splits a recording only
            where it exceeds the model's limit.
        load_s: The recognizer's loading time, for the result.
        polish: Applied to every text that is delivered; token ids and drafts stay raw.
        options: Options that change texts, for the name of the checkpoint.
        restart: Ignore the checkpoint of an earlier run.
        segments_ahead: How many segments a thread finds while the recognizer computes; 0: none, a
            segment is sought when the one before is transcribed. For a recognizer that computes in
            another process. The listener is then called from that thread.
    """

    recognizer: FileRecognizer
    make_segmenter: Callable[[], Segmenter] | None
    load_s: float = 0.0
    polish: Polish = field(default_factory=Polish)
    options: Mapping[str, object] = field(default_factory=dict)
    restart: bool = False
    segments_ahead: int = 0

    def transcribe(
        self,
        audio: AudioFile,
        listener: FileListener | None = None,
        deliver: Callable[[RecordingTranscript], None] = lambda _transcript: None,
        *,
        is_resumable: bool = True,
    ) -> RecordingTranscript:
        """Transcribe a recording that was just opened, and return what the model wrote.

        Args:
            audio: The recording.
            listener: Follows the work; None if nobody does.
            deliver: Receives the polished transcript before the checkpoint is deleted.
            is_resumable: Whether finished texts are stored for a later run.

        Raises:
            AudioError: Nothing of the recording could be decoded.
            GraniteError: The recognizer failed, or `deliver` did.
        """
        listener = listener or FileListener()
        stored = self._open_checkpoint(audio.path, listener) if is_resumable else nullcontext()
        with stored as checkpoint:
            with listener.working():
                transcript = self._transcribe(audio, listener, checkpoint)
            polished = tuple(map(self.polish, transcript.utterances))
            deliver(replace(transcript, utterances=polished))
            if checkpoint is not None:
                checkpoint.remove()
        return transcript

    def _open_checkpoint(
        self, path: Path, listener: FileListener
    ) -> AbstractContextManager[Checkpoint | None]:
        """Open the recording's checkpoint; give None if another process holds it."""
        recognizer = self.recognizer
        info = recognizer.model_info
        options = [asdict(info), recognizer.batch_window_s, dict(self.options)]
        try:
            delete_expired_checkpoints()
            key = resume_key(path, Path(info.path), options)
            checkpoint = Checkpoint.open(key, restart=self.restart)
        except OSError as error:
            listener.checkpoint_failed(error, had_begun=False)
            return nullcontext()
        if checkpoint is None:
            return nullcontext()
        if checkpoint.resume_at_s:
            listener.resumed(checkpoint.resume_at_s)
        return checkpoint

    def _transcribe(
        self, audio: AudioFile, listener: FileListener, checkpoint: Checkpoint | None
    ) -> RecordingTranscript:
        recognizer = self.recognizer
        rate_hz = recognizer.sample_rate_hz
        blocks = _CountingBlocks(audio.blocks(rate_hz), rate_hz, listener)
        segments = segments_of(blocks, recognizer, self.make_segmenter)
        ahead = self.segments_ahead
        with read_ahead(segments, ahead) if ahead else nullcontext(segments) as found:
            texts = _Passages(recognizer, checkpoint, listener).transcribe(found)
        return RecordingTranscript(
            utterances=tuple(texts),
            audio_path=_utf8_path(audio.path),
            duration_s=blocks.duration_s,
            model=recognizer.model_info,
            load_s=self.load_s,
            sound=AudioSelection(
                track=audio.track.number,
                tracks=len(audio.tracks),
                language=audio.track.language,
                channels=tuple(
                    MixedChannels(use.start_s, use.used, use.of) for use in audio.channels
                ),
            ),
        )


class _Passages:
    """Transcribes passages, each a batch of segments, and stores them in a checkpoint."""

    def __init__(
        self, recognizer: FileRecognizer, checkpoint: Checkpoint | None, listener: FileListener
    ) -> None:
        self._recognizer = recognizer
        self._checkpoint = checkpoint
        self._listener = listener

    def transcribe(self, segments: Iterable[Segment]) -> list[Transcript]:
        """Return the transcripts in order, batched as the recognizer prefers."""
        enough = self._recognizer.batch_window_s * self._recognizer.sample_rate_hz
        transcripts: list[Transcript] = []
        passage: list[Segment] = []
        for segment in segments:
            passage.append(segment)
            if sum(len(sound) for _, sound in passage) >= enough:
                transcripts += self._transcribe_passage(passage)
                passage.clear()
        if passage:
            transcripts += self._transcribe_passage(passage)
        return transcripts

    def _transcribe_passage(self, passage: Sequence[Segment]) -> Sequence[Transcript]:
        starts, sounds = zip(*passage, strict=True)
        digest = _digest(sounds) if self._checkpoint is not None else ""
        if self._checkpoint is not None:
            stored = self._checkpoint.take(starts, digest)
            if stored is not None:
                return stored
        rate_hz = self._recognizer.sample_rate_hz
        made = [
            transcript.shifted(start / rate_hz)
            for start, transcript in zip(
                starts, self._recognizer.transcribe_many(sounds), strict=True
            )
        ]
        if self._checkpoint is not None:
            try:
                self._checkpoint.append(starts, digest, made)
            except OSError as error:
                self._checkpoint = None
                self._listener.checkpoint_failed(error, had_begun=True)
        return made


def _digest(sounds: Iterable[Sound]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for sound in sounds:
        digest.update(len(sound).to_bytes(8, "little"))
        digest.update(sound.tobytes())
    return digest.hexdigest()


class _CountingBlocks:
    """Audio blocks that are counted while they are read."""

    def __init__(self, blocks: Iterable[Sound], rate_hz: int, listener: FileListener) -> None:
        self._blocks, self._rate_hz, self._listener = blocks, rate_hz, listener
        self._samples = 0

    @property
    def duration_s(self) -> float:
        """The seconds read so far."""
        return self._samples / self._rate_hz

    def __iter__(self) -> Iterator[Sound]:
        for block in self._blocks:
            self._listener.samples_read(block, self._rate_hz)
            yield block
            # The next block is requested only after this one is transcribed.
            self._samples += len(block)
            self._listener.progress(self.duration_s)


def segments_of(
    blocks: Iterable[Sound],
    recognizer: FileRecognizer,
    make_segmenter: Callable[[], Segmenter] | None,
) -> Iterator[Segment]:
    """Yield (start sample, audio) of each segment in order."""
    from granite_live.asr.results import stream_parts

    rate_hz, longest = recognizer.sample_rate_hz, recognizer.max_samples
    if make_segmenter is not None and rate_hz == _SEGMENTED_RATE_HZ:
        yield from _utterances(blocks, make_segmenter())
        return
    if make_segmenter is not None:
        longest = min(longest, _PART_S * rate_hz)
    for part in stream_parts(blocks, longest, rate_hz):
        yield part.start_sample, part.waveform


def _utterances(blocks: Iterable[Sound], segmenter: Segmenter) -> Iterator[Segment]:
    from granite_live.util.pcm import to_float32, to_int16
    from granite_live.vad.segmenter import segment_stream

    # Convert to 16 bits as a live session does, so that equal audio gives equal text.
    for one in segment_stream((to_int16(block) for block in blocks), segmenter):
        yield one.start_sample, to_float32(one.samples)


def _utf8_path(path: Path) -> str:
    """Return the path as UTF-8 text, even if the locale is not UTF-8."""
    return os.fsencode(path).decode("utf-8", errors="surrogateescape")
