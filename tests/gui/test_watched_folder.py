"""A folder is watched in the window: each recording's text is written beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.scripted_engine import ScriptedSession, final
from helpers.window_driver import WindowDriver

from granite_live.gui.file_queue.jobs import JobState
from granite_live.gui.watch.controller import choice_to_resume
from granite_live.gui.watch.dialog import WatchDialog

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a file is taken only after seconds of quiet"
)


def opened(driver: WindowDriver) -> WatchDialog:
    driver.window.actions_by_id["watch_folder"].trigger()
    return driver.window.findChildren(WatchDialog)[-1]


def watched(driver: WindowDriver, folder: Path, format_name: str = "txt") -> WatchDialog:
    dialog = opened(driver)
    assert not dialog.start_button.isEnabled()
    dialog.folder.setText(str(folder))
    dialog.formats.setCurrentIndex(dialog.formats.findData(format_name))
    dialog.start_button.click()
    assert dialog.start_button.text() == "Stop watching"
    return dialog


def transcribing(driver: WindowDriver, count: int) -> ScriptedSession:
    """Wait for the session of the file with this number."""
    driver.until(lambda: len(driver.engine.sessions) == count)
    driver.until(lambda: driver.application.queue.running_job is not None)
    driver.until(lambda: driver.application.queue.running_job.session_id)
    return driver.engine.sessions[-1]


def finish(session: ScriptedSession, text: str) -> None:
    session.tell(final(1, 0.0, text))
    session.close()


def test_a_recording_that_arrives_gets_its_text_beside_it(
    driver: WindowDriver, tmp_path: Path
) -> None:
    (tmp_path / "done.mp3").write_bytes(b"sound")
    (tmp_path / "done.srt").write_text("has its text", "utf-8")
    (tmp_path / "notes.doc").write_text("no recording", "utf-8")
    (tmp_path / "first.mp3").write_bytes(b"sound")
    driver.hear(final(1, 0.0, "what the user reads"))
    dialog = watched(driver, tmp_path, "srt")
    sessions = len(driver.engine.sessions)
    session = transcribing(driver, sessions + 1)
    # The user goes on reading.
    assert driver.texts() == ["what the user reads"]
    assert "recordings in the queue: 1" in dialog.status.text()
    finish(session, "good morning")
    driver.until(lambda: "Texts written: 1" in dialog.status.text())
    assert "good morning" in (tmp_path / "first.srt").read_text("utf-8")
    dialog.close_button.click()
    (tmp_path / "second.mp3").write_bytes(b"sound")
    finish(transcribing(driver, sessions + 2), "good evening")
    driver.until(lambda: (tmp_path / "second.srt").exists())
    link = driver.window.watch_link
    driver.until(lambda: link.text() == f"Watching “{tmp_path.name}” · 2 written")
    assert link.isVisible()
    link.click()
    again = driver.window.findChildren(WatchDialog)[-1]
    assert again.folder.text() == str(tmp_path)
    again.start_button.click()
    assert not link.isVisible()
    assert again.start_button.text() == "Watch"
    assert "Not watching." in again.status.text()
    assert sorted(path.name for path in tmp_path.glob("done*")) == ["done.mp3", "done.srt"]
    again.close_button.click()


def test_stopping_finishes_the_running_recording_and_drops_those_that_wait(
    driver: WindowDriver, tmp_path: Path
) -> None:
    for name in ("one.mp3", "two.mp3"):
        (tmp_path / name).write_bytes(b"sound")
    dialog = watched(driver, tmp_path)
    session = transcribing(driver, 1)
    driver.until(lambda: "in the queue: 2" in dialog.status.text())
    dialog.start_button.click()
    assert "in the queue: 1" in dialog.status.text()
    finish(session, "said in one")
    driver.until(lambda: (tmp_path / "one.txt").exists())
    states = [job.state for job in driver.application.queue.jobs]
    assert states == [JobState.DONE, JobState.CANCELED]
    assert not (tmp_path / "two.txt").exists()
    # The next watch finds what was dropped.
    dialog.start_button.click()
    finish(transcribing(driver, 2), "said in two")
    driver.until(lambda: (tmp_path / "two.txt").exists())
    dialog.close_button.click()


def test_a_folder_that_cannot_be_watched_is_said(driver: WindowDriver, tmp_path: Path) -> None:
    dialog = watched(driver, tmp_path / "nowhere")
    driver.until(dialog.problem.isVisible)
    assert "nowhere" in dialog.problem.text()
    assert dialog.start_button.text() == "Watch"
    assert not driver.window.watch_link.isVisible()
    dialog.close_button.click()


def test_a_folder_that_is_gone_and_results_that_cannot_be_written_are_said(
    driver: WindowDriver, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.mp3").write_bytes(b"sound")
    dialog = watched(driver, folder)
    session = transcribing(driver, 1)
    (folder / "one.mp3").unlink()
    folder.rmdir()
    driver.until(lambda: dialog.start_button.text() == "Watch")
    finish(session, "said in one")
    driver.until(lambda: "failed: 1" in dialog.status.text())
    assert "one.mp3" in dialog.problem.text()
    driver.until(driver.page.notices.isVisible)
    dialog.close_button.click()


def restarted(driver: WindowDriver, make_driver: Callable[[], WindowDriver]) -> WindowDriver:
    assert driver.end()
    return make_driver()


def test_a_watch_goes_on_after_the_next_start_until_it_is_stopped(
    make_driver: Callable[[], WindowDriver], tmp_path: Path
) -> None:
    driver = make_driver()
    watched(driver, tmp_path, "srt")
    driver = restarted(driver, make_driver)
    driver.until(driver.window.watch_link.isVisible)
    (tmp_path / "later.mp3").write_bytes(b"sound")
    finish(transcribing(driver, len(driver.engine.sessions) + 1), "good evening")
    driver.until(lambda: (tmp_path / "later.srt").exists())
    opened(driver).start_button.click()
    assert choice_to_resume(driver.window.ui_state) is None
    assert driver.end()


def test_a_watch_ends_with_the_program_if_the_user_wants_it(
    make_driver: Callable[[], WindowDriver], tmp_path: Path
) -> None:
    driver = make_driver()
    dialog = watched(driver, tmp_path)
    assert dialog.at_start.isChecked()
    dialog.at_start.click()
    driver = restarted(driver, make_driver)
    assert choice_to_resume(driver.window.ui_state) is None
    assert not opened(driver).at_start.isChecked()
    assert driver.end()


def test_a_folder_that_is_gone_at_the_next_start_is_said(
    make_driver: Callable[[], WindowDriver], tmp_path: Path
) -> None:
    folder = tmp_path / "on a drive"
    folder.mkdir()
    driver = make_driver()
    watched(driver, folder)
    assert driver.end()
    folder.rmdir()
    driver = make_driver()
    driver.until(driver.page.notices.isVisible)
    assert "on a drive" in driver.page.notices.text.text()
    # The drive may be back at the next start.
    assert choice_to_resume(driver.window.ui_state) is not None
    assert driver.end()


def test_a_file_that_goes_on_by_itself_is_not_transcribed_twice(
    driver: WindowDriver, tmp_path: Path
) -> None:
    path = tmp_path / "one.mp3"
    path.write_bytes(b"sound")
    driver.application.queue.add_files([path])
    session = transcribing(driver, 1)
    dialog = watched(driver, tmp_path)
    driver.until(lambda: "in the queue: 1" in dialog.status.text())
    finish(session, "said in one")
    driver.until(lambda: (tmp_path / "one.txt").exists())
    assert len(driver.application.queue.jobs) == 1
    dialog.close_button.click()


def test_folder_format_and_depth_are_remembered(driver: WindowDriver, tmp_path: Path) -> None:
    dialog = opened(driver)
    dialog.recursive.setChecked(True)
    dialog.close_button.click()
    dialog = watched(driver, tmp_path, "vtt")
    dialog.start_button.click()
    dialog.close_button.click()
    dialog = opened(driver)
    assert dialog.folder.text() == str(tmp_path)
    assert dialog.formats.currentData() == "vtt"
    dialog.close_button.click()
