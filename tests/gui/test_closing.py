"""Closing the window ends everything within two seconds and loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from helpers.scripted_engine import ScriptedEngine, final
from helpers.window_driver import WindowDriver

from granite_live.gui.file_queue.jobs import JobState
from granite_live.library import Library, SessionState


def close(driver: WindowDriver) -> None:
    """Close the window and assert that everything ended in time."""
    began_s = time.monotonic()
    driver.window.close()
    assert driver.end()
    assert time.monotonic() - began_s < 2.5
    assert driver.engine.is_closed


def texts() -> list[str]:
    with Library.open() as library:
        return [line.text for one in library.sessions() for line in library.utterances(one.id)]


def test_while_files_are_written_down(driver: WindowDriver) -> None:
    queue = driver.application.queue
    queue.add_files([Path("one.mp3"), Path("two.mp3")])
    driver.until(lambda: driver.engine.sessions)
    session = driver.engine.sessions[0]
    session.answers_stop = False
    driver.say(session, final(1, 0.0, "half of it"))
    close(driver)
    assert session.asked == ["abandon"]
    assert [job.state for job in queue.jobs] == [JobState.RUNNING, JobState.CANCELED]
    assert texts() == ["half of it"]
    assert driver.engine.concluded == []


def test_while_a_session_is_transcribed_again(driver: WindowDriver) -> None:
    session_id = driver.engine.store("heard once")
    with Library.open() as library:
        session = library.session(session_id)
    driver.sidebar.retranscribe_requested.emit(replace(session, journal="stored"))
    driver.until(lambda: driver.engine.tasks)
    close(driver)
    assert driver.engine.tasks[0].asked == ["stop"]
    assert texts() == ["heard once"]


def test_while_a_session_is_recovered(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    driver = make_interrupted()
    driver.accept_recovery("A session was interrupted")
    driver.until(lambda: engine.tasks)
    close(driver)
    assert engine.tasks[0].asked == ["stop"]


def test_while_a_session_is_just_beginning(driver: WindowDriver) -> None:
    driver.engine.may_begin.clear()
    driver.control_bar.button.click()
    driver.until(lambda: driver.engine.wanted)
    driver.window.close()
    driver.application.live.stop(keep_unfinished=True)
    driver.engine.may_begin.set()
    assert driver.end()
    (session,) = driver.engine.sessions
    assert set(session.asked) == {"abandon"}


def test_while_a_session_is_paused(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "the last words"))
    driver.control_bar.pause_button.click()
    driver.until(lambda: session.asked == ["pause"])
    close(driver)
    with Library.open() as library:
        (stored,) = library.sessions()
    assert stored.state is SessionState.FINISHED
    assert texts() == ["the last words"]


def test_while_a_live_text_file_is_written(driver: WindowDriver, tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    driver.application.preferences.change(live_export=str(path), live_export_lines=0)
    session = driver.start()
    driver.say(session, final(1, 0.0, "the last words"))
    session.set_live_export(path, 0)
    close(driver)
    assert path.read_text() == "the last words\n"


def test_while_a_line_is_edited_its_text_is_kept(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "the lost words"))
    driver.application.document.editing.edit(0, "the last words")
    close(driver)
    assert texts() == ["the last words"]
