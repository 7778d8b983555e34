"""The caption word stream neither loses, duplicates nor reorders final text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.gui.captions.rows import NO_TEXT, CaptionStream
from granite_live.session import events

_WORDS = st.lists(st.sampled_from(["a", "bb", "the", "trees", "Straße", "שלום"]), max_size=6)


def draft(number: int, text: str) -> events.SessionEvent:
    return events.DraftText(1.0, number, number * 2.0, text, 0)


def provisional(number: int, text: str) -> events.SessionEvent:
    return events.ProvisionalText(1.0, number, number * 2.0, number * 2.0 + 1, text, ())


def final(number: int, text: str) -> events.SessionEvent:
    return events.FinalText(1.0, number, number * 2.0, number * 2.0 + 1, text, (), 0.9, text)


def failed(number: int) -> events.SessionEvent:
    return events.TranscriptionFailed(1.0, number, number * 2.0, number * 2.0 + 1, 3, "it hung")


@st.composite
def _told(draw: st.DrawFn) -> tuple[list[events.SessionEvent], dict[int, str]]:
    """Return events of some utterances in any order, and the final text of each."""
    finals = {n: " ".join(draw(_WORDS)) for n in range(draw(st.integers(1, 6)))}
    told = [final(number, text) for number, text in finals.items()]
    for number in finals:
        makers = draw(st.lists(st.sampled_from([draft, provisional]), max_size=3))
        told += [make(number, " ".join(draw(_WORDS))) for make in makers]
        if draw(st.booleans()):
            told.append(failed(number))
    return draw(st.permutations(told)), finals


@given(_told())
def test_in_whatever_order_they_are_told_all_finals_stand_there_once_and_in_order(
    told: tuple[list[events.SessionEvent], dict[int, str]],
) -> None:
    flow = CaptionStream()
    for event in told[0]:
        flow.apply(event)
    wanted = {number: tuple(text.split()) for number, text in told[1].items() if text}
    assert {one.utterance: one.words for one in flow.utterances} == wanted
    assert [one.utterance for one in flow.utterances] == sorted(wanted)
    assert all(one.is_final for one in flow.utterances)


@given(_told())
def test_it_says_whether_anything_changed(
    told: tuple[list[events.SessionEvent], dict[int, str]],
) -> None:
    flow = CaptionStream()
    for event in told[0]:
        before = flow.utterances
        is_new = flow.apply(event)
        assert is_new or flow.utterances == before


def test_a_late_final_stands_before_a_newer_draft() -> None:
    flow = CaptionStream()
    flow.apply(draft(1, "it has"))
    flow.apply(draft(2, "and the sun"))
    flow.apply(final(1, "It has rained."))
    assert [(one.words, one.is_final) for one in flow.utterances] == [
        (("It", "has", "rained."), True),
        (("and", "the", "sun"), False),
    ]


def test_what_failed_leaves_its_draft_or_a_sign() -> None:
    flow = CaptionStream()
    flow.apply(draft(1, "half a"))
    flow.apply(failed(1))
    flow.apply(failed(2))
    assert [(one.words, one.is_final) for one in flow.utterances] == [
        (("half", "a"), False),
        ((NO_TEXT,), False),
    ]


def test_old_utterances_are_forgotten_and_do_not_come_back() -> None:
    flow = CaptionStream(kept=3)
    for number in range(5):
        flow.apply(final(number, f"word{number}"))
    assert [one.utterance for one in flow.utterances] == [2, 3, 4]
    assert not flow.apply(final(0, "late"))
    assert [one.utterance for one in flow.utterances] == [2, 3, 4]
    flow.clear()
    assert flow.utterances == ()
    assert flow.apply(final(0, "another session"))


@pytest.mark.parametrize(
    "event",
    [
        events.LevelMeasured(0.0, -20.0, -3.0, False),
        events.StateChanged(0.0, "listening"),
        draft(1, "  "),
    ],
)
def test_what_has_no_words_shows_nothing(event: events.SessionEvent) -> None:
    flow = CaptionStream()
    flow.apply(event)
    assert flow.utterances == ()
