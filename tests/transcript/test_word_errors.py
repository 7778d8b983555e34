"""Word errors against an exhaustive count, and intervals that cover the truth."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.word_errors import word_errors
from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.word_errors import (
    count_word_errors,
    error_rate,
    is_clearly_better,
    normalize_words,
)

WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(WORDS, WORDS)
def test_errors_are_the_edit_distance(reference: list[str], written: list[str]) -> None:
    assert count_word_errors(reference, written) == word_errors(reference, written)


def test_ten_thousand_words_are_counted() -> None:
    words = [str(k % 997) for k in range(10_000)]
    written = [one for k, one in enumerate(words) if k % 100]
    assert count_word_errors(words, written) == 100


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes, it's HIS.", ["yes", "it's", "his"]),
        ("it\u2019s 'quoted'", ["it's", "quoted"]),
        ("Straße \u2013 3,5 km", ["strasse", "3", "5", "km"]),
        (" \n", []),
    ],
)
def test_capitals_and_punctuation_do_not_count(text: str, words: list[str]) -> None:
    assert normalize_words(text) == words


def test_the_interval_has_the_true_rate_in_most_cases() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(30):
        words = rng.integers(5, 30, 40)
        found = error_rate([int(rng.binomial(n, 0.1)) for n in words], words.tolist())
        assert found is not None
        assert found.low <= found.rate <= found.high
        hits += found.low <= 0.1 <= found.high
    assert hits >= 25  # 95 % of 30 are 28.5; fewer than 25 has a chance of 3 in 1,000


def test_nothing_said_has_no_rate() -> None:
    assert error_rate([], []) is None
    assert error_rate([3], [0]) is None


def test_a_difference_that_every_recording_shows_is_clear_and_chance_is_not() -> None:
    worse = [4, 5, 3, 6, 5, 4]
    assert is_clearly_better([one - 2 for one in worse], worse)
    assert not is_clearly_better([5, 4, 4, 5, 4, 5], worse)
    assert not is_clearly_better([0], [9])  # one recording says nothing about chance
