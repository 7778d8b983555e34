"""Subtitle cues keep their limits, lose no word, and break where a reader would."""

from __future__ import annotations

from itertools import pairwise

import pytest
from helpers.model_fakes import make_recording, make_transcript
from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.export.cues import (
    MAX_LEAD_MS,
    Cue,
    split_into_cues,
    timed_units,
)
from granite_live.transcript.export.options import STANDARD
from granite_live.transcript.model import RecordingTranscript, Word

SPEECH = (
    "and so, my fellow americans, ask not what your country can do for you, "
    "ask what you can do for your country."
)


def words_at(*spoken: tuple[str, float, float]) -> list[Word]:
    return [Word(text, start_s, end_s, 1.0) for text, start_s, end_s in spoken]


def cues_of(*spoken: tuple[str, float, float], duration_s: float) -> list[Cue]:
    words = words_at(*spoken)
    utterance = make_transcript(" ".join(w.text for w in words), 0.0, duration_s, words=words)
    return split_into_cues(make_recording(utterance, duration_s=duration_s))


def test_breaks_at_punctuation_with_balanced_lines() -> None:
    recording = make_recording(make_transcript(SPEECH, 0.0, 10.0))
    assert [cue.lines for cue in split_into_cues(recording)] == [
        ("and so, my fellow americans,", "ask not what your country can do for you,"),
        ("ask what you can do for your country.",),
    ]


def test_pause_wins_over_fullness() -> None:
    cues = cues_of(
        *(("one", 0.0, 0.5), ("two", 0.5, 1.0), ("three.", 1.0, 1.5)),
        *(("four", 1.6, 2.0), ("five", 2.0, 2.6), ("six", 4.5, 5.0), ("seven", 5.0, 5.6)),
        duration_s=7.0,
    )
    assert cues == [
        Cue(0, 2_600, ("one two three. four five",)),
        Cue(4_500, 5_600, ("six seven",)),
    ]


def test_short_cue_is_extended_into_silence_but_not_over_the_next() -> None:
    cues = cues_of(("Yes.", 1.0, 1.2), ("No.", 1.9, 2.0), ("Go.", 9.0, 9.1), duration_s=9.5)
    assert cues == [Cue(1_000, 2_000, ("Yes. No.",)), Cue(9_000, 9_500, ("Go.",))]


def speed_cps(cue: Cue) -> float:
    return 1_000 * sum(map(len, cue.lines)) / (cue.end_ms - cue.start_ms)


def test_a_fast_sentence_stays_for_as_long_as_it_takes_to_read() -> None:
    """28 characters said in a second, and 1.5 s until the next word."""
    said = zip(["but", "i", "handed", "over", "the", "amount."], range(6), strict=True)
    fast = [(word, 3.0 + place / 6, 3.0 + (place + 1) / 6) for word, place in said]
    first, second = cues_of(*fast, ("Thanks.", 5.5, 6.5), duration_s=7.0)
    assert first == Cue(3_000, 4_450, ("but i handed over the amount.",))
    assert second.start_ms == 5_500


def test_a_fast_sentence_appears_early_where_the_pause_is_before_it() -> None:
    fast = "it was never the money that they had wanted of him"
    (cue,) = cues_of((fast, 2.0, 3.0), duration_s=3.0)
    assert (cue.start_ms, cue.end_ms) == (1_500, 3_000)


def test_short_cue_without_room_joins_its_neighbour() -> None:
    cues = cues_of(("Yes.", 0.0, 0.3), ("Perhaps", 0.3, 1.4), ("tomorrow.", 1.4, 2.4), duration_s=9)
    assert cues == [Cue(0, 2_400, ("Yes. Perhaps tomorrow.",))]


def test_word_longer_than_a_line_goes_over_two() -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    (cue,) = cues_of((word, 0.0, 4.0), duration_s=5.0)
    assert "".join(cue.lines) == word
    assert len(cue.lines) == 2
    assert abs(len(cue.lines[0]) - len(cue.lines[1])) <= 1


def test_word_that_lasts_too_long_does_not_stay() -> None:
    assert cues_of(("hm", 1.0, 30.0), duration_s=60.0) == [Cue(1_000, 8_000, ("hm",))]


def test_utterance_without_words_shares_its_time_by_length() -> None:
    utterance = make_transcript(SPEECH, 2.0, 12.0, words=())
    cues = split_into_cues(make_recording(utterance))
    assert " ".join(line for cue in cues for line in cue.lines) == SPEECH
    assert (cues[0].start_ms, cues[-1].end_ms) == (2_000, 12_000)


def test_empty_utterances_give_no_cue() -> None:
    assert split_into_cues(make_recording(make_transcript("", 0.0, 5.0))) == []
    assert split_into_cues(make_recording()) == []
    blank = make_transcript(" ", 0.0, 5.0, words=words_at((" ", 0.0, 1.0), ("", 1.0, 2.0)))
    assert split_into_cues(make_recording(blank)) == []


TEXT = st.text(st.sampled_from("abcdefgé,.!?&<>-"), min_size=1, max_size=12)
LONG_TEXT = st.text(st.sampled_from("xyzü"), min_size=30, max_size=200)


SPOKEN = st.tuples(
    st.one_of(TEXT, TEXT, TEXT, LONG_TEXT),
    st.sampled_from([0.0, 0.0, 0.04, 0.3, 1.0, 4.0]),  # pause before
    st.sampled_from([0.0, 0.01, 0.08, 0.3, 1.0, 9.0]),  # length
    st.booleans(),  # the next word overlaps
)
UTTERANCE = st.tuples(st.lists(SPOKEN, max_size=25), st.sampled_from([True, True, False]))


@st.composite
def recordings(draw: st.DrawFn) -> RecordingTranscript:
    """Words with any pauses, overlaps, equal times and now and then a monster."""
    utterances = []
    now_s = 0.0
    for spoken, has_words in draw(st.lists(UTTERANCE, max_size=3)):
        words = []
        begin_s = now_s
        for text, pause_s, length_s, overlaps in spoken:
            start_s, end_s = now_s + pause_s, now_s + pause_s + length_s
            words.append(Word(text, start_s, end_s, 1.0))
            now_s = start_s if overlaps else end_s
        text = " ".join(word.text for word in words)
        utterances.append(make_transcript(text, begin_s, now_s, words=words if has_words else ()))
    return make_recording(*utterances, duration_s=now_s + draw(st.sampled_from([1.0, 5.0])))


def text_of(cues: list[Cue]) -> str:
    return "".join("".join(cue.lines) for cue in cues).replace(" ", "")


@given(recordings())
def test_limits_hold_and_no_word_is_lost(recording: RecordingTranscript) -> None:
    cues = split_into_cues(recording)
    assert text_of(cues) == recording.text.replace(" ", "")
    end_ms = round(recording.duration_s * 1_000)
    for cue in cues:
        assert 1 <= len(cue.lines) <= 2
        assert all(
            1 <= len(line) <= STANDARD.max_line_chars and line == line.strip() for line in cue.lines
        )
        assert 0 < cue.end_ms - cue.start_ms <= STANDARD.max_cue_ms
        assert 0 <= cue.start_ms < cue.end_ms <= end_ms
    for cue, following in pairwise(cues):
        assert cue.end_ms <= following.start_ms


@given(recordings())
def test_a_cue_is_short_only_where_nothing_else_is_possible(
    recording: RecordingTranscript,
) -> None:
    cues = split_into_cues(recording)
    for index, cue in enumerate(cues):
        if cue.end_ms - cue.start_ms >= STANDARD.min_cue_ms:
            continue
        room_until = (
            cues[index + 1].start_ms if index + 1 < len(cues) else recording.duration_s * 1e3
        )
        assert cue.end_ms == pytest.approx(room_until, abs=1)
        for left, right in zip(cues[max(0, index - 1) :], cues[index : index + 2], strict=False):
            if left is right:
                continue
            together = " ".join([*left.lines, *right.lines])
            lasts_ms = right.end_ms - left.start_ms
            assert len(together) > STANDARD.max_line_chars or lasts_ms > STANDARD.max_cue_ms


@given(recordings())
def test_a_cue_is_fast_only_where_no_pause_is_left_beside_it(
    recording: RecordingTranscript,
) -> None:
    cues = split_into_cues(recording)
    units, end_ms = timed_units(recording, STANDARD.max_line_chars, STANDARD.max_cue_ms)
    earliest_ms = {unit.start_ms - MAX_LEAD_MS for unit in units}
    for index, cue in enumerate(cues):
        if speed_cps(cue) <= STANDARD.reading_speed_cps:
            continue
        before_ms = cues[index - 1].end_ms if index else 0
        after_ms = cues[index + 1].start_ms if index + 1 < len(cues) else end_ms
        assert cue.end_ms == after_ms
        assert cue.start_ms == before_ms or cue.start_ms in earliest_ms


@given(st.lists(TEXT, min_size=1, max_size=60))
def test_words_stay_whole_unless_longer_than_a_line(texts: list[str]) -> None:
    recording = make_recording(make_transcript(" ".join(texts), 0.0, 0.35 * len(texts)))
    lines = [line for cue in split_into_cues(recording) for line in cue.lines]
    assert " ".join(lines).split() == texts


def test_two_hours_are_divided_like_ten_seconds() -> None:
    recording = make_recording(make_transcript(" ".join([SPEECH] * 720), 0.0, 7_200.0))
    cues = split_into_cues(recording)
    once = split_into_cues(make_recording(make_transcript(SPEECH, 0.0, 10.0)))
    assert [cue.lines for cue in cues] == [cue.lines for cue in once] * 720
