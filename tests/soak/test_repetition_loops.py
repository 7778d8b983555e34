"""Half an hour of speech and noises mixed: the editor neither repeats itself nor runs away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from helpers.real_session import demo_model
from helpers.segment_sounds import RATE_HZ, Sound, made_up
from helpers.speech_scenes import clips_of_many, spoken
from helpers.word_errors import normalize_words

from granite_live.app.factory import load_worker_recognizer, make_segmenter
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.segmenter import segment_stream

pytestmark = pytest.mark.soak

MINUTES = 30.0
NOISE_DB = (-5.0, 20.0)
"""Speech above the noise that is laid over it, as powers."""
MOST_WORD, MOST_PHRASE = 4, 3
"""Nobody says the same word ("no, no, no, no") or the same phrase more often in a row."""
LONGEST_PHRASE = 12
MOST_WORDS_PER_S = 7.0
"""Nobody speaks faster than this over a whole utterance of 2 s and more."""


def is_loop(words: list[str]) -> bool:
    """Return whether the same word or phrase comes too often in a row."""
    for size in range(1, LONGEST_PHRASE + 1):
        times = 1 + (MOST_WORD if size == 1 else MOST_PHRASE)
        for at in range(len(words) - times * size + 1):
            if words[at : at + times * size] == times * words[at : at + size]:
                return True
    return False


def mixed(minutes: float) -> Sound:
    """Return clips of speech with noises over them and between them."""
    clips, _ = clips_of_many()
    rng = np.random.default_rng(11)
    mean_s = float(np.mean([len(sound) for sound, _ in clips])) / RATE_HZ + 2.0
    scene, _ = spoken(clips, max(5, int(minutes * 60 / mean_s)), (0.5, 3.5), seed=11)
    sound = scene.sound[: int(minutes * 60 * RATE_HZ)].copy()
    noises = [noise for _, noise in made_up(0.5) if np.square(noise).mean() > 0.0]
    speech_power = float(np.square(sound).mean())
    at = 0
    while at < len(sound):
        length = int(rng.uniform(3.0, 20.0) * RATE_HZ)
        noise = np.resize(noises[int(rng.integers(len(noises)))], length)
        gain = np.sqrt(
            speech_power / np.square(noise).mean() * 10 ** (-rng.uniform(*NOISE_DB) / 10)
        )
        sound[at : at + length] += (gain * noise)[: len(sound) - at].astype(np.float32)
        at += length + int(rng.uniform(0.0, 5.0) * RATE_HZ)
    return np.clip(sound, -1.0, 1.0)


def test_loops_are_recognized() -> None:
    assert not is_loop([])
    assert not is_loop([*"xabababy"])
    assert is_loop([*"xababababy"])
    assert not is_loop([*"nnnn"])
    assert is_loop([*"nnnnn"])
    assert not is_loop([*"abcabd"])


def test_nothing_is_repeated_and_nothing_runs_away(
    scale: float, say: Callable[[str], None]
) -> None:
    sound = mixed(MINUTES * scale)
    blocks = (to_int16(sound[at : at + RATE_HZ]) for at in range(0, len(sound), RATE_HZ))
    utterances = count = 0
    loops, run_away = [], []
    with load_worker_recognizer(demo_model()) as recognizer:
        for one in segment_stream(blocks, make_segmenter()):
            text = recognizer.transcribe(to_float32(one.samples)).text
            words = normalize_words(text)
            utterances, count = utterances + 1, count + len(words)
            if is_loop(words):
                loops.append(text)
            if len(words) > MOST_WORDS_PER_S * max(2.0, len(one.samples) / RATE_HZ):
                run_away.append(text)
    say(
        f"{len(sound) / RATE_HZ / 60:.1f} minutes of speech and noise: {utterances} utterances, "
        f"{count} words, {len(loops)} repetition loops, {len(run_away)} run away"
    )
    assert count > 10 * MINUTES * scale
    assert (loops, run_away) == ([], [])
