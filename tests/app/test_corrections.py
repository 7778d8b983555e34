"""What a correction teaches, and what is written at a place found by its sound."""

from __future__ import annotations

import pytest
from helpers.model_fakes import make_words
from helpers.sample_library import filled, line

from granite_live.app.corrections import corrected_term, is_worth_offering
from granite_live.app.sound_search import SoundPlace, replaced_text, words_between
from granite_live.library import Library
from granite_live.settings.vocabulary import Term, TermSet, Vocabulary, save_vocabulary
from granite_live.util.paths import demo_bundle_dir


@pytest.mark.parametrize(
    ("before", "after", "term"),
    [
        ("We read like off run today.", "We read Lycophron today.", "Lycophron"),
        ("by kirk leatham, near", "by Kirkleatham, near", "Kirkleatham"),
        ("Das ist Munchhausn.", "Das ist Münchhausen.", "Münchhausen"),
        ("from new work city now", "from New York City now", "York"),
        ("the end", "The end.", None),
        ("resume", "résumé", None),
        ("one two", "one two three", None),
        ("a cat and a dog", "a bat and a log", None),
        ("and so on", "and so it", None),
        ("one two three four five six", "quite another sentence was written", None),
    ],
)
def test_the_corrected_word_is_found(before: str, after: str, term: str | None) -> None:
    assert corrected_term(before, after) == term


def test_common_and_known_words_are_not_worth_an_offer() -> None:
    demo = demo_bundle_dir()
    assert is_worth_offering("Lycophron", demo, "int8")
    assert not is_worth_offering("window", demo, "int8")
    assert not is_worth_offering("Window", demo, "int8")
    save_vocabulary(Vocabulary({"work": TermSet((Term("LYCOPHRON"),))}))
    assert not is_worth_offering("Lycophron", demo, "int8")


def test_a_place_is_replaced_with_its_punctuation_kept(library: Library) -> None:
    session_id = filled(library, "We read (like off run), today.")
    one, session = line(library, session_id), library.session(session_id)
    words = make_words(one.text, one.start_s, one.end_s)
    start_s, end_s = words[2].start_s, words[4].end_s
    assert words_between(one, start_s, end_s) == "(like off run),"
    place = SoundPlace(0.9, session, one.id, start_s, end_s, "(like off run),")
    assert replaced_text(one, place, "Lycophron") == "We read (Lycophron), today."
    nowhere = SoundPlace(0.9, session, one.id, one.end_s + 1, one.end_s + 2, "")
    assert replaced_text(one, nowhere, "Lycophron") == one.text
