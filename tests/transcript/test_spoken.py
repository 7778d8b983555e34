"""Spoken editing: sure where it is meant, and never where the words are only said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.spoken import (
    PHRASES,
    SpokenCommand,
    SpokenEdit,
    apply_spoken_commands,
    count_backspaces,
)

LINE, PARAGRAPH, SCRATCH = (
    SpokenCommand.NEW_LINE,
    SpokenCommand.NEW_PARAGRAPH,
    SpokenCommand.SCRATCH,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("new line", SpokenEdit("\n", 0, (LINE,))),
        ("New line.", SpokenEdit("\n", 0, (LINE,))),
        ("NEUE  ZEILE!", SpokenEdit("\n", 0, (LINE,))),
        ("Neuer Absatz.", SpokenEdit("\n\n", 0, (PARAGRAPH,))),
        ("new paragraph, new line", SpokenEdit("\n\n\n", 0, (PARAGRAPH, LINE))),
        ("scratch that", SpokenEdit("", 1, (SCRATCH,))),
        ("Streich das. Streich das.", SpokenEdit("", 2, (SCRATCH, SCRATCH))),
        ("Scratch that. New line.", SpokenEdit("\n", 1, (SCRATCH, LINE))),
        ("New line. Scratch that.", SpokenEdit("", 0, (LINE, SCRATCH))),
        ("That is all. New line.", SpokenEdit("That is all.\n", 0, (LINE,))),
        ("Is it? New paragraph", SpokenEdit("Is it?\n\n", 0, (PARAGRAPH,))),
        ("We go on Monday. Scratch that.", SpokenEdit("", 0, (SCRATCH,))),
        ("Das war's. Neue Zeile. Streich das.", SpokenEdit("Das war's.", 0, (LINE, SCRATCH))),
    ],
)
def test_a_command_is_a_sentence_of_its_own(text: str, meant: SpokenEdit) -> None:
    assert apply_spoken_commands(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We need a new line.",
        "we need a new line",
        "He wrote: new line.",
        "Bread, butter, new line.",
        "New line managers are trained here.",
        "New line?",
        "He said “new line”",
        "Renew line.",
        "new lines",
        "Scratch that itch.",
        "Du musst eine neue Zeile beginnen. Streich das Wort.",
        "I will scratch that",
        "A new line. Of products.",
        "newline",
    ],
)
def test_words_that_are_only_said_stay_words(text: str) -> None:
    assert apply_spoken_commands(text) == SpokenEdit(text)


# What can stand in a sentence without ending it.
INSIDE = st.text(st.characters(exclude_categories=("Cs",), exclude_characters=".!?…"), max_size=30)


@given(INSIDE.filter(lambda one: one.strip(" \t")), st.sampled_from(sorted(PHRASES)))
def test_a_sentence_that_only_contains_the_words_is_text(around: str, phrase: str) -> None:
    for text in (f"{around}x {phrase}", f"{around}x {phrase}.", f"{phrase} x{around}"):
        assert apply_spoken_commands(text) == SpokenEdit(text)


@given(INSIDE, st.sampled_from(sorted(PHRASES)), st.sampled_from(["", ".", "!", ",", " … "]))
def test_the_same_words_as_a_sentence_of_their_own_are_a_command(
    before: str, phrase: str, mark: str
) -> None:
    meant = apply_spoken_commands(f"{before}x. {phrase}{mark}")
    assert meant.commands[-1] is PHRASES[phrase]
    assert phrase not in meant.text.removeprefix(f"{before}x".strip())
    assert apply_spoken_commands(f"{phrase.upper()}{mark}").commands == (PHRASES[phrase],)


@given(st.text(max_size=60))
def test_whatever_is_said_nothing_is_invented(text: str) -> None:
    meant = apply_spoken_commands(text)
    assert meant.text.strip() in text
    assert meant == SpokenEdit(text) or meant.commands
    assert meant.scratches <= meant.commands.count(SCRATCH)


@pytest.mark.parametrize(
    ("text", "presses"),
    [
        ("", 0),
        ("Grüße aus Köln", 14),
        ("eine Zeile\n\n", 12),
        ("gut \N{GRINNING FACE}", 5),
        ("漢字", 2),
        (unicodedata.normalize("NFD", "ü"), None),
        ("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}", None),
        ("\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}", None),
        ("\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}", None),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", None),
    ],
)
def test_presses_are_counted_where_every_editor_counts_the_same(
    text: str, presses: int | None
) -> None:
    assert count_backspaces(text) == presses
