"""The user's spelling and capitals; no word is lost and none moves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.model_fakes import make_transcript, make_words
from hypothesis import given
from hypothesis import strategies as st

from granite_live.app.listeners import polish_events
from granite_live.session import events
from granite_live.transcript.model import Word
from granite_live.transcript.polish import Polish, apply_replacements, apply_sentence_case

PAIRS = (
    ("granite life", "Granite Live"),
    ("jason", "JSON"),
    ("heard", "written"),
    ("a heard word", "b"),
    ("ice cream", "icecream"),
    ("email", "e mail"),
    ("c++", "c plus plus"),
    ("café", "coffee"),
    ("USA", "the states"),
    ("i o", "io"),
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("i like granite life, mostly", "i like Granite Live, mostly"),
        ("GRANITE LIFE! granite life", "Granite Live! Granite Live"),
        ("granite, life", "granite, life"),
        ("granites life", "granites life"),
        ("heard Heard HEARD", "written Written WRITTEN"),
        ("(heard) “heard”… unheard", "(written) “written”… unheard"),
        ("heard's", "heard's"),
        ("a heard word heard", "b written"),
        ("Ice cream. ICE CREAM?", "Icecream. ICECREAM?"),
        ("email Email EMAIL", "e mail E mail E MAIL"),
        ("c++, C++", "c plus plus, C plus plus"),
        ("CAFÉ café Café", "COFFEE coffee Coffee"),
        ("usa USA", "the states the states"),
        ("I o", "Io"),
        ("— heard —", "— written —"),
        ("", ""),
        ("nothing of it", "nothing of it"),
    ],
)
def test_replacements(said: str, shown: str) -> None:
    assert apply_replacements(make_transcript(said), PAIRS).text == shown


FILLERS = (("um", ""), ("you know", ""), ("heard", "written"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("um so i went", "so i went"),
        ("Um, so I went.", "So I went."),
        ("I um went", "I went"),
        ("well, um, you know, fine", "well, fine"),
        ("I think, um.", "I think."),
        ("I think um!", "I think!"),
        ("Is it um? Um, yes.", "Is it? Yes."),
        ("He said “um, yes” and “no um”.", "He said “yes” and “no”."),
        ("It works. Um. Mostly.", "It works. Mostly."),
        ("um heard um", "written"),
        ("umbrella", "umbrella"),
        ("Um.", ""),
        ("um", ""),
    ],
)
def test_a_filler_is_left_out(said: str, shown: str) -> None:
    polished = apply_replacements(make_transcript(said), FILLERS)
    assert polished.text == shown
    assert [word.text for word in polished.words] == shown.split()


MARKS = (
    ("full stop", "."),
    ("comma", ","),
    ("question mark", "?"),
    ("open bracket", "("),
    ("close bracket", ")"),
    ("next", ". And"),
    ("ellipsis", "..."),
    ("incorporated", "Inc."),
    ("point five", ".5"),
    ("dash", "–"),  # noqa: RUF001 - that dash is meant
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the end full stop", "the end."),
        ("the end full stop.", "the end."),
        ("the end. full stop", "the end."),
        ("one comma two, comma three", "one, two, three"),
        ("really, question mark", "really?"),
        ("a open bracket b close bracket c", "a (b) c"),
        ("one next two", "one. And two"),
        ("wait ellipsis", "wait..."),
        ("at acme incorporated.", "at acme Inc."),
        ("it is point five", "it is .5"),
        ("one dash two", "one – two"),  # noqa: RUF001 - that dash is meant
        ("full stop", "."),
        ("a open bracket", "a ("),
    ],
)
def test_a_mark_stands_at_its_word(said: str, shown: str) -> None:
    polished = apply_replacements(make_transcript(said), MARKS)
    assert polished.text == shown
    assert [word.text for word in polished.words] == shown.split()


def test_what_was_written_is_not_looked_at_again() -> None:
    swap = (("black", "white"), ("white", "black"))
    assert (
        apply_replacements(make_transcript("black white black"), swap).text == "white black white"
    )


def test_rules_that_say_nothing_do_nothing() -> None:
    said = make_transcript("a heard word")
    assert apply_replacements(said, (("", "x"), ("...", "x"), (" ", ""))) is said
    assert apply_replacements(said, ()) is said


def test_times_of_replaced_words() -> None:
    words = (
        Word("my", 0.0, 0.5, 0.9),
        Word("ice", 0.5, 1.0, 0.8, "eyes"),
        Word("cream", 1.0, 2.0, 0.6),
        Word("email", 2.0, 4.0, 0.7, "mail"),
        Word("jason", 4.0, 5.0, 0.5, "chase"),
    )
    shown = apply_replacements(
        make_transcript("my ice cream email jason", 0.0, 5.0, words=words), PAIRS
    )
    assert shown.words[0] is words[0]
    assert shown.words[1:] == (
        Word("icecream", 0.5, 2.0, 0.6),
        Word("e", 2.0, 2.4, 0.7),
        Word("mail", 2.4, 4.0, 0.7),
        Word("JSON", 4.0, 5.0, 0.5, "chase"),
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("hello there. how are you? fine!", "Hello there. How are you? Fine!"),
        ("i think i'm right and i’ll say so, i.", "I think I'm right and I’ll say so, I."),  # noqa: RUF001
        ("“so” he said. “yes.” good", "“So” he said. “Yes.” Good"),
        ("3rd of may. 4 of them. ok", "3rd of may. 4 of them. Ok"),
        ("well... maybe, e.g. mr. smith", "Well... maybe, e.g. mr. smith"),
        ("élan. über", "Élan. Über"),
        ("ßx. ok", "ßx. Ok"),
        ("Already has Capitals. so it stays", "Already has Capitals. so it stays"),
        ("", ""),
    ],
)
def test_sentence_case(said: str, shown: str) -> None:
    assert apply_sentence_case(make_transcript(said)).text == shown


def test_both_in_their_order() -> None:
    polish = Polish((("heard", "written"), ("jason", "JSON")), sentence_case=True)
    assert polish(make_transcript("heard jason. heard it")).text == "Written JSON. Written it"
    untouched = make_transcript("Nothing to do.")
    assert polish(untouched) is untouched
    assert Polish()(untouched) is untouched


def test_a_text_without_words_is_polished_too() -> None:
    said = replace(make_transcript("heard it"), words=())
    shown = Polish(PAIRS, sentence_case=True)(said)
    assert (shown.text, shown.words) == ("Written it", ())


SPOKEN = st.lists(
    st.sampled_from(["the", "Cat", "ice", "cream", "EMAIL", "i", "jason.", "(heard", "word)", "—"]),
    max_size=10,
)
RULES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["ice", "cream", "the", "email"]), min_size=1, max_size=3),
        st.lists(st.sampled_from(["x", "Yz", "w"]), min_size=1, max_size=3),
    ),
    max_size=3,
).map(lambda rules: tuple((" ".join(heard), " ".join(written)) for heard, written in rules))


@given(SPOKEN, RULES, st.booleans())
def test_no_word_is_lost_and_none_moves(
    spoken: list[str], rules: tuple[tuple[str, str], ...], sentence_case: bool
) -> None:
    said = make_transcript(" ".join(spoken), 2.0, 12.0)
    shown = Polish(rules, sentence_case=sentence_case)(said)
    assert [word.text for word in shown.words] == shown.text.split()
    assert bool(shown.words) == bool(said.words)
    clock_s = 2.0
    for word in shown.words:
        assert clock_s - 1e-9 <= word.start_s <= word.end_s
        clock_s = word.end_s
    if said.words:
        assert (shown.words[0].start_s, clock_s) == (said.words[0].start_s, said.words[-1].end_s)
    heard = {part.casefold() for rule, _ in rules for part in rule.split()}
    kept = [word for word in said.words if word.text.strip("().").casefold() not in heard]
    times = {(word.text.casefold(), word.start_s, word.end_s) for word in shown.words}
    assert times >= {(word.text.casefold(), word.start_s, word.end_s) for word in kept}


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=3))
def test_any_text_and_any_rule_can_be_taken(text: str, rules: list[tuple[str, str]]) -> None:
    shown = Polish(tuple(rules), sentence_case=True)(make_transcript(text))
    assert [word.text for word in shown.words] == shown.text.split()


def test_a_listener_hears_polished_text() -> None:
    told: list[events.SessionEvent] = []
    listen = polish_events(Polish(PAIRS, sentence_case=True), told.append)
    words = make_words("heard it", 1.0, 2.0)
    final = events.FinalText(0.0, 1, 1.0, 2.0, "heard it", words, 0.9, "heard id")
    draft = events.DraftText(0.0, 1, 1.0, "heard", 0)
    done = events.FinalText(0.0, 1, 1.0, 2.0, "Done.", make_words("Done.", 1.0, 2.0), 0.9, "")
    for event in (draft, events.ProvisionalText(0.0, 1, 1.0, 2.0, "heard it", words), final, done):
        listen(event)
    assert told[0] is draft
    assert told[3] is done
    assert [(one.text, one.words[0].text) for one in told[1:3]] == [("Written it", "Written")] * 2  # type: ignore[union-attr]
    assert told[2] == replace(final, text="Written it", words=told[2].words)  # type: ignore[union-attr]
