"""Closing the window ends everything within two seconds and loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from conftest import WindowDriver
from helpers.scripted_engine import ScriptedEngine, final

from granite_live.gui.file_queue.jobs import JobState
from granite_live.library import Library, SessionState


def close(studio: WindowDriver) -> None:
    """Close the window and assert that everything ended in time."""
    began_s = time.monotonic()
    studio.window.close()
    assert studio.end()
    assert time.monotonic() - began_s < 2.5
    assert studio.engine.is_closed


def texts() -> list[str]:
    with Library.open() as library:
        return [line.text for one in library.sessions() for line in library.utterances(one.id)]


def test_while_files_are_written_down(studio: WindowDriver) -> None:
    queue = studio.application.queue
    queue.add_files([Path("one.mp3"), Path("two.mp3")])
    studio.until(lambda: studio.engine.sessions)
    session = studio.engine.sessions[0]
    session.answers_stop = False
    studio.say(session, final(1, 0.0, "half of it"))
    close(studio)
    assert session.asked == ["abandon"]
    assert [job.state for job in queue.jobs] == [JobState.RUNNING, JobState.CANCELED]
    assert texts() == ["half of it"]
    assert studio.engine.concluded == []


def test_while_a_session_is_transcribed_again(studio: WindowDriver) -> None:
    session_id = studio.engine.store("heard once")
    with Library.open() as library:
        session = library.session(session_id)
    studio.sidebar.retranscribe_requested.emit(replace(session, journal="stored"))
    studio.until(lambda: studio.engine.tasks)
    close(studio)
    assert studio.engine.tasks[0].asked == ["stop"]
    assert texts() == ["heard once"]


def test_while_a_session_is_recovered(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    studio = make_interrupted()
    studio.accept_recovery("A session was interrupted")
    studio.until(lambda: engine.tasks)
    close(studio)
    assert engine.tasks[0].asked == ["stop"]


def test_while_a_session_is_just_beginning(studio: WindowDriver) -> None:
    studio.engine.may_begin.clear()
    studio.dock.button.click()
    studio.until(lambda: studio.engine.wanted)
    studio.window.close()
    studio.application.live.stop(keep_unfinished=True)
    studio.engine.may_begin.set()
    assert studio.end()
    (session,) = studio.engine.sessions
    assert set(session.asked) == {"abandon"}


def test_while_a_session_is_paused(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "the last words"))
    studio.dock.pause_button.click()
    studio.until(lambda: session.asked == ["pause"])
    close(studio)
    with Library.open() as library:
        (stored,) = library.sessions()
    assert stored.state is SessionState.FINISHED
    assert texts() == ["the last words"]


def test_while_a_live_text_file_is_written(studio: WindowDriver, tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    studio.application.preferences.change(live_export=str(path), live_export_lines=0)
    session = studio.start()
    studio.say(session, final(1, 0.0, "the last words"))
    session.set_live_export(path, 0)
    close(studio)
    assert path.read_text() == "the last words\n"


def test_while_a_line_is_edited_its_text_is_kept(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "the lost words"))
    studio.application.document.editing.edit(0, "the last words")
    close(studio)
    assert texts() == ["the last words"]
