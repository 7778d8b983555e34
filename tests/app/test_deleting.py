"""Deleting removes exactly the selected part from the library and from the journal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence

from granite_live.app.engine import Engine
from granite_live.app.library_sync import delete, sync_library
from granite_live.audio.journal import Journal, sessions_dir
from granite_live.library import Library, NewSession, SavedSession, SessionPart, SessionState
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.settings import Keep, Retention, Settings, save_settings
from granite_live.util.errors import HistoryError


def recorded() -> Journal:
    journal = Journal.create()
    journal.append(np.random.default_rng(0).integers(-99, 99, 16_000, dtype=np.int16))
    final = events.FinalText(0.0, 1, 0.0, 1.0, "secret words", (), 0.9, "secret words")
    journal.append_record(events.to_json(final))
    return journal


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.fixture
def session(library: Library) -> SavedSession:
    recorded().finish()
    sync_library(library)
    return library.sessions()[0]


@pytest.fixture
def folder(session: SavedSession) -> Path:
    return sessions_dir() / session.journal


def again(library: Library, session: SavedSession) -> SavedSession:
    """Return a second session made from the same sound."""
    new = NewSession(session.started_at, session.source_kind, journal=session.journal)
    session_id = library.create_session(new)
    library.set_state(session_id, SessionState.FINISHED)
    return library.session(session_id)


def test_both(library: Library, session: SavedSession, folder: Path) -> None:
    delete(session, SessionPart.BOTH)
    assert library.sessions() == ()
    assert not folder.exists()


def test_one_after_the_other(library: Library, session: SavedSession, folder: Path) -> None:
    delete(session, SessionPart.SOUND)
    assert library.session(session.id).excerpt == "secret words"
    assert "sound.flac" not in names(folder)
    delete(session, SessionPart.TEXT)
    assert not folder.exists()
    sync_library(library)
    assert library.sessions() == ()


def test_the_text_is_gone_from_the_journal_too(
    library: Library, session: SavedSession, folder: Path
) -> None:
    delete(session, SessionPart.TEXT)
    assert b"secret" not in (folder / "events.jsonl").read_bytes()
    assert "sound.flac" in names(folder)
    sync_library(library)
    assert [one.text_deleted for one in library.sessions()] == [True]


def test_sound_that_another_session_needs_stays(
    library: Library, session: SavedSession, folder: Path
) -> None:
    second = again(library, session)
    delete(second, SessionPart.BOTH)
    assert library.sessions() == (session,)
    assert b"secret" in (folder / "events.jsonl").read_bytes()
    second = again(library, session)
    delete(session, SessionPart.BOTH)
    assert library.sessions() == (second,)
    assert "sound.flac" in names(folder)
    assert b"secret" not in (folder / "events.jsonl").read_bytes()


def test_shared_sound_goes_for_both(library: Library, session: SavedSession, folder: Path) -> None:
    again(library, session)
    delete(session, SessionPart.SOUND)
    assert [one.sound_deleted for one in library.sessions()] == [True, True]


def test_an_unfinished_session_is_not_touched(library: Library) -> None:
    recorded().close()
    sync_library(library)
    (session,) = library.sessions()
    for part in SessionPart:
        with pytest.raises(
            HistoryError, match=sentence(LibraryMessage.SESSION_UNFINISHED_OR_IN_USE)
        ):
            delete(session, part)
    assert library.sessions() == (session,)


def test_tidying_takes_up_journals_and_follows_the_setting(library: Library) -> None:
    recorded().finish()
    save_settings(Settings(keep=Retention(Keep.TEXT)))
    engine = Engine()
    engine.sync_and_apply_retention()
    (session,) = library.sessions()
    assert (session.excerpt, session.sound_deleted) == ("Secret words", True)
    assert "sound.flac" not in names(sessions_dir() / session.journal)
