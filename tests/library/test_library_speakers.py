"""Every line has a speaker, who can be named, split off and merged, and taken back exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import sentence
from helpers.sample_library import filled, new_session, result

from granite_live.library import Library, SourceKind, UtteranceState
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.export import render
from granite_live.transcript.model import Track
from granite_live.util.errors import HistoryError

MIC, SYSTEM = Track.MICROPHONE, Track.SYSTEM


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite", durable=False) as opened:
        yield opened


def meeting(library: Library, *tracks: int) -> tuple[int, list[int]]:
    """Return a new meeting with a line on each of `tracks`, and the ids of the lines."""
    session_id = library.create_session(replace(new_session(), source_kind=SourceKind.MEETING))
    for number, track in enumerate(tracks, start=1):
        library.put_utterance(session_id, result(number, f"line {number}", track=track))
    return session_id, [line.id for line in library.utterances(session_id)]


def speakers(library: Library, session_id: int) -> list[str]:
    return [line.speaker for line in library.utterances(session_id)]


def test_a_meetings_lines_are_in_the_order_of_their_starts(library: Library) -> None:
    session_id, _ = meeting(library)
    for number, start_s, track in (
        (1, 4.0, SYSTEM),
        (2, 1.5, MIC),
        (3, 1.5, SYSTEM),
        (4, 9.0, MIC),
    ):
        new = replace(result(number, str(number), track=track), start_s=start_s, end_s=12.0)
        library.put_utterance(session_id, new)
    lines = library.utterances(session_id)
    assert [(line.number, line.track) for line in lines] == [
        *((2, MIC), (3, SYSTEM), (1, SYSTEM), (4, MIC))
    ]
    # A line can be split between any two words, whatever its place.
    library.edit_text(lines[1].id, "one two three")
    library.split(lines[1].id, 1)
    numbers = [line.number for line in library.utterances(session_id)]
    assert numbers == [2, 3, None, 1, 4]


def test_lines_that_begin_in_the_same_millisecond_are_both_kept(library: Library) -> None:
    session_id, _ = meeting(library)
    for number in (1, 2):
        new = replace(result(number, str(number)), start_s=3.0, end_s=4.0)
        assert library.put_utterance(session_id, new) is not None
    assert [line.number for line in library.utterances(session_id)] == [1, 2]


def test_from_here_on_it_is_somebody_else(library: Library) -> None:
    session_id, ids = meeting(library, SYSTEM, MIC, SYSTEM, SYSTEM)
    before = library.utterances(session_id)
    change = library.set_speaker_from(ids[2], "  Anna\n")
    assert speakers(library, session_id) == ["", "", "Anna", "Anna"]
    library.apply(change.inverse)
    assert library.utterances(session_id) == before
    library.apply(change)
    assert speakers(library, session_id) == ["", "", "Anna", "Anna"]


def test_a_speaker_goes_on_until_another_one_is_named(library: Library) -> None:
    session_id, ids = meeting(library, MIC, SYSTEM)
    library.set_speaker_from(ids[1], "Anna")
    for number, track in ((3, MIC), (4, SYSTEM)):
        library.put_utterance(session_id, result(number, "more", track=track))
    assert speakers(library, session_id) == ["", "Anna", "", "Anna"]
    library.set_speaker_from(library.utterances(session_id)[3].id, "Ben")
    library.put_utterance(session_id, result(5, "more", track=SYSTEM))
    assert speakers(library, session_id) == ["", "Anna", "", "Ben", "Ben"]
    assert library.speakers(session_id) == ("Anna", "Ben")


def test_a_final_text_keeps_the_speaker_given_to_its_draft(library: Library) -> None:
    session_id, _ = meeting(library)
    draft = result(1, "grey", state=UtteranceState.PROVISIONAL, track=SYSTEM)
    stored = library.put_utterance(session_id, draft)
    assert stored is not None
    library.set_speaker([stored.id], "Anna")
    final = library.put_utterance(session_id, result(1, "black", track=SYSTEM))
    assert final is not None
    assert (final.text, final.speaker, final.track) == ("black", "Anna", SYSTEM)


def test_renaming_and_merging_concern_the_whole_session(library: Library) -> None:
    session_id, ids = meeting(library, SYSTEM, MIC, SYSTEM, SYSTEM)
    library.rename_speaker(ids[3], "Anna")
    assert speakers(library, session_id) == ["Anna", "", "Anna", "Anna"]
    library.set_speaker([ids[2]], "Ben")
    merged = library.rename_speaker(ids[2], "Anna")
    assert speakers(library, session_id) == ["Anna", "", "Anna", "Anna"]
    library.apply(merged.inverse)
    assert speakers(library, session_id) == ["Anna", "", "Ben", "Anna"]
    assert library.speakers(session_id) == ("Anna", "Ben")


def test_both_parts_of_a_split_line_have_its_speaker_and_one_can_get_another(
    library: Library,
) -> None:
    session_id, ids = meeting(library, SYSTEM)
    library.set_speaker(ids, "Anna")
    _, second = library.split(ids[0], 1).after
    assert (second.track, second.speaker) == (SYSTEM, "Anna")
    library.set_speaker_from(second.id, "Ben")
    assert speakers(library, session_id) == ["Anna", "Ben"]


def test_lines_of_two_sides_are_not_merged(library: Library) -> None:
    session_id, ids = meeting(library, MIC, SYSTEM)
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.MERGE_OF_TWO_SIDES)):
        library.merge_with_next(ids[0])
    assert len(library.utterances(session_id)) == 2


def test_lines_are_found_by_their_speaker(library: Library) -> None:
    session_id, ids = meeting(library, MIC, SYSTEM, SYSTEM)
    library.edit_text(ids[1], "the budget is settled")
    change = library.set_speaker([ids[1]], "Zoë Smith")
    (hit,) = library.search("zoe budget")
    assert (hit.utterance_id, hit.snippet) == (ids[1], "the budget is settled")
    assert [one.id for one in library.sessions("smith")] == [session_id]
    library.apply(change.inverse)
    assert library.search("zoe") == ()


def test_unnamed_speakers_of_a_meeting_are_me_and_others_in_exports(library: Library) -> None:
    session_id, ids = meeting(library, MIC, SYSTEM, SYSTEM)
    library.set_speaker([ids[2]], "Anna")
    recording = library.recording(session_id)
    assert [one.track for one in recording.utterances] == [MIC, SYSTEM, SYSTEM]
    assert render(recording, "txt") == "Me: line 1\nOthers: line 2\nAnna: line 3\n"


def test_a_session_with_one_source_has_no_speaker_until_one_is_given(library: Library) -> None:
    session_id = filled(library, "one", "two")
    assert render(library.recording(session_id), "txt") == "one\ntwo\n"
    library.set_speaker_from(library.utterances(session_id)[1].id, "Anna")
    assert render(library.recording(session_id), "txt") == "one\nAnna: two\n"


def test_undoing_a_speaker_gives_later_lines_theirs_back_too(library: Library) -> None:
    session_id, ids = meeting(library, MIC, SYSTEM)
    change = library.set_speaker_from(ids[1], "Anna")
    for number, track in ((3, SYSTEM), (4, MIC), (5, SYSTEM)):
        library.put_utterance(session_id, result(number, f"line {number}", track=track))
    assert speakers(library, session_id) == ["", "Anna", "Anna", "", "Anna"]
    whole = library.apply(change.inverse)
    assert speakers(library, session_id) == [""] * 5
    assert [line.number for line in whole.after] == [2, 3, 5]
    library.put_utterance(session_id, result(6, "line 6", track=SYSTEM))
    library.apply(change)
    assert speakers(library, session_id) == ["", "Anna", "Anna", "", "Anna", "Anna"]


def test_undoing_a_speaker_leaves_lines_that_had_the_name_before(library: Library) -> None:
    session_id, ids = meeting(library, SYSTEM, SYSTEM, SYSTEM)
    library.set_speaker([ids[2]], "Anna")
    change = library.set_speaker([ids[1]], "Anna")
    library.put_utterance(session_id, result(4, "line 4", track=SYSTEM))
    library.apply(change.inverse)
    assert speakers(library, session_id) == ["", "", "Anna", "Anna"]
