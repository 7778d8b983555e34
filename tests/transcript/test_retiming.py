"""Words that a person wrote get the times of what they stand for."""

from __future__ import annotations

from helpers.model_fakes import make_words
from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.model import Word, align_words

TEXT = st.lists(st.sampled_from(["the", "cat", "sat", "on", "a", "Mat."]), max_size=8).map(" ".join)


def test_untouched_words_are_the_same_objects() -> None:
    words = make_words("the cat sat", 1.0, 4.0)
    assert align_words("the cat sat", words, 1.0, 4.0) == words


def test_replaced_words_share_the_time_by_length() -> None:
    words = make_words("I scream loudly", 0.0, 3.0)
    assert align_words("ice cream loudly", words, 0.0, 3.0) == (
        Word("ice", 0.0, 0.75, 1.0),
        Word("cream", 0.75, 2.0, 1.0),
        words[2],
    )


def test_inserted_words_stand_between_their_neighbours() -> None:
    words = (Word("one", 1.0, 2.0, 0.5), Word("three", 4.0, 5.0, 0.5))
    assert align_words("zero one two three four", words, 0.0, 6.0) == (
        Word("zero", 0.0, 1.0, 1.0),
        words[0],
        Word("two", 2.0, 4.0, 1.0),
        words[1],
        Word("four", 5.0, 6.0, 1.0),
    )
    assert align_words("by hand", (), 1.0, 3.0) == (
        Word("by", 1.0, 1.0 + 2.0 * 2 / 6, 1.0),
        Word("hand", 1.0 + 2.0 * 2 / 6, 3.0, 1.0),
    )


@given(TEXT, TEXT)
def test_every_word_has_its_time_and_time_never_goes_back(heard: str, shown: str) -> None:
    words = align_words(shown, make_words(heard, 2.0, 8.0), 2.0, 8.0)
    assert [word.text for word in words] == shown.split()
    clock_s = 2.0
    for word in words:
        assert clock_s - 1e-9 <= word.start_s <= word.end_s <= 8.0 + 1e-9
        clock_s = word.end_s
