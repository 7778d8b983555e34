"""Words of two texts are matched in order, also in long texts."""

from __future__ import annotations

import random
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.spelling import match_words

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "rain", "roof"]), max_size=40)


@given(WORDS, WORDS)
def test_matches_are_equal_words_in_order(first: list[str], second: list[str]) -> None:
    matches = match_words(first, second)
    assert all(first[i] == second[j] for i, j in matches)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(matches))


@given(WORDS)
def test_equal_texts_match_word_for_word(words: list[str]) -> None:
    assert match_words(words, words) == [(k, k) for k in range(len(words))]


def test_hours_are_matched_in_seconds_with_what_was_left_out_and_added() -> None:
    """Two texts of 30,000 words; comparing all pairs of words would take minutes."""
    draw = random.Random(1)
    vocabulary = [f"word{k}" for k in range(2_000)]
    first = [draw.choice(vocabulary[: draw.choice((10, 2_000))]) for _ in range(30_000)]
    second = [*first[:9_000], *(f"new{k}" for k in range(3_000)), *first[12_000:]]
    for place in range(0, len(second), 7):
        second[place] = "misheard"
    began = time.process_time()
    matches = match_words(first, second)
    assert time.process_time() - began < 10.0
    right = [(i, j) for i, j in matches if i == j and not 9_000 <= i < 12_000]
    kept = sum(one != "misheard" for one in (*second[:9_000], *second[12_000:]))
    assert len(right) > 0.99 * kept
    assert len(matches) - len(right) < 100
