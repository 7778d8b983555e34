"""The list of sessions: what is told of each, and how one goes."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from helpers.messages import sentence
from helpers.model_fakes import make_model_info
from helpers.sample_library import BEGAN, filled, line, new_session, result, texts

from granite_live.library import (
    Library,
    NewSession,
    SessionPart,
    SessionState,
    SourceKind,
    UtteranceState,
)
from granite_live.messages.library import LibraryMessage
from granite_live.util import paths
from granite_live.util.errors import HistoryError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite", durable=False) as opened:
        yield opened


def finished(library: Library, *texts: str) -> int:
    session_id = filled(library, *texts)
    library.set_state(session_id, SessionState.FINISHED, 60.0)
    return session_id


def test_a_new_session_is_running_and_empty(library: Library) -> None:
    new = NewSession(
        *(BEGAN, SourceKind.FILE, "/sounds/talk.mp3", "2026-03-01_09-30-00", "Talk"),
        *("/models/granite", "int8", "30-days"),
    )
    session = library.session(library.create_session(new))
    for name in NewSession.__slots__:
        assert getattr(session, name) == getattr(new, name)
    assert session.state is SessionState.RUNNING
    assert (session.utterances, session.failed, session.excerpt) == (0, 0, "")
    assert (session.duration_s, session.model) == (0.0, None)
    assert not session.sound_deleted
    assert not session.text_deleted
    assert library.sessions_of_journal("2026-03-01_09-30-00") == (session,)
    assert library.sessions_of_journal("elsewhere") == ()


def test_what_is_learnt_later(library: Library) -> None:
    session_id = filled(library, "", "hello there")
    library.put_utterance(session_id, result(3, "", state=UtteranceState.FAILED))
    assert library.session(session_id).duration_s == 35.0
    library.set_model(session_id, make_model_info())
    library.set_state(session_id, SessionState.INTERRUPTED, 61.5)
    library.set_state(session_id, SessionState.FINISHED)
    session = library.session(session_id)
    assert (session.utterances, session.failed, session.excerpt) == (3, 1, "hello there")
    assert (session.model, session.model_path) == (make_model_info(), "/models/granite")
    assert (session.tier, session.duration_s) == ("int8", 61.5)
    assert session.state is SessionState.FINISHED


def test_newest_first_whatever_the_time_zone(library: Library) -> None:
    east = timezone(timedelta(hours=9))
    times = [BEGAN, BEGAN + timedelta(hours=2), (BEGAN + timedelta(hours=1)).astimezone(east)]
    ids = [library.create_session(new_session(started_at=time)) for time in times]
    assert [one.id for one in library.sessions()] == [ids[1], ids[2], ids[0]]
    assert library.session(ids[2]).started_at == times[2]
    with pytest.raises(ValueError, match="time zone"):
        library.create_session(new_session(started_at=datetime(2026, 1, 1)))


def test_rename_gives_back_the_old_title(library: Library) -> None:
    session_id = filled(library, "one")
    assert library.rename_session(session_id, " Stand-up\nof Monday ") == ""
    assert library.rename_session(session_id, "") == "Stand-up of Monday"
    assert library.session(session_id).title == ""


def test_sessions_found_by_text_or_title(library: Library) -> None:
    first, second = filled(library, "the river bank"), filled(library, "a quiet room")
    library.rename_session(second, "Bank holiday")
    assert [one.id for one in library.sessions("bank")] == [second, first]
    assert [one.id for one in library.sessions("riv")] == [first]
    assert [one.id for one in library.sessions("  ")] == [second, first]
    assert library.sessions("nothing of this") == ()


def test_deleting_the_text_keeps_the_session_until_the_sound_goes_too(library: Library) -> None:
    session_id, other = finished(library, "secret words"), finished(library, "others")
    library.delete_session(session_id, SessionPart.TEXT)
    session = library.session(session_id)
    assert session.text_deleted
    assert (session.utterances, texts(library, session_id)) == (0, [])
    assert library.search("secret") == ()
    assert library.put_utterance(session_id, result(1, "secret words")) is None
    library.delete_session(session_id, SessionPart.SOUND)
    assert [one.id for one in library.sessions()] == [other]


def test_deleting_the_sound_keeps_the_text_until_that_goes_too(library: Library) -> None:
    session_id = finished(library, "words")
    library.delete_session(session_id, SessionPart.SOUND)
    assert library.session(session_id).sound_deleted
    assert texts(library, session_id) == ["words"]
    library.delete_session(session_id, SessionPart.TEXT)
    assert library.sessions() == ()


def test_deleting_all(library: Library) -> None:
    session_id = finished(library, "words")
    found = line(library, session_id)
    library.delete_session(session_id)
    assert library.sessions() == ()
    assert library.search("words") == ()
    for step, message in (
        (lambda: library.session(session_id), LibraryMessage.SESSION_GONE),
        (lambda: library.utterance(found.id), LibraryMessage.LINE_GONE),
        (lambda: library.delete_session(session_id), LibraryMessage.SESSION_GONE),
        (lambda: library.rename_session(session_id, "x"), LibraryMessage.SESSION_GONE),
        (
            lambda: library.set_state(session_id, SessionState.FINISHED),
            LibraryMessage.SESSION_GONE,
        ),
        (lambda: library.set_model(session_id, make_model_info()), LibraryMessage.SESSION_GONE),
    ):
        with pytest.raises(HistoryError, match=sentence(message)):
            step()


def test_a_running_session_is_not_deleted(library: Library) -> None:
    session_id = filled(library, "words")
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.SESSION_RUNNING)):
        library.delete_session(session_id)
    assert texts(library, session_id) == ["words"]


def test_deleted_text_is_not_in_the_files_any_more(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite") as library:
        session_id = finished(library, "xylophone zanzibar")
        finished(library, "something else")
        library.delete_session(session_id)
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"something" in left
    assert b"xylophone" not in left
    assert b"zanzibar" not in left


def test_recording_for_the_writers(library: Library) -> None:
    session_id = finished(library, "the cat sat", "on the mat")
    library.edit_text(line(library, session_id).id, "The cat sat.")
    library.rename_session(session_id, "Cats")
    recording = library.recording(session_id)
    assert (recording.title, recording.duration_s) == ("Cats", 60.0)
    assert recording.text == "The cat sat. on the mat"
    assert [word.text for word in recording.utterances[0].words] == ["The", "cat", "sat."]
    assert recording.utterances[1].words == line(library, session_id, 1).words
    assert recording.audio_path == "2026-03-01_09-30-00"
    library.set_model(session_id, make_model_info(is_demo=True))
    assert library.recording(session_id).model.is_demo


def test_a_recording_without_a_title_is_headed_by_its_first_words(library: Library) -> None:
    session_id = finished(library, "the cat sat on the mat and saw how the rain fell on the roofs")
    heading = "the cat sat on the mat and saw how the rain fell on the…"
    assert library.session(session_id).heading == heading
    assert library.recording(session_id).title == heading


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_file_is_private_with_all_that_lies_beside_it() -> None:
    with Library.open() as library:
        filled(library, "words")
        files = list(paths.data_dir().glob("library.sqlite*"))
        beside = {path.name.removeprefix("library.sqlite") for path in files}
        assert {"", "-shm", "-wal"} <= beside
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert library.path == paths.data_dir() / "library.sqlite"


def test_a_newer_programs_library_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Library.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HistoryError, match=r"newer Granite Live.*version 99"):
        Library.open(path)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.LIST_DAMAGED)) as caught:
        Library.open(path)
    assert str(path) in str(caught.value)


def test_a_damaged_file_is_set_aside_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"no database at all" * 100)
    (tmp_path / "library.sqlite-wal").write_bytes(b"old")
    library, message = Library.open_or_replace(path)
    with library:
        assert library.sessions() == ()
    (aside,) = tmp_path.glob("library.damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"no database")
    assert aside.name in message
    again, message = Library.open_or_replace(path)
    again.close()
    assert message == ""


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.LIST_UNUSABLE)):
        Library.open(tmp_path / "file" / "library.sqlite")


def test_another_connection_that_writes_is_waited_for_so_long_only(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with Library.open(path) as first, Library.open(path, wait_s=0.0) as second:
        session_id = filled(first, "one")
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(HistoryError, match=sentence(LibraryMessage.LIST_IN_USE)):
                second.rename_session(session_id, "x")
            assert second.session(session_id).title == ""
        finally:
            blocker.close()
        second.rename_session(session_id, "x")
        assert first.session(session_id) == replace(second.session(session_id))
