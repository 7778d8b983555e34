"""An iterator is read in a thread of its own, and never further ahead than allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from helpers.sine_recordings import write_wav
from helpers.waiting import WAIT_S
from numpy.typing import NDArray

from granite_live.app.file_transcription import (
    FileListener,
    FileRecognizer,
    FileTranscriber,
    open_recording,
)
from granite_live.transcript.model import ModelInfo, Transcript
from granite_live.util.lifecycle import read_ahead


def test_all_items_come_in_order() -> None:
    with read_ahead(range(1000), 3) as items:
        assert list(items) == list(range(1000))


def test_no_more_are_read_than_allowed() -> None:
    read: list[int] = []
    is_full = threading.Event()

    def source() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            if number == 2:
                is_full.set()
            yield number

    with read_ahead(source(), 2) as items:
        assert next(items) == 0
        assert is_full.wait(WAIT_S)
    assert read == [0, 1, 2]
    assert not any(one.name == "read ahead" for one in threading.enumerate())


def test_an_error_follows_the_items_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("torn")

    with read_ahead(source(), 5) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="torn"):
            next(items)


class _WaitingRecognizer:
    """Transcribes nothing, and only after `released` is set."""

    threads, sample_rate_hz, max_samples, batch_window_s = 1, 16_000, 16_000, 0.0
    provider_notes: tuple[str, ...] = ()

    def __init__(self, released: threading.Event) -> None:
        self._released = released
        self.was_released = True

    @property
    def model_info(self) -> ModelInfo:
        return cast(ModelInfo, None)

    def transcribe_many(self, waveforms: list[NDArray[np.float32]]) -> list[Transcript]:
        self.was_released &= self._released.wait(WAIT_S)
        return [Transcript(0.0, 1.0, "", (), (), 1.0, "", ()) for _ in waveforms]


class _EndListener(FileListener):
    """Tells when the whole recording was read."""

    def __init__(self, length_s: float) -> None:
        self._length_s = length_s
        self.has_ended = threading.Event()

    def progress(self, done_s: float) -> None:
        if done_s >= self._length_s:
            self.has_ended.set()


def test_segments_are_sought_while_the_recognizer_computes(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "sound.wav", np.zeros(3 * 16_000, np.int16))
    listener = _EndListener(3.0)
    recognizer = _WaitingRecognizer(listener.has_ended)
    transcriber = FileTranscriber(cast(FileRecognizer, recognizer), None, segments_ahead=4)
    with open_recording(path) as audio:
        found = transcriber.transcribe(audio, listener, is_resumable=False)
    assert recognizer.was_released
    assert found.duration_s == 3.0
    assert len(found.utterances) >= 3
