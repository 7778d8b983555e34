"""A library that an earlier version wrote is opened with everything in it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from helpers.sample_library import texts

from granite_live.library import Library, SessionState, SourceKind
from granite_live.library.database import MIGRATIONS
from granite_live.messages import Message
from granite_live.messages.recording import RecordingMessage

WRITTEN = Path(__file__).parents[1] / "data" / "library_version_1.sqlite"
"""Written by the version without notes: two sessions, a corrected line and a deleted one."""


WITHOUT_SPEAKERS = WRITTEN.with_name("library_version_2.sqlite")
"""Written by the version without speakers: a corrected, a split and a provisional line."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(WRITTEN, tmp_path / "library.sqlite"))


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_nothing_of_an_old_library_is_lost(old: Path) -> None:
    assert version_of(old) == 1
    with Library.open(old) as library:
        film, meeting = library.sessions()
        assert (meeting.title, meeting.state, meeting.duration_s) == (
            "A meeting", SessionState.FINISHED, 40.0,
        )  # fmt: skip
        assert meeting.model is not None
        assert (film.source_kind, film.source, film.keep) == (
            SourceKind.FILE, "/home/me/talk.mkv", "30-days",
        )  # fmt: skip
        assert film.state is SessionState.INTERRUPTED
        assert (meeting.notes, film.notes) == ("", "")
        assert texts(library, meeting.id) == [
            "The first line, corrected.",
            "Ein zweiter Satz, mit Umlauten: schön.",
        ]
        first, _ = library.utterances(meeting.id)
        assert first.machine_text == "The first line of the session."
        assert [hit.session_id for hit in library.search("schon")] == [meeting.id]
        assert [hit.session_id for hit in library.search("corrected")] == [meeting.id]
    assert version_of(old) == len(MIGRATIONS)


def test_notes_are_kept_in_an_old_library_as_messages(old: Path) -> None:
    notes = RecordingMessage.TRACK_TAKEN(track="2 (deu)", count=3)
    with Library.open(old) as library:
        film = library.sessions()[0]
        library.set_notes(film.id, notes)
    with Library.open(old) as library:
        kept = library.session(film.id).notes
    assert kept == notes
    assert isinstance(kept, Message)
    assert (kept.code, kept.arguments) == (notes.code, notes.arguments)


def test_lines_of_a_library_without_speakers_stay_and_get_speakers(tmp_path: Path) -> None:
    path = Path(shutil.copy(WITHOUT_SPEAKERS, tmp_path / "library.sqlite"))
    assert version_of(path) == 2
    with Library.open(path) as library:
        (meeting,) = library.sessions()
        lines = library.utterances(meeting.id)
        assert [line.text for line in lines] == [
            *("The budget is settled, at last.", "Schöne Grüße", "aus Köln.", "still open")
        ]
        assert {(line.track, line.speaker) for line in lines} == {(0, "")}
        # The index was made anew with the speakers.
        assert [hit.utterance_id for hit in library.search("koln")] == [lines[2].id]
        library.set_speaker([lines[0].id], "Anna")
        assert [hit.utterance_id for hit in library.search("anna")] == [lines[0].id]
    Library.open_or_replace(path, check_integrity=True)[0].close()
    assert version_of(path) == len(MIGRATIONS)


def test_a_new_library_is_as_a_migrated_one(old: Path, tmp_path: Path) -> None:
    def columns(path: Path) -> list[object]:
        Library.open(path).close()
        connection = sqlite3.connect(path)
        tables = ("session", "utterance", "utterance_index")
        try:
            return [connection.execute(f"PRAGMA table_xinfo ({one})").fetchall() for one in tables]
        finally:
            connection.close()

    assert columns(old) == columns(tmp_path / "new.sqlite")
