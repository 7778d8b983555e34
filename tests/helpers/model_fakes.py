"""Fakes of the model, with results written by the test and a record of the calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.transcript.model import (
    ModelInfo,
    RecordingTranscript,
    Timing,
    Transcript,
    Word,
    mean_confidence,
)
from granite_live.vad.segmenter import Segmenter

SAMPLE_RATE_HZ = 16_000


def make_words(text: str, start_s: float, end_s: float) -> tuple[Word, ...]:
    """Return the words of `text`, spread evenly over the time."""
    words = text.split()
    step_s = (end_s - start_s) / max(1, len(words))
    return tuple(
        Word(word, start_s + step_s * index, start_s + step_s * (index + 1), 0.9)
        for index, word in enumerate(words)
    )


def make_transcript(
    text: str, start_s: float = 0.0, end_s: float = 1.0, *, words: Sequence[Word] | None = None
) -> Transcript:
    """Return a transcript; its words are spread evenly unless given."""
    made = make_words(text, start_s, end_s) if words is None else tuple(words)
    ids = tuple(range(len(made)))
    timing = Timing(features_s=0.01, encoder_s=0.02, editor_s=0.03, total_s=0.06)
    return Transcript(
        start_s, end_s, text, ids, made, mean_confidence(made), text.lower(), ids, timing
    )


def make_model_info(*, is_demo: bool = False, path: str = "/models/granite") -> ModelInfo:
    providers = dict.fromkeys(("encoder", "embed_tokens", "editor"), "cpu")
    return ModelInfo(path, "int8", providers, ctc_blank=0, ctc_shift=1, is_demo=is_demo)


def make_recording(
    *utterances: Transcript,
    duration_s: float | None = None,
    path: str = "talk.wav",
    is_demo: bool = False,
) -> RecordingTranscript:
    """Return a recording that ends with its last utterance unless a duration is given."""
    last_s = max((utterance.end_s for utterance in utterances), default=0.0)
    return RecordingTranscript(
        audio_path=path,
        duration_s=last_s if duration_s is None else duration_s,
        utterances=utterances,
        model=make_model_info(is_demo=is_demo),
        load_s=0.5,
    )


@dataclass
class FakeRecognizer:
    """Answers by `script` and records its calls.
     `script` gets the index of the waveform and the waveform, and returns the text or raises.
    `calls` has the batch sizes.
    """

    script: Callable[[int, NDArray[np.float32]], str] = lambda call, _waveform: f"part {call}"
    max_samples: int = 240 * SAMPLE_RATE_HZ
    sample_rate_hz: int = SAMPLE_RATE_HZ
    threads: int = 2
    provider_notes: tuple[str, ...] = ()
    model_info: ModelInfo = field(default_factory=make_model_info)
    batch_window_s: float = 0.0
    waveforms: list[NDArray[np.float32]] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    is_closed: bool = False

    def transcribe(self, waveform: NDArray[np.float32]) -> Transcript:
        assert not self.is_closed, "used after close"
        self.waveforms.append(waveform)
        text = self.script(len(self.waveforms), waveform)
        return make_transcript(text, 0.0, len(waveform) / self.sample_rate_hz)

    def transcribe_many(self, waveforms: Sequence[NDArray[np.float32]]) -> list[Transcript]:
        self.calls.append(len(waveforms))
        return [self.transcribe(one) for one in waveforms]

    def close(self) -> None:
        self.is_closed = True

    def __enter__(self) -> FakeRecognizer:
        return self

    def __exit__(self, *_error: Any) -> None:
        self.close()


class AlwaysSpeechDetector:
    """A voice detector that takes everything for speech."""

    frame_samples = 512

    def probability(self, frame: NDArray[np.float32]) -> float:
        return 1.0

    def reset(self) -> None:
        pass


def all_speech() -> Segmenter:
    """Return a segmenter that cuts by length alone."""
    return Segmenter(AlwaysSpeechDetector())
