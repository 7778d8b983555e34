"""Results arrive, the user corrects them, and every step can be taken back exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import sentence
from helpers.sample_library import filled, line, new_session, result, texts

from granite_live.library import Library, UtteranceState
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import Word
from granite_live.util.errors import HistoryError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite", durable=False) as opened:
        yield opened


def test_a_result_is_stored_as_it_came(library: Library) -> None:
    session_id = library.create_session(new_session())
    words = (Word("Hello", 10.0, 10.5, 0.75, "hallo"), Word("there.", 10.5, 11.0, 1.0, ""))
    stored = library.put_utterance(session_id, result(1, "Hello there.", words=words))
    assert stored is not None
    assert library.utterances(session_id) == (stored,)
    assert library.utterance(stored.id) == stored
    assert stored.words == stored.shown_words == words
    assert (stored.text, stored.draft_text, stored.confidence) == (
        *("Hello there.", "hello there.", 0.9),
    )
    assert (stored.number, stored.start_s, stored.end_s) == (1, 10.0, 15.0)
    assert not stored.is_edited


def test_lines_are_in_the_journals_order_whatever_came_first(library: Library) -> None:
    session_id = library.create_session(new_session())
    for number in (2, 10, 1, 3):
        library.put_utterance(session_id, result(number, f"line {number}"))
    assert texts(library, session_id) == ["line 1", "line 2", "line 3", "line 10"]


def test_a_draft_gives_way_to_the_final_text_and_that_to_nothing(library: Library) -> None:
    session_id = library.create_session(new_session())
    draft = library.put_utterance(session_id, result(1, "grey", state=UtteranceState.PROVISIONAL))
    final = library.put_utterance(session_id, result(1, "black"))
    assert draft is not None
    assert final is not None
    assert (draft.id, draft.position) == (final.id, final.position)
    assert final.state is UtteranceState.FINAL
    assert library.put_utterance(session_id, result(1, "something else")) is None
    assert texts(library, session_id) == ["black"]


def test_a_failure_keeps_the_draft_and_gives_way_to_a_later_text(library: Library) -> None:
    session_id = library.create_session(new_session())
    library.put_utterance(session_id, result(1, "grey", state=UtteranceState.PROVISIONAL))
    failure = replace(result(1, "", state=UtteranceState.FAILED), reason="It died.")
    failed = library.put_utterance(session_id, failure)
    assert failed is not None
    assert (failed.text, failed.state, failed.reason) == ("grey", UtteranceState.FAILED, "It died.")
    library.edit_text(failed.id, "by hand")
    library.put_utterance(session_id, result(1, "black"))
    found = line(library, session_id)
    assert (found.machine_text, found.text, found.reason) == ("black", "by hand", "")
    assert found.state is UtteranceState.FINAL


def test_edit_marks_and_keeps_the_machines_text(library: Library) -> None:
    session_id = filled(library, "the cat sat")
    change = library.edit_text(line(library, session_id).id, "  the  bat\nsat ")
    (edited,) = change.after
    assert edited == line(library, session_id)
    assert (edited.text, edited.machine_text) == ("the  bat sat", "the cat sat")
    assert [word.text for word in edited.shown_words] == ["the", "bat", "sat"]
    heard, shown = edited.words, edited.shown_words
    assert (shown[0], shown[2]) == (heard[0], heard[2])
    assert (shown[1].start_s, shown[1].end_s, shown[1].confidence) == (
        *(heard[1].start_s, heard[1].end_s, 1.0),
    )
    assert library.edit_text(edited.id, "the cat sat").after[0].edited_text is None
    library.edit_text(edited.id, "")
    assert texts(library, session_id) == [""]
    library.edit_text(edited.id, None)
    assert texts(library, session_id) == ["the cat sat"]


def test_merge_and_its_undo(library: Library) -> None:
    session_id = filled(library, "one two", "three", "four")
    before = library.utterances(session_id)
    library.edit_text(before[1].id, "THREE")
    edited = library.utterances(session_id)
    change = library.merge_with_next(before[0].id)
    first, last = library.utterances(session_id)
    assert (first.text, first.machine_text) == ("one two THREE", "one two three")
    assert (first.id, first.start_s, first.end_s) == (before[0].id, 10.0, 25.0)
    assert [word.text for word in first.words] == ["one", "two", "three"]
    assert last == before[2]
    library.apply(change.inverse)
    assert library.utterances(session_id) == edited
    library.apply(change)
    assert library.utterances(session_id) == (first, last)
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.NOTHING_TO_MERGE)):
        library.merge_with_next(last.id)


def test_a_merged_line_reads_as_one_sentence(library: Library) -> None:
    session_id = filled(library, "It began", "A very few came.", "The end")
    before = library.utterances(session_id)
    change = library.merge_with_next(before[0].id)
    first = library.utterances(session_id)[0]
    assert first.text == "It began a very few came."
    assert [word.text for word in first.words][2] == "a"
    assert not first.is_edited
    library.apply(change.inverse)
    assert library.utterances(session_id) == before
    library.apply(change)
    library.merge_with_next(first.id)
    assert texts(library, session_id) == ["It began a very few came. The end"]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("he said", "John came", "he said John came"),
        ("he said", "I came", "he said I came"),
        ("he said", "The cat", "he said the cat"),
        ("he said:", "The cat", "he said: The cat"),
        ("„Ja.“", "Der Hund", "„Ja.“ Der Hund"),
        ("und", "Der Hund", "und der Hund"),
        ("he saw", "IT people", "he saw IT people"),
    ],
)
def test_only_the_capital_of_a_sentence_becomes_small(
    library: Library, first: str, second: str, wanted: str
) -> None:
    session_id = filled(library, first, second)
    library.edit_text(line(library, session_id).id, first + " ")
    library.merge_with_next(line(library, session_id).id)
    assert texts(library, session_id) == [wanted]


def test_split_at_every_word_until_nothing_is_left_to_split(library: Library) -> None:
    words = list("abcdefghijkl")
    session_id = filled(library, " ".join(words), "end")
    whole = library.utterances(session_id)
    changes = [
        library.split(line(library, session_id, index).id, 1) for index in range(len(words) - 1)
    ]
    found = library.utterances(session_id)
    assert [one.text for one in found] == [*words, "end"]
    assert [one.words[0].start_s for one in found[:-1]] == [one.start_s for one in found[:-1]]
    assert not any(one.is_edited for one in found)
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.SPLIT_BETWEEN_WORDS)):
        library.split(found[0].id, 1)
    for change in reversed(changes):
        library.apply(change.inverse)
    assert library.utterances(session_id) == whole


def test_split_of_an_edited_line_parts_the_machines_text_too(library: Library) -> None:
    session_id = filled(library, "so the cat sat down")
    library.edit_text(line(library, session_id).id, "so, the bat sat down")
    change = library.split(line(library, session_id).id, 3)
    first, second = change.after
    assert (first.text, first.machine_text) == ("so, the bat", "so the cat")
    assert (second.text, second.edited_text) == ("sat down", None)
    assert (second.number, second.start_s) == (None, second.words[0].start_s)


def test_deleted_lines_stay_deleted_until_taken_back(library: Library) -> None:
    session_id = filled(library, "one", "two", "three")
    before = library.utterances(session_id)
    change = library.delete_utterances([before[0].id, before[1].id])
    assert texts(library, session_id) == ["three"]
    # What a crash's recovery tells once more must not bring them back.
    assert library.put_utterance(session_id, result(1, "one")) is None
    library.apply(change.inverse)
    assert library.utterances(session_id) == before
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.SEVERAL_SESSIONS)):
        library.delete_utterances([])
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.SEVERAL_SESSIONS)):
        library.delete_utterances([before[0].id, line(library, filled(library, "x")).id])


def test_what_is_merged_away_does_not_come_back(library: Library) -> None:
    session_id = filled(library, "one", "two")
    change = library.merge_with_next(line(library, session_id).id)
    assert library.put_utterance(session_id, result(2, "two")) is None
    library.apply(change.inverse)
    assert texts(library, session_id) == ["one", "two"]


def test_a_line_in_work_is_not_touched(library: Library) -> None:
    session_id = filled(library, "one")
    library.put_utterance(session_id, result(2, "two", state=UtteranceState.PROVISIONAL))
    first, second = library.utterances(session_id)
    for step in (
        lambda: library.edit_text(second.id, "2"),
        lambda: library.merge_with_next(first.id),
        lambda: library.split(second.id, 1),
        lambda: library.delete_utterances([first.id, second.id]),
    ):
        with pytest.raises(HistoryError, match=sentence(LibraryMessage.LINE_NOT_FINAL)):
            step()
    assert library.utterances(session_id) == (first, second)


def test_a_step_on_what_has_changed_since_is_refused_whole(library: Library) -> None:
    session_id = filled(library, "one", "two")
    change = library.merge_with_next(line(library, session_id).id)
    library.edit_text(line(library, session_id).id, "something else")
    found = library.utterances(session_id)
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.LINE_CHANGED)):
        library.apply(change.inverse)
    library.delete_utterances([found[0].id])
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.LINE_GONE)):
        library.apply(change.inverse)
    assert texts(library, session_id) == []


def test_a_result_for_a_session_that_is_gone(library: Library) -> None:
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.SESSION_GONE)):
        library.put_utterance(7, result(1, "one"))


def test_text_that_no_database_takes(library: Library) -> None:
    session_id = filled(library, "half a \udcff pair\x00 and\x07 a bell")
    assert texts(library, session_id) == ["half a ? pair and a bell"]
