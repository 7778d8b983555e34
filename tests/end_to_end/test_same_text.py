"""The same speech has the same text, whenever its recording began and whatever its last bit was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from helpers.real_session import demo_model
from numpy.typing import NDArray

from granite_live.app.factory import load_worker_recognizer, make_segmenter
from granite_live.asr import Recognizer
from granite_live.audio.files import read_audio
from granite_live.util.paths import assets_dir
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.segmenter import segment_stream

RATE = 16000


@pytest.fixture(scope="module")
def recognizer() -> Iterator[Recognizer]:
    with load_worker_recognizer(demo_model()) as it:
        yield it


@cache
def sample() -> NDArray[np.int16]:
    return to_int16(read_audio(assets_dir() / "samples" / "conversation.flac", RATE))[: 10 * RATE]


def room() -> NDArray[np.int16]:
    """Two seconds of the faintest noise, before the speech begins."""
    return np.random.default_rng(4).integers(-2, 3, 2 * RATE).astype(np.int16)


def texts(recognizer: Recognizer, sound: NDArray[np.int16]) -> list[str]:
    blocks = (sound[at : at + RATE] for at in range(0, len(sound), RATE))
    utterances = segment_stream(blocks, make_segmenter())
    return [recognizer.transcribe(to_float32(one.samples)).text for one in utterances]


def test_the_last_bit_of_a_sample_changes_no_word(recognizer: Recognizer) -> None:
    step = np.random.default_rng(3).integers(-1, 2, len(sample())).astype(np.int16)
    assert texts(recognizer, sample() + step) == texts(recognizer, sample())


@pytest.mark.soak
def test_nor_does_when_the_recording_began(recognizer: Recognizer) -> None:
    now = texts(recognizer, np.concatenate((room(), sample())))
    for later_samples in (1, 100, 160, 333, 512):
        then = np.concatenate((room()[later_samples:], sample()))
        assert texts(recognizer, then) == now, later_samples
