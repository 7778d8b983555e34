"""Words of a given text are found in scores made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from granite_live.asr.alignment import (
    LEVEL_STEP_S,
    WordFrames,
    WordGraphBuilder,
    find_words,
    levels_db,
    word_times,
)
from granite_live.models.bundle import Bundle
from granite_live.models.opening import open_bundle
from granite_live.util.paths import demo_bundle_dir

ABSENT = -12.0


@pytest.fixture(scope="module")
def demo() -> Bundle:
    return open_bundle(demo_bundle_dir())


def find(
    bundle: Bundle,
    text: str,
    pieces: Sequence[str | None],
    cost: float = 0.0,
    heard: Sequence[bool] = (),
) -> list[tuple[int, int] | None]:
    """Return the frames of the text's words where each frame has one piece, None for a blank.

    A piece's score is `cost` below the best; "?" is speech that no piece explains.
    """
    words = text.split()
    builder = WordGraphBuilder(bundle)
    classes = builder.classes(words)
    column = {int(one): k for k, one in enumerate(classes)}
    scores = np.full((len(pieces), len(classes)), ABSENT, np.float32)
    for frame, piece in enumerate(pieces):
        if piece is None:
            scores[frame, 0] = 0.0
        elif piece != "?":
            token = bundle.tokenizer.token_to_id(piece.replace(" ", "Ġ"))
            if (place := column.get(token + bundle.ctc.shift)) is not None:
                scores[frame, place] = cost
    graph = builder.build(words, classes, scores.max(axis=0, initial=ABSENT))
    found = find_words(graph, scores, heard)
    return [None if one is None else (one.start, one.end) for one in found]


RAIN = [None, " r", "ain", None, None, " on", None, " the", " the", None, " r", "o", "of", None]


def test_words_are_found_in_their_tokens_however_they_are_divided(demo: Bundle) -> None:
    assert find(demo, "Rain on the roof.", RAIN) == [(1, 3), (5, 6), (7, 9), (10, 13)]
    whole = [None, " rain", " on", " the", " roof", None]
    assert find(demo, "Rain, on THE roof!", whole) == [(1, 2), (2, 3), (3, 4), (4, 5)]


def test_a_word_that_the_model_is_unsure_of_is_found_where_the_text_has_it(demo: Bundle) -> None:
    assert find(demo, "rain on the roof", RAIN, cost=-1.5) == [(1, 3), (5, 6), (7, 9), (10, 13)]


def test_words_that_are_not_said_are_skipped(demo: Bundle) -> None:
    found = find(demo, "cats and rain on wet slates the roof again", RAIN)
    assert [one is not None for one in found] == [0, 0, 1, 1, 0, 0, 1, 1, 0]
    assert found[2] == (1, 3)


def test_a_paragraph_is_skipped_within_an_utterance_if_none_of_it_was_heard(demo: Bundle) -> None:
    paragraph = ["slates"] * 30
    text = " ".join(["rain", *paragraph, "on", "the", "roof"])
    heard = [True, *([False] * 30), True, True, True]
    assert find(demo, text, RAIN, heard=heard) == [
        *((1, 3), *([None] * 30)),
        *((5, 6), (7, 9), (10, 13)),
    ]


def test_speech_that_is_not_in_the_text_is_passed_over(demo: Bundle) -> None:
    foreign = [*RAIN[:5], *["?"] * 8, None, *RAIN[5:]]
    assert find(demo, "rain on the roof", foreign) == [(1, 3), (14, 15), (16, 18), (19, 22)]


def test_nothing_is_found_in_no_frames_and_in_foreign_speech(demo: Bundle) -> None:
    assert find(demo, "rain on", []) == [None, None]
    assert find(demo, "rain on", ["?"] * 6) == [None, None]
    assert find(demo, "12", RAIN) == [None]


def test_a_word_said_twice_is_two_words(demo: Bundle) -> None:
    assert find(demo, "on on", [" on", None, " on", None]) == [(0, 1), (2, 3)]


def levels_of(*parts: tuple[float, float]) -> np.ndarray:
    """Return levels for parts of (seconds, level in dB)."""
    return np.concatenate([np.full(round(s / LEVEL_STEP_S), db, np.float32) for s, db in parts])


def test_a_word_ends_where_the_next_begins_or_the_sound_falls() -> None:
    found = [WordFrames(5, 8, 0.0), None, WordFrames(10, 12, 0.0), WordFrames(25, 27, 0.0)]
    levels = levels_of((0.14, -80.0), (0.5, -20.0), (0.3, -80.0), (0.3, -20.0), (0.4, -80.0))
    first, absent, second, third = word_times(found, np.arange(40) * 0.04, 0.04, levels)
    assert absent is None
    assert first == pytest.approx((0.14, 0.34))
    assert second == pytest.approx((0.34, 0.64))
    assert third == pytest.approx((0.94, 1.24))


def test_times_ascend_whatever_the_levels_are() -> None:
    found = [WordFrames(k, k + 1, 0.0) for k in range(8)]
    for level in (-100.0, 0.0):
        times = word_times(found, np.arange(8) * 0.04, 0.04, levels_of((0.4, level)))
        edges = [edge for time in times if time is not None for edge in time]
        assert len(edges) == 16
        assert edges == sorted(edges)


def test_levels_are_in_decibels_of_full_scale() -> None:
    sound = np.concatenate([np.zeros(160), np.full(160, 0.1), np.full(80, 1.0)]).astype(np.float32)
    assert levels_db(sound, 16_000) == pytest.approx([-100.0, -20.0], abs=1e-3)
