"""A session is in the library as it is made, whatever ends it."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.model_fakes import make_model_info, make_words
from helpers.sample_library import line, new_session, texts

from granite_live.library import Library, SessionState, UtteranceState
from granite_live.library.recorder import LibraryRecorder
from granite_live.messages import Message, joined
from granite_live.messages.library import LibraryMessage
from granite_live.messages.recording import RecordingMessage
from granite_live.session import events


def final(number: int, text: str) -> events.FinalText:
    start_s, end_s = 10.0 * number, 10.0 * number + 5.0
    words = make_words(text, start_s, end_s)
    return events.FinalText(0.0, number, start_s, end_s, text, words, 0.8, text.upper())


def closed(failed: int = 0) -> events.SessionClosed:
    return events.SessionClosed(99.0, 2, failed, 16_000 * 40, 0, 0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        yield opened


@contextmanager
def being_written(path: Path) -> Iterator[None]:
    """Let another connection keep the library from everybody."""
    blocker = sqlite3.connect(path, isolation_level=None)
    try:
        blocker.execute("BEGIN IMMEDIATE")
        yield
    finally:
        blocker.close()


def test_a_session_as_it_is_made(library: Library) -> None:
    session_id = library.create_session(new_session())
    recorder = LibraryRecorder(session_id, library.path)
    words = make_words("grey", 10.0, 15.0)
    recorder(events.StateChanged(0.0, "listening"))
    recorder(events.ModelReady(0.5, make_model_info(), 2, (), 0.5))
    recorder(events.DraftText(1.0, 1, 10.0, "gr", 0))
    assert library.utterances(session_id) == ()
    recorder(events.ProvisionalText(2.0, 1, 10.0, 15.0, "grey", words))
    assert line(library, session_id).state is UtteranceState.PROVISIONAL
    recorder(final(1, "black"))
    recorder(events.TranscriptionFailed(3.0, 2, 20.0, 25.0, 3, "The worker died."))
    first, second = library.utterances(session_id)
    assert (first.text, first.confidence, first.draft_text) == ("black", 0.8, "BLACK")
    assert (second.text, second.reason) == ("", "The worker died.")
    assert library.session(session_id).state is SessionState.RUNNING
    recorder(closed(failed=1))
    session = library.session(session_id)
    assert (session.state, session.duration_s) == (SessionState.INTERRUPTED, 40.0)
    assert session.model == make_model_info()
    recorder.close()
    recorder.close()
    recorder(final(3, "too late"))
    assert len(library.utterances(session_id)) == 2
    assert recorder.unsaved_results == 0


def test_a_complete_session_is_finished(library: Library) -> None:
    session_id = library.create_session(new_session())
    recorder = LibraryRecorder(session_id, library.path)
    recorder(closed())
    recorder.close()
    assert library.session(session_id).state is SessionState.FINISHED


def test_it_is_told_from_several_threads(library: Library) -> None:
    session_id = library.create_session(new_session())
    recorder = LibraryRecorder(session_id, library.path)
    threads = [
        threading.Thread(target=recorder, args=(final(number, f"line {number}"),))
        for number in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    assert texts(library, session_id) == [f"line {number}" for number in range(1, 9)]


def test_what_the_library_does_not_take_now_it_gets_later(library: Library) -> None:
    session_id = library.create_session(new_session())
    told: list[str] = []
    recorder = LibraryRecorder(session_id, library.path, told.append)
    with being_written(library.path):
        recorder(final(1, "one"))
        recorder(final(2, "two"))
    assert len(told) == 1
    assert shows(told[0], LibraryMessage.LIST_IN_USE)
    assert texts(library, session_id) == []
    recorder(final(3, "three"))
    assert texts(library, session_id) == ["one", "two", "three"]
    assert told[1:] == ["The list of sessions is complete again."]
    recorder.close()


def test_the_end_writes_what_still_waits(library: Library) -> None:
    session_id = library.create_session(new_session())
    recorder = LibraryRecorder(session_id, library.path, [].append)
    with being_written(library.path):
        recorder(final(1, "one"))
        recorder(closed())
    recorder.close()
    assert texts(library, session_id) == ["one"]
    assert library.session(session_id).state is SessionState.FINISHED
    assert recorder.unsaved_results == 0


def test_what_cannot_be_written_at_all_is_counted(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = library.create_session(new_session())
    monkeypatch.setattr("granite_live.library.recorder._LAST_WAIT_S", 0.0)
    recorder = LibraryRecorder(session_id, library.path, [].append)
    with being_written(library.path):
        recorder(final(1, "one"))
        recorder.close()
    assert recorder.unsaved_results == 1


WRITER = """
import sys
from pathlib import Path
from helpers.sample_library import new_session
from test_recorder import final
from granite_live.library import Library
from granite_live.library.recorder import LibraryRecorder

path = Path(sys.argv[1])
with Library.open(path) as library:
    session_id = library.create_session(new_session())
recorder = LibraryRecorder(session_id, path)
number = 0
while True:
    number += 1
    recorder(final(number, f"line {number} " + "and more words " * 20))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("after", [1, 7, 30])
def test_a_kill_costs_nothing_that_was_told(tmp_path: Path, after: int) -> None:
    path = tmp_path / "library.sqlite"
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    with process.stdout as told:
        for number in range(1, after + 1):
            assert int(told.readline()) == number
        process.send_signal(signal.SIGKILL)
        process.wait()
        written = after + len(told.read().splitlines())
    with Library.open(path) as library:
        (session,) = library.sessions()
        found = texts(library, session.id)
        assert written <= len(found) <= written + 1
        assert [text.split()[1] for text in found] == [str(n + 1) for n in range(len(found))]
        assert len(library.search("line", limit=10_000)) == len(found)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute(
            "INSERT INTO utterance_index (utterance_index) VALUES ('integrity-check')"
        )
    connection.close()


OPENER = """
import sys
from pathlib import Path
from helpers.sample_library import filled
from granite_live.library import Library

sys.stdin.readline()
with Library.open(Path(sys.argv[1])) as library:
    filled(library, "one", "two")
"""


def test_several_programs_may_make_the_library_at_once(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(path)], stdin=subprocess.PIPE, env=environment
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    with Library.open(path) as library:
        assert [one.utterances for one in library.sessions()] == [2, 2, 2]


def test_what_is_to_say_about_a_recording_is_kept(library: Library) -> None:
    session_id = library.create_session(new_session())
    recorder = LibraryRecorder(session_id, library.path)
    notes = RecordingMessage.NOTE(
        name="'talk.mkv'", parts=RecordingMessage.TRACK_TAKEN(track="2 (deu)", count=3)
    )
    recorder(events.StateChanged(1.0, "stopping", joined((notes, events.STOPPING_SENTENCE))))
    recorder.close()
    kept = library.session(session_id).notes
    assert kept == "'talk.mkv': audio track 2 (deu) of 3 is transcribed."
    assert isinstance(kept, Message)
    assert kept.code == notes.code


def test_a_session_of_which_nothing_is_to_say_has_no_notes(library: Library) -> None:
    session_id = library.create_session(new_session())
    with contextlib.closing(LibraryRecorder(session_id, library.path)) as recorder:
        recorder(events.StateChanged(1.0, "stopping", events.STOPPING_SENTENCE))
    assert library.session(session_id).notes == ""
