"""Numbers as digits, and what stays a word."""

from __future__ import annotations

import pytest
from helpers.model_fakes import make_recording, make_transcript

from granite_live.transcript.export import render
from granite_live.transcript.export.options import ExportOptions
from granite_live.transcript.numbers import digits_in, guess_language, with_digits

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("en", "twenty-one people came.", "21 people came."),
        ("en", "In nineteen ninety-nine, not in twenty twenty four.", "In 1999, not in 2024."),
        (
            "en",
            "the third of May and the twenty first of June",
            "the 3rd of May and the 21st of June",
        ),
        ("en", "He paid three hundred fifty dollars, or eleven euros.", "He paid $350, or €11."),
        ("en", "five percent or two point five percent", "5% or 2.5%"),
        ("en", "at five thirty p.m. or eight o'clock", "at 5:30 p.m. or 8 o'clock"),
        ("en", "three million people, sixty thousand cars", "3 million people, 60 thousand cars"),
        ("en", "two hundred and fifty-six thousand one hundred and one", "256,101"),
        ("de", "am dritten Mai um acht Uhr dreißig", "am 3. Mai um 8:30 Uhr"),
        ("de", "dreihundertfünfzig Euro, fünf Prozent", f"350{NBSP}€, 5{NBSP}%"),
        ("de", "neunzehnhundertneunundneunzig", "1999"),
        ("fr", "le vingt et un mai, le premier juin", "le 21 mai, le 1er juin"),
        ("fr", "trois cent cinquante euros", f"350{NBSP}€"),
        ("es", "el uno de mayo de dos mil veinte", "el 1 de mayo de 2020"),
        ("pt", "no dia vinte e um de maio", "no dia 21 de maio"),
    ],
)
def test_numbers_are_written_as_digits(language: str, spoken: str, written: str) -> None:
    assert digits_in(spoken, language) == written


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "One of them has two dogs and the first second of a hundred reasons."),
        ("en", "You may march in one minute, and the second may be third."),
        ("en", "No one said that everyone has a million things, one, two, three."),
        ("de", "Einer davon hat zwei Hunde und zum ersten Mal eine Million."),
        ("fr", "L'un des deux a pour la première fois un chien."),
        ("es", "Uno de ellos tiene dos perros por primera vez."),
        ("pt", "Um deles tem dois cães pela primeira vez."),
    ],
)
def test_small_numbers_stay_words(language: str, text: str) -> None:
    assert digits_in(text, language) == text


def test_languages_are_told_apart() -> None:
    assert guess_language("It was the best of times, and it was the worst of times.") == "en"
    assert guess_language("Das ist nicht der Tag, und wir sind nicht zu Hause.") == "de"
    assert guess_language("Il est dans la maison et nous sommes sur le toit.") == "fr"
    assert guess_language("El perro no es de los niños y se come las flores.") == "es"
    assert guess_language("O cão não é do menino e foi para uma casa com os pais.") == "pt"
    assert guess_language("zwei zwei zwei") is None
    assert guess_language("") is None


SPOKEN = "it was in nineteen ninety nine and the twenty one people of the town that was lost"
TALK = make_recording(make_transcript(SPOKEN, 0.0, 17.0))


def test_documents_have_digits_and_subtitles_words_unless_asked() -> None:
    assert "in 1999 and the 21 people" in render(TALK, "md")
    assert "1999" not in render(TALK, "md", ExportOptions(digits=False))
    assert "1999" not in render(TALK, "srt")
    assert "1999" in render(TALK, "srt", ExportOptions(digits=True))
    assert "1999" not in render(TALK, "txt")


def test_a_number_of_several_words_has_the_time_of_all_of_them() -> None:
    (utterance,) = with_digits(TALK).utterances
    assert utterance.text.split() == [word.text for word in utterance.words]
    year = next(word for word in utterance.words if word.text == "1999")
    assert (year.start_s, year.end_s) == pytest.approx((3.0, 6.0))
    assert TALK.utterances[0].text == SPOKEN  # what is stored and edited stays as it was said
