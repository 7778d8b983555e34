"""Corrections move from one transcript of a sound to another of the same sound, line by line."""

from __future__ import annotations

from datetime import UTC, datetime

from granite_live.app.session_tasks import copy_corrections
from granite_live.library import (
    Library,
    NewSession,
    NewUtterance,
    SavedUtterance,
    SourceKind,
    UtteranceState,
)


def transcript(library: Library, *texts: str, shift_s: float = 0.0) -> int:
    new = NewSession(datetime.now(UTC), SourceKind.MICROPHONE, journal="shared")
    session_id = library.create_session(new)
    for number, text in enumerate(texts, start=1):
        start_s = 6.0 * number + shift_s
        library.put_utterance(session_id, NewUtterance(number, start_s, start_s + 4.0, text))
    return session_id


def lines(library: Library, session_id: int) -> list[SavedUtterance]:
    return list(library.utterances(session_id))


def test_each_goes_to_the_line_of_the_same_sound_and_all_is_undone_at_once(
    library: Library,
) -> None:
    old = transcript(library, "won", "two", "three")
    new = transcript(library, "want", "to", "free")
    library.edit_text(lines(library, old)[0].id, "one")
    library.edit_text(lines(library, old)[2].id, "3")
    before = lines(library, new)
    change = copy_corrections(library, old, new)
    assert change is not None
    after = lines(library, new)
    assert [line.text for line in after] == ["one", "to", "3"]
    assert [line.machine_text for line in after] == ["want", "to", "free"]
    library.apply(change.inverse)
    assert lines(library, new) == before
    library.apply(change)
    assert lines(library, new) == after


def test_where_the_machine_now_says_what_the_user_wrote_nothing_is_edited(
    library: Library,
) -> None:
    old, new = transcript(library, "won"), transcript(library, "one")
    library.edit_text(lines(library, old)[0].id, "one")
    assert copy_corrections(library, old, new) is None
    assert not lines(library, new)[0].is_edited


def test_what_was_merged_split_or_deleted_has_no_line_to_go_to(library: Library) -> None:
    old = transcript(library, "one", "two", "three four", "five")
    new = transcript(library, "a", "b", "c d", "e")
    first, _, third, last = lines(library, old)
    library.merge_with_next(first.id)
    library.edit_text(first.id, "one and two")
    library.split(third.id, 1)
    for line in lines(library, old):
        if line.text in ("three", "four"):
            library.edit_text(line.id, line.text.upper())
    library.delete_utterances([last.id])
    assert copy_corrections(library, old, new) is None
    assert [line.text for line in lines(library, new)] == ["a", "b", "c d", "e"]
    assert [line.text for line in lines(library, old)] == ["one and two", "THREE", "FOUR"]


def test_another_stretch_of_sound_gets_nothing(library: Library) -> None:
    old, new = transcript(library, "won"), transcript(library, "one", shift_s=0.5)
    library.edit_text(lines(library, old)[0].id, "1")
    assert copy_corrections(library, old, new) is None


def test_a_line_whose_text_failed_this_time_takes_the_correction_too(library: Library) -> None:
    old = transcript(library, "won")
    new = transcript(library)
    failed = NewUtterance(1, 6.0, 10.0, state=UtteranceState.FAILED, reason="it stopped")
    library.put_utterance(new, failed)
    library.edit_text(lines(library, old)[0].id, "one")
    assert copy_corrections(library, old, new) is not None
    assert lines(library, new)[0].text == "one"
