"""Drafts of the open utterance: windows of whole blocks, and stable words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.session.planning import OpenDraft, window_start_s
from granite_live.transcript.model import Word


def words(text: str, start_s: float = 0.0) -> tuple[Word, ...]:
    return tuple(
        Word(word, start_s + k, start_s + k + 0.5, 0.9) for k, word in enumerate(text.split())
    )


@pytest.mark.parametrize(
    ("length_s", "start_s"), [(0, 0), (4, 0), (8, 0), (8.1, 4), (12, 4), (12.1, 8), (20, 12)]
)
def test_the_window_is_the_open_block_and_the_one_before(length_s: float, start_s: float) -> None:
    assert window_start_s(length_s) == start_s


@given(st.floats(0, 60))
def test_a_window_is_never_longer_than_two_blocks(length_s: float) -> None:
    start_s = window_start_s(length_s)
    assert start_s % 4 == 0
    assert length_s - start_s <= 8.0 + 1e-9
    assert start_s == 0 or length_s - start_s > 4.0


def test_words_settle_when_two_drafts_agree() -> None:
    draft = OpenDraft()
    draft.update(0.0, words("the cat"))
    assert draft.stable_words == 0
    draft.update(0.0, words("the cat sat on"))
    assert (draft.text, draft.stable_words) == ("the cat sat on", 2)
    draft.update(0.0, words("the cat sad on the"))
    assert draft.stable_words == 2


def test_the_last_word_is_never_stable() -> None:
    draft = OpenDraft()
    draft.update(0.0, words("the cat"))
    draft.update(0.0, words("the cat"))
    assert draft.stable_words == 1


def test_what_lies_before_the_window_stays() -> None:
    draft = OpenDraft()
    draft.update(0.0, words("a b c d e f g h"))
    draft.update(4.0, words("E F G H I", 4.0))
    assert draft.text == "a b c d E F G H I" or draft.text == "a b c d e F G H I"
    assert draft.stable_words >= 4


def test_a_word_cut_by_the_window_is_kept_whole() -> None:
    draft = OpenDraft()
    draft.update(0.0, (Word("recognise", 3.8, 4.6, 0.9), Word("speech", 4.8, 5.2, 0.9)))
    draft.update(4.0, (Word("ise", 4.0, 4.6, 0.4), Word("speech", 4.8, 5.2, 0.9)))
    assert draft.text == "recognise speech"
