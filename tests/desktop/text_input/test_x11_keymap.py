"""Which keys are pressed for a text, from tables of keysyms alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.desktop.x11_keymap import Keymap, Stroke, is_typable, keysym_of, remapped_row

FIRST = 8
# a A | ö Ö in the first group only | a key per group: y/z | Return | three unused keys
ROWS = [
    [0x61, 0x41, 0x61, 0x41],
    [0xF6, 0, 0, 0],
    [0x79, 0x59, 0x7A, 0x5A],
    [0xFF0D, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
]
SPARE = [12, 13, 14]


def plain(keycode: int) -> Stroke:
    return Stroke(keycode, is_shifted=False)


def shifted(keycode: int) -> Stroke:
    return Stroke(keycode, is_shifted=True)


def test_what_the_layout_has_is_pressed_there() -> None:
    (batch,) = Keymap(FIRST, ROWS).plan("aAöÖy\n")
    assert batch.strokes == [
        plain(8), shifted(8), plain(9), shifted(9), plain(10), plain(11)
    ]  # fmt: skip
    assert batch.remapped == {}


def test_the_group_in_use_decides() -> None:
    (batch,) = Keymap(FIRST, ROWS, group=1).plan("zaö")
    assert batch.strokes == [plain(10), plain(8), plain(9)]
    assert "y" not in Keymap(FIRST, ROWS, group=1)


def test_of_further_groups_only_keys_that_write_nothing_are_known() -> None:
    keymap = Keymap(FIRST, ROWS, group=2)
    assert "a" not in keymap
    assert keymap.find(0xFF0D) == plain(11)


def test_unused_keys_get_what_is_missing_and_keep_it() -> None:
    keymap = Keymap(FIRST, ROWS)
    (batch,) = keymap.plan("😀a😀€")
    assert batch.remapped == {12: 0x0101_F600, 13: 0x0100_20AC}
    assert batch.strokes == [plain(12), plain(8), plain(12), plain(13)]
    assert not batch.reuses_key
    (again,) = keymap.plan("€😀")
    assert again.remapped == {}


def test_an_untouched_key_gets_nothing() -> None:
    assert Keymap(FIRST, ROWS, untouched=[12]).unused_keys == [13, 14]


def test_what_was_given_is_found_by_the_next_reader_and_is_taken_last() -> None:
    rows = [*ROWS[:4], remapped_row(keysym_of("ß")), ROWS[5], ROWS[6]]
    keymap = Keymap(FIRST, rows, group=1)
    assert keymap.unused_keys == [13, 14, 12]
    (batch,) = keymap.plan("ß1")
    assert batch.remapped == {13: 0x31}


def test_when_keys_run_out_the_oldest_letter_goes_in_a_batch_of_its_own() -> None:
    first, second = Keymap(FIRST, ROWS).plan("1234")
    assert (first.remapped, first.reuses_key) == ({12: 0x31, 13: 0x32, 14: 0x33}, False)
    assert (second.remapped, second.reuses_key) == ({12: 0x34}, True)
    assert [first.characters, second.characters] == [3, 1]


def test_without_an_unused_key_it_is_said_which_character() -> None:
    with pytest.raises(ValueError, match="€"):
        Keymap(FIRST, ROWS[:4]).plan("a€")


def test_control_characters_are_not_typable() -> None:
    assert [one for one in "a\n\t\x1b\x00\x7f\x9bä😀" if is_typable(one)] == list("a\n\tä😀")


@given(st.lists(st.text("aAy\n1234567😀ßé", max_size=30), max_size=4))
def test_whatever_is_planned_reads_as_it_was_written(texts: list[str]) -> None:
    keymap, rows = Keymap(FIRST, ROWS), [list(row) for row in ROWS]
    for text in texts:
        # What later texts rely on was given by earlier ones.
        names = {keysym_of(one): one for one in "aAy\n1234567😀ßé"}
        read = ""
        for batch in keymap.plan(text):
            for keycode, keysym in batch.remapped.items():
                rows[keycode - FIRST] = list(remapped_row(keysym))
            read += "".join(
                names[rows[one.keycode - FIRST][one.is_shifted]] for one in batch.strokes
            )
        assert read == text
