"""Ten minutes each of what is no speech, and recorded noises: how many words are heard in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from helpers.real_session import demo_model
from helpers.segment_sounds import RATE_HZ, Sound, made_up, read
from helpers.speech_scenes import SHARED

from granite_live.app.factory import load_worker_recognizer, make_segmenter
from granite_live.asr import Recognizer
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.segmenter import segment_stream

pytestmark = pytest.mark.soak

MINUTES = 10.0


@dataclass(frozen=True)
class Heard:
    utterances: int
    words: int
    text: str


def heard_in(sound: Sound, recognizer: Recognizer) -> Heard:
    """Return what the segmenter lets through and the model makes of it, as in a session."""
    blocks = (to_int16(sound[at : at + RATE_HZ]) for at in range(0, len(sound), RATE_HZ))
    texts = [
        recognizer.transcribe(to_float32(one.samples)).text
        for one in segment_stream(blocks, make_segmenter())
    ]
    return Heard(
        len(texts), sum(len(text.split()) for text in texts), " / ".join(filter(None, texts))
    )


def test_no_words_where_nobody_speaks(scale: float, say: Callable[[str], None]) -> None:
    minutes = MINUTES * scale
    say(f"\n{minutes:g} minutes each of")
    found: dict[str, Heard] = {}
    with load_worker_recognizer(demo_model()) as recognizer:
        for name, sound in made_up(minutes):
            heard = found[name] = heard_in(sound, recognizer)
            say(
                f"  {name:24} {heard.utterances:3d} utterances, {heard.words:3d} words, "
                f"{heard.words / minutes * 60:6.1f} false words an hour {heard.text[:60]!r}"
            )
    assert {name: heard.words for name, heard in found.items() if heard.words} == {}


def test_no_words_in_recorded_noises(scale: float, say: Callable[[str], None]) -> None:
    paths = sorted((SHARED / "noise").glob("*"))
    if not paths:
        pytest.skip(f"{SHARED} is missing: there are no recorded noises here")
    np.random.default_rng(2).shuffle(paths)
    pause = np.zeros(RATE_HZ, np.float32)
    noises = [
        part for path in paths[: max(10, int(scale * len(paths)))] for part in (read(path), pause)
    ]
    sound = np.concatenate(noises)
    with load_worker_recognizer(demo_model()) as recognizer:
        heard = heard_in(sound, recognizer)
    say(
        f"\n{len(noises) // 2} recorded noises, {len(sound) / RATE_HZ / 60:.1f} minutes: "
        f"{heard.utterances} utterances, {heard.words} words {heard.text[:200]!r}"
    )
    assert heard.words == 0, heard.text
