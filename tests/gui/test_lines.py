"""The positions of recognized words in the displayed text."""

from __future__ import annotations

from helpers.scripted_engine import words

from granite_live.gui.transcript.lines import (
    Line,
    LineState,
    stable_chars,
    word_at,
    word_index,
    word_marks,
)
from granite_live.library import SavedUtterance, UtteranceState
from granite_live.library.records import pack_words
from granite_live.transcript.model import Word


def line(text: str, heard: str | None = None, **fields: object) -> Line:
    found = words(text if heard is None else heard, 0.0, {"rof": "roof"})
    return Line(1, 0.0, 5.0, LineState.FINAL, text, found, **fields)


def test_every_word_of_an_untouched_line_is_found() -> None:
    found = word_marks(line("rain on  the rof"))
    assert [(mark.start, mark.length) for mark in found] == [(0, 4), (5, 2), (9, 3), (13, 3)]
    assert [mark.word.text for mark in found] == ["rain", "on", "the", "rof"]
    assert [mark.is_doubtful for mark in found] == [False, False, False, True]


def test_what_the_user_wrote_has_no_mark_and_the_rest_keeps_its_own() -> None:
    found = word_marks(line("heavy rain on my rof", "rain on the rof"))
    assert [mark.word.text for mark in found] == ["rain", "on", "rof"]
    assert found[-1].start == len("heavy rain on my ")


def test_case_alone_makes_no_word_the_users() -> None:
    assert len(word_marks(line("Rain on the Rof", "rain on the rof"))) == 4


def test_repeated_words_are_told_apart() -> None:
    found = word_marks(line("the the the"))
    assert [mark.start for mark in found] == [0, 4, 8]
    assert [mark.word.start_s for mark in found] == [0.0, 0.3, 0.6]


def test_the_word_at_a_place() -> None:
    found = word_marks(line("rain on"))
    assert word_at(found, 3).word.text == "rain"
    assert word_at(found, 4) is None
    assert word_at(found, 5).word.text == "on"
    assert word_at(found, -1) is None


def test_how_much_of_a_draft_is_stable() -> None:
    open_line = Line(1, 0.0, 0.0, LineState.OPEN, "one two three", (), 2)
    assert "one two three"[: stable_chars(open_line)] == "one two"
    assert stable_chars(Line(1, 0.0, 0.0, LineState.OPEN, "one", (), 0)) == 0
    assert stable_chars(Line(1, 0.0, 0.0, LineState.OPEN, "one", (), 9)) == 3


def test_which_word_a_place_belongs_to() -> None:
    text = "one two three"
    assert [word_index(text, place) for place in (0, 2, 3, 4, 7, 13)] == [0, 0, 1, 1, 2, 3]


def test_doubt_begins_below_the_threshold() -> None:
    sure, unsure = Word("a", 0, 1, 0.6), Word("b", 1, 2, 0.59)
    found = word_marks(Line(1, 0.0, 2.0, LineState.FINAL, "a b", (sure, unsure)))
    assert [mark.is_doubtful for mark in found] == [False, True]


def test_words_of_a_stored_line_are_unpacked_when_they_are_looked_at() -> None:
    word = Word("rain", 1.0, 1.3, 0.4, "ran")
    state, packed_words = UtteranceState.FINAL, pack_words([word])
    stored = SavedUtterance(1, 1, 0, 1, 1.0, 2.0, "rain", None, packed_words, 0.4, "ran", state, "")
    shown = Line.of(stored)
    assert shown.live_words == ()
    assert shown.words == (word,)
    assert [mark.word for mark in word_marks(shown)] == [word]
