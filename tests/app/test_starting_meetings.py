"""A session with a microphone and the computer's sound is stored with both."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from helpers.silent_inputs import SilentInputs

from granite_live.app.library_sync import new_session_from_journal, read_journal_records
from granite_live.app.models import ModelChoice
from granite_live.app.sessions import SessionRequest, SessionStarter
from granite_live.audio.journal import sessions_dir
from granite_live.audio.journal.folders import started_by_name
from granite_live.library import Library, SourceKind
from granite_live.session import events

NO_MODEL = ModelChoice(Path("/there/is/no/model"), "none", "int8", ("int8",), is_demo=False)


def test_a_meeting_is_listed_as_one_and_keeps_both_tracks() -> None:
    inputs: Any = SilentInputs()
    heard = {0: threading.Event(), 1: threading.Event()}

    def listen(event: events.SessionEvent) -> None:
        if isinstance(event, events.LevelMeasured):
            heard[event.track].set()

    starter = SessionStarter(inputs, print, print)
    running = starter.start(SessionRequest(with_system_sound=True), NO_MODEL, listen)
    assert all(one.wait(30) for one in heard.values())
    running.stop()
    assert running.join(60)
    with Library.open() as library:
        (session,) = library.sessions()
    assert (session.source_kind, session.source) == (SourceKind.MEETING, "Desk + Loudspeakers")
    folder = sessions_dir() / session.journal
    names = {one.name for one in folder.iterdir()}
    assert {"sound.flac", "system.flac"} <= names
    # A list that is lost is made from the journals, with both sides.
    started = started_by_name(folder)
    assert started is not None
    again = new_session_from_journal(folder, started, read_journal_records(folder) or ())
    assert (again.source_kind, again.source) == (session.source_kind, session.source)
