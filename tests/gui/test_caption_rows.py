"""Breaking of captions into rows: complete, in order, stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.gui.captions.rows import (
    CaptionRow,
    CaptionRows,
    Piece,
    UtteranceWords,
    is_right_to_left,
    joined,
)

ROOM = 20


@dataclass
class Counting:
    """A ruler for which every character is one pixel wide."""

    room_px: float = ROOM
    space_px: float = 1.0

    def width_px(self, word: str) -> float:
        return len(word)

    def cut(self, word: str) -> Sequence[str]:
        room = int(self.room_px)
        return [word[at : at + room] for at in range(0, len(word), room)]


def said(number: int, text: str, *, is_final: bool = True) -> UtteranceWords:
    return UtteranceWords(number, tuple(text.split()), is_final)


def text_of(rows: Sequence[CaptionRow]) -> str:
    """Return all rows as one text, with split words joined."""
    return joined(piece for row in rows for piece in row.pieces)


def texts(rows: CaptionRows) -> list[str]:
    return [row.text for row in rows.visible]


_WORD = st.sampled_from(["a", "bb", "ccc", "dddd", "eeeeeeeee", "x" * 21, "yz" * 20])
_SAID = st.dictionaries(st.integers(0, 3), st.lists(_WORD, min_size=1, max_size=6), max_size=4)


@given(st.lists(_SAID, min_size=1, max_size=4), st.integers(1, 4))
def test_after_any_changes_the_last_words_stand_there_once_in_order_and_with_room(
    steps: list[dict[int, list[str]]], count: int
) -> None:
    rows = CaptionRows(Counting(), count)
    for step in steps:
        now = [UtteranceWords(number, tuple(words), True) for number, words in sorted(step.items())]
        rows.update(now)
        whole = " ".join(word for one in now for word in one.words)
        shown = text_of(rows.rows)
        assert whole.endswith(shown)
        assert bool(shown) == bool(whole)
        assert all(len(row.text) <= ROOM for row in rows.rows)
        slots = [row.slot for row in rows.rows]
        assert slots == list(range(slots[0], slots[0] + len(slots))) if slots else True
        assert all(slot < count for slot in slots)
        assert bool(rows.visible) == bool(whole)


@given(st.lists(_SAID, min_size=1, max_size=4))
def test_as_long_as_nothing_left_the_screen_no_word_is_missing(
    steps: list[dict[int, list[str]]],
) -> None:
    rows = CaptionRows(Counting(), 200)
    for step in steps:
        now = [UtteranceWords(number, tuple(words), True) for number, words in sorted(step.items())]
        rows.update(now)
        assert text_of(rows.rows) == " ".join(word for one in now for word in one.words)


@given(st.lists(_WORD, min_size=1, max_size=30), st.integers(1, 4))
def test_a_text_that_grows_never_moves_what_is_read(words: list[str], count: int) -> None:
    rows = CaptionRows(Counting(), count)
    before: dict[int, str] = {}
    for end in range(1, len(words) + 1):
        rows.update([UtteranceWords(0, tuple(words[:end]), False)])
        for row in rows.rows:
            assert row.text.startswith(before.get(row.key, ""))
        before = {row.key: row.text for row in rows.rows}


def test_the_first_row_is_at_the_bottom_and_moves_up() -> None:
    rows = CaptionRows(Counting(), 2)
    rows.update([said(1, "the trees were")])
    assert [(row.text, row.slot) for row in rows.visible] == [("the trees were", 1)]
    rows.update([said(1, "the trees were full of birds")])
    assert [(row.text, row.slot) for row in rows.visible] == [
        ("the trees were full", 0),
        ("of birds", 1),
    ]
    rows.update([said(1, "the trees were full of birds and it was warm again")])
    assert texts(rows) == ["of birds and it was", "warm again"]
    assert [row.slot for row in rows.rows] == [-1, 0, 1]


def test_a_final_that_differs_changes_its_own_rows_only() -> None:
    rows = CaptionRows(Counting(), 3)
    rows.update([said(1, "one two three four five six seven eight", is_final=False)])
    keys = [row.key for row in rows.visible]
    assert texts(rows) == ["one two three four", "five six seven eight"]
    rows.update([said(1, "One too three four, five six seven eight."), said(2, "and nine ten")])
    assert texts(rows) == ["five six seven", "eight.", "and nine ten"]
    assert rows.visible[0].key == keys[1]


def test_an_utterance_begins_a_row_of_its_own() -> None:
    rows = CaptionRows(Counting(), 3)
    rows.update([said(1, "Yes."), said(2, "it is", is_final=False)])
    assert texts(rows) == ["Yes.", "it is"]
    keys = [row.key for row in rows.visible]
    rows.update([said(1, "Yes."), said(2, "It is warm."), said(3, "And")])
    assert texts(rows) == ["Yes.", "It is warm.", "And"]
    assert [row.key for row in rows.visible][:2] == keys


def test_a_final_that_is_shorter_leaves_a_gap_and_no_row_goes_down() -> None:
    rows = CaptionRows(Counting(), 2)
    rows.update([said(1, "one two three four five six seven eight nine", is_final=False)])
    assert texts(rows) == ["five six seven eight", "nine"]
    rows.update([said(1, "one two three four five six seven eight")])
    assert [(row.text, row.slot) for row in rows.visible] == [("five six seven eight", 0)]
    rows.update([said(1, "one two three four five six seven eight"), said(2, "ten eleven")])
    assert [(row.text, row.slot) for row in rows.visible] == [
        ("five six seven eight", 0),
        ("ten eleven", 1),
    ]


def test_a_row_alone_on_the_screen_that_goes_gives_way_to_the_one_before() -> None:
    rows = CaptionRows(Counting(), 1)
    rows.update([said(1, "one two three four five")])
    assert texts(rows) == ["five"]
    rows.update([said(1, "one two three four")])
    assert [(row.text, row.slot) for row in rows.visible] == [("one two three four", 0)]


def test_a_late_utterance_comes_between_and_what_is_below_stays() -> None:
    rows = CaptionRows(Counting(), 3)
    first, third = said(1, "one two three four"), said(3, "nine ten eleven cats", is_final=False)
    rows.update([first, third])
    below = rows.visible[-1]
    rows.update([first, said(2, "five six seven eight"), third])
    assert texts(rows) == ["one two three four", "five six seven eight", "nine ten eleven cats"]
    assert (rows.visible[-1].key, rows.visible[-1].slot) == (below.key, below.slot)


def test_what_is_said_before_all_others_and_told_last_stands_first() -> None:
    rows = CaptionRows(Counting(), 3)
    rows.update([said(2, "and the sun", is_final=False)])
    below = rows.visible[-1]
    rows.update([said(1, "It rained."), said(2, "and the sun", is_final=False)])
    assert [(row.text, row.slot) for row in rows.visible] == [("It rained.", 1), ("and the sun", 2)]
    assert rows.visible[-1].key == below.key


def test_a_late_text_above_the_screen_moves_nothing() -> None:
    rows = CaptionRows(Counting(), 1)
    many = [said(number, f"this is row number {number}") for number in range(10, 40)]
    rows.update(many)
    before = rows.rows
    rows.update([said(1, "much too late"), *many])
    assert rows.rows == before
    assert len(before) < 12


def test_drafts_and_finals_are_told_apart() -> None:
    rows = CaptionRows(Counting(), 2)
    rows.update([said(1, "It rained."), said(2, "and the", is_final=False)])
    assert [[piece.is_final for piece in row.pieces] for row in rows.visible] == [
        [True, True],
        [False, False],
    ]


def test_a_word_without_end_is_cut_and_joined() -> None:
    rows = CaptionRows(Counting(), 4)
    rows.update([said(1, f"a {'x' * 50} b")])
    assert texts(rows) == ["a", "x" * 20, "x" * 20, f"{'x' * 10} b"]
    assert text_of(rows.rows) == f"a {'x' * 50} b"


def test_another_width_breaks_everything_anew() -> None:
    rows = CaptionRows(Counting(), 2)
    now = [said(1, "one two three four five six")]
    rows.update(now)
    rows.reset(Counting(room_px=60), 2, now)
    assert texts(rows) == ["one two three four five six"]
    rows.update([])
    assert rows.rows == ()


@pytest.mark.parametrize(
    ("text", "is_rtl"),
    [("כמה מילים", True), ("IBM כתבה את זה", True), ("the word שלום here", False), ("1 2", False)],
)
def test_a_row_begins_where_most_of_its_utterance_is_read_from(text: str, is_rtl: bool) -> None:
    assert is_right_to_left([text]) is is_rtl
    rows = CaptionRows(Counting(), 1)
    rows.update([said(1, text)])
    assert rows.visible[-1].is_right_to_left is is_rtl


def test_joined_pieces_have_no_space_between_them() -> None:
    pieces = [Piece("ab", 1, True), Piece("cd", 1, True, True), Piece("e", 1, True)]
    assert joined(pieces) == "abcd e"
