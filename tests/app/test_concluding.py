"""A session that was stopped before all utterances had their text is finished for good."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.messages import sentence

from granite_live.app.library_sync import sync_library
from granite_live.app.sessions import finalize_session
from granite_live.audio.journal import Journal, closed_record, find_unfinished
from granite_live.library import Library, SessionState
from granite_live.messages.journal import JournalMessage
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.settings import Keep, Retention, Settings, save_settings
from granite_live.util.errors import AudioError


@pytest.fixture
def journal() -> Journal:
    """A session of two utterances, one with its text."""
    made = Journal.create()
    made.append(np.ones(32_000, np.int16))
    made.append_record(closed_record(1, 0, 16_000))
    made.append_record(closed_record(2, 16_000, 32_000))
    final = events.FinalText(0.0, 1, 0.0, 1.0, "so far", (), 0.9, "so far")
    made.append_record(events.to_json(final))
    return made


def test_its_text_stays_its_sound_is_packed_and_nothing_is_left_to_recover(
    library: Library, journal: Journal
) -> None:
    journal.close()
    sync_library(library)
    (session,) = library.sessions()
    assert session.state is SessionState.INTERRUPTED
    finalize_session(session.id)
    assert library.session(session.id).state is SessionState.FINISHED
    assert [line.text for line in library.utterances(session.id)] == ["so far"]
    assert (journal.path / "sound.flac").exists()
    assert find_unfinished() == []
    finalize_session(session.id)


def test_the_sound_goes_where_only_texts_are_kept(library: Library, journal: Journal) -> None:
    save_settings(Settings(keep=Retention(Keep.TEXT)))
    journal.close()
    sync_library(library)
    finalize_session(library.sessions()[0].id)
    assert {path.suffix for path in journal.path.iterdir()} == {"", ".jsonl"}


def test_one_that_still_runs_is_refused(library: Library, journal: Journal) -> None:
    journal.close()
    sync_library(library)
    from granite_live.audio.journal import open_for_recovery

    session = library.sessions()[0]
    with (
        open_for_recovery(journal.path),
        pytest.raises(AudioError, match=sentence(JournalMessage.RUNNING_ELSEWHERE)),
    ):
        finalize_session(session.id)
    assert library.session(session.id).state is SessionState.INTERRUPTED


def test_a_canceled_file_notes_where_its_text_ends(library: Library, journal: Journal) -> None:
    journal.close()
    sync_library(library)
    session = library.sessions()[0]
    finalize_session(session.id, 2453.0)
    notes = library.session(session.id).notes
    assert notes == LibraryMessage.CANCELED_AT(done="0:01", total="40:53")
