"""The passes of the demo model's editor end where token-by-token greedy decoding ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from helpers.greedy_decoder import GreedyDecoder, bounded, loaded_demo, written_by_both
from helpers.speech_scenes import shipped_clips

from granite_live.asr import Recognizer
from granite_live.asr.editing import slot_count
from granite_live.util.paths import demo_bundle_dir

NOISE_RMS = 0.01


@pytest.fixture(scope="module")
def demo() -> Iterator[Recognizer]:
    with loaded_demo() as recognizer:
        yield recognizer


@pytest.fixture(scope="module")
def greedy(demo: Recognizer) -> GreedyDecoder:
    return GreedyDecoder(demo_bundle_dir() / "int8", demo.bundle.eos_id)


# Some of the clips clean, others noisy; hundreds more are in tests/soak.
@pytest.mark.parametrize(
    ("first", "every", "noise_rms"),
    [pytest.param(0, 3, 0.0, marks=pytest.mark.soak), (1, 12, NOISE_RMS)],
)
def test_shipped_speech_ends_where_greedy_decoding_ends(
    demo: Recognizer, greedy: GreedyDecoder, first: int, every: int, noise_rms: float
) -> None:
    rng = np.random.default_rng(3)
    for sound, text in shipped_clips()[first::every]:
        noisy = sound + rng.normal(0.0, noise_rms, len(sound)).astype(np.float32)
        edited, wanted = written_by_both(demo, greedy, noisy)
        assert len(wanted) > 3, text
        assert edited == wanted, text


def test_a_draft_of_other_words_ends_there_too(demo: Recognizer, greedy: GreedyDecoder) -> None:
    sound, _ = shipped_clips()[0]
    draft = demo.draft(sound)
    rows = draft.audio_rows / np.float32(demo.bundle.embedding_multiplier)
    other = tuple(int(t) for t in np.random.default_rng(1).integers(0, 50_000, 40))
    wanted = greedy.write(rows, other, slot_count(len(other)))
    assert tuple(demo.edit(draft, other).token_ids) == wanted
    # The sentence again and again bounds nothing but the length either.
    again = draft.token_ids * 3
    assert tuple(demo.edit(draft, again).token_ids) == wanted


def test_a_draft_that_is_too_short_cuts_the_text_off(
    demo: Recognizer, greedy: GreedyDecoder
) -> None:
    sound, _ = shipped_clips()[0]
    draft = demo.draft(sound)
    rows = draft.audio_rows / np.float32(demo.bundle.embedding_multiplier)
    one = draft.token_ids[:1]
    slots = slot_count(1)
    whole = greedy.write(rows, one, 100)
    assert len(whole) > slots
    assert tuple(demo.edit(draft, one).token_ids) == bounded(whole, slots) == whole[:slots]
