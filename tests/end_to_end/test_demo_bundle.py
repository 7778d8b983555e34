"""The shipped model on the shipped samples: it really hears."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from helpers.word_errors import normalize_words, word_errors

from granite_live.app.factory import make_segmenter
from granite_live.asr import Recognizer
from granite_live.audio.files import open_audio
from granite_live.models.opening import open_bundle
from granite_live.transcript.model import Transcript
from granite_live.util.paths import assets_dir, demo_bundle_dir
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.segmenter import segment_stream

MEGABYTES = 60

_SAMPLES = assets_dir() / "samples"
SPOKEN = sorted(path.stem for path in _SAMPLES.glob("*.txt") if path.read_text("utf-8").strip())
SILENT = sorted(path.stem for path in _SAMPLES.glob("*.txt") if path.stem not in SPOKEN)


@pytest.fixture(scope="module")
def demo() -> Iterator[Recognizer]:
    if not demo_bundle_dir().is_dir():
        pytest.skip("assets/demo is missing: the demo bundle has not been built here")
    with Recognizer.load(open_bundle(demo_bundle_dir()), "cpu") as recognizer:
        yield recognizer


def recording(stem: str, rate_hz: int) -> np.ndarray:
    """float32 [samples]."""
    (path,) = [path for path in _SAMPLES.glob(f"{stem}.*") if path.suffix != ".txt"]
    with open_audio(path) as audio:
        return np.concatenate(list(audio.blocks(rate_hz)))


def text_of(stem: str) -> str:
    return (_SAMPLES / f"{stem}.txt").read_text("utf-8")


def test_the_word_errors_are_counted_rightly() -> None:
    assert word_errors([*"abcd"], [*"abcd"]) == 0
    assert word_errors([*"abcd"], [*"axc"]) == 2
    assert word_errors([], [*"ab"]) == 2
    assert word_errors([*"ab"], []) == 2
    assert normalize_words("Don't stop, it's 5 o'clock.") == [
        "don't",
        "stop",
        "it's",
        "5",
        "o'clock",
    ]


def test_its_drafts_never_skip_the_editor(demo: Recognizer) -> None:
    """They are written in small letters without punctuation."""
    assert demo.bundle.drafts_are_plain


def test_there_are_samples() -> None:
    assert "welcome" in SPOKEN
    assert SILENT


@pytest.mark.parametrize("stem", SPOKEN)
def test_a_sample_is_understood(demo: Recognizer, stem: str) -> None:
    waveform = recording(stem, demo.sample_rate_hz)
    transcript = demo.transcribe(waveform)
    want = normalize_words(text_of(stem))
    assert len(want) > 20
    # Clean synthetic speech; the model's own page (assets/demo/README.md) says how well it does on
    # other material.
    assert normalize_words(transcript.text) == want
    assert_times(transcript, len(waveform) / demo.sample_rate_hz)


@pytest.mark.parametrize("stem", ["welcome"])
def test_a_sample_that_is_cut_where_people_pause_is_understood(demo: Recognizer, stem: str) -> None:
    """As `make run` shows it without a display."""
    blocks = [to_int16(recording(stem, demo.sample_rate_hz))]
    texts = [
        demo.transcribe(to_float32(one.samples)).text
        for one in segment_stream(blocks, make_segmenter())
    ]
    assert len(texts) >= 4
    assert normalize_words(" ".join(texts)) == normalize_words(text_of(stem))


def assert_times(transcript: Transcript, duration_s: float) -> None:
    assert transcript.end_s == pytest.approx(duration_s)
    words = transcript.words
    assert " ".join(word.text for word in words) == transcript.text
    assert all(0.0 <= word.start_s <= word.end_s <= duration_s for word in words)
    for word, following in itertools.pairwise(words):
        assert word.end_s <= following.start_s
    # Words are where speech is: over most of a recording that is mostly speech.
    assert sum(word.end_s - word.start_s for word in words) > 0.3 * duration_s
    assert words[-1].start_s > 0.8 * duration_s


@pytest.mark.parametrize("stem", SILENT)
def test_silence_makes_no_words(demo: Recognizer, stem: str) -> None:
    assert demo.transcribe(recording(stem, demo.sample_rate_hz)).text == ""


def test_it_says_that_it_is_the_demo(demo: Recognizer) -> None:
    assert demo.model_info.is_demo
    assert set(demo.model_info.providers) == {"encoder", "embed_tokens", "editor"}


def test_it_stays_small() -> None:
    if not demo_bundle_dir().is_dir():
        pytest.skip("assets/demo is missing: the demo bundle has not been built here")
    size = sum(path.stat().st_size for path in demo_bundle_dir().rglob("*") if path.is_file())
    assert size <= MEGABYTES * 1_000_000


def test_it_equals_its_own_fixtures(demo: Recognizer) -> None:
    """The front end that trained it and the one that runs it are the same."""
    fixtures = Path(demo_bundle_dir()) / "test_fixtures"
    want = np.load(fixtures / "expected_input_features.npy")
    with open_audio(fixtures / "sample_audio.wav") as audio:
        waveform = np.concatenate(list(audio.blocks(demo.sample_rate_hz)))
    features = demo._features(waveform)
    assert features.shape == want.shape
    np.testing.assert_allclose(features, want, rtol=0, atol=1e-4)
