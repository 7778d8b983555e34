"""The queue of files and stored sessions: pause, cancel, results."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.scripted_engine import ScriptedEngine, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from granite_live.app.file_transcription import FileTracks
from granite_live.app.session_tasks import InterruptedSession, TaskResult
from granite_live.gui.file_queue import jobs
from granite_live.gui.file_queue.jobs import (
    FileJob,
    JobState,
    RecoveryJob,
    RetranscribeJob,
    remaining_s,
)
from granite_live.gui.file_queue.panel import job_text
from granite_live.library import Library, SessionState
from granite_live.library.recorder import LibraryRecorder
from granite_live.messages import joined
from granite_live.session import events
from granite_live.util.errors import HistoryError


def add(driver: WindowDriver, *names: str) -> None:
    known = len(driver.engine.sessions)
    driver.application.queue.add_files([Path("/a") / name for name in names])
    driver.until(lambda: len(driver.engine.sessions) > known)


def states(driver: WindowDriver) -> list[JobState]:
    return [job.state for job in driver.application.queue.jobs]


def test_a_pause_lets_the_running_file_end_and_begins_no_other(driver: WindowDriver) -> None:
    add(driver, "one.mp3", "two.mp3")
    panel, queue = driver.window.queue_panel, driver.application.queue
    assert panel.pause_button.accessibleName() == "Pause after this file"
    panel.pause_button.click()
    assert panel.summary.text() == "0 of 2 done; pausing after this file"
    assert panel.row(queue.jobs[1]).words.text() == "Queued (paused)"
    driver.engine.sessions[0].close()
    driver.until(lambda: states(driver) == [JobState.DONE, JobState.WAITING])
    assert panel.summary.text() == "1 of 2 done; paused"
    assert len(driver.engine.sessions) == 1
    assert panel.pause_button.accessibleName() == "Resume"
    panel.pause_button.click()
    driver.until(lambda: len(driver.engine.sessions) == 2)
    assert panel.summary.text() == "1 of 2 done"


def test_progress_and_time_left_are_told(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(driver, "one.mp3")
    (job,) = driver.application.queue.jobs
    row = driver.window.queue_panel.row(job)
    assert row.words.text() == "Transcribing…"
    driver.engine.sessions[0].tell(final(1, 13.82, "a quarter of it"))
    driver.until(lambda: job.done_s > 14)
    now_s = job.began_s + 30.0
    monkeypatch.setattr(jobs.time, "monotonic", lambda: now_s)
    assert job_text(job, is_paused=False) == "25 %, about 1:30 left"
    assert row.bar.value() == 250


def test_a_file_of_unknown_length_shows_that_it_goes_on(driver: WindowDriver) -> None:
    driver.engine.file_s = 0.0
    add(driver, "stream.ogg")
    row = driver.window.queue_panel.row(driver.application.queue.jobs[0])
    assert (row.bar.minimum(), row.bar.maximum()) == (0, 0)
    assert row.words.text() == "Transcribing…"


def test_a_cancelled_file_stops_at_once_and_is_no_session_to_recover(driver: WindowDriver) -> None:
    add(driver, "one.mp3", "two.mp3")
    queue, session = driver.application.queue, driver.engine.sessions[0]
    session.tell(final(1, 0.0, "so far"))
    driver.until(lambda: queue.jobs[0].done_s)
    driver.window.queue_panel.row(queue.jobs[0]).cancel.click()
    driver.until(lambda: driver.engine.concluded == [session.session_id])
    driver.until(lambda: states(driver) == [JobState.CANCELED, JobState.RUNNING])
    queue.cancel_all()
    driver.until(lambda: not queue.is_busy)
    with Library.open() as library:
        canceled = library.session(session.session_id)
    driver.sidebar.opened.emit(canceled, "")
    # The header says where the text ends.
    driver.until(lambda: driver.page.recording_notes.text().startswith("Canceled at"))
    assert session.asked == ["abandon"]
    assert job_text(queue.jobs[0], is_paused=False) == "Canceled (partial transcript kept)"


def test_a_canceled_file_goes_on_by_its_button(driver: WindowDriver) -> None:
    add(driver, "talk.mp3")
    session, queue = driver.engine.sessions[0], driver.application.queue
    driver.say(session, final(1, 0.0, "First."))
    queue.cancel(queue.jobs[0])
    driver.until(lambda: driver.engine.concluded == [session.session_id])
    driver.until(driver.page.continue_button.isVisible)
    driver.page.continue_button.click()
    driver.until(lambda: driver.engine.tasks)
    assert driver.engine.continued[0].id == session.session_id
    assert not driver.page.continue_button.isVisible()
    (task,) = driver.engine.tasks
    recorder = LibraryRecorder(session.session_id)
    recorder(final(2, 5.0, "Second."))
    task.tell(final(2, 5.0, "Second."))
    driver.until(lambda: driver.texts() == ["First.", "Second."])
    recorder.close()
    with Library.open() as library:
        library.set_notes(session.session_id, "")
    task.end()
    driver.until(lambda: "transcribed to its end" in driver.page.notices.text.text())
    assert driver.texts() == ["First.", "Second."]
    assert not driver.page.continue_button.isVisible()


def test_why_a_canceled_file_cannot_go_on_is_told_and_asked_again(driver: WindowDriver) -> None:
    add(driver, "talk.mp3")
    session, queue = driver.engine.sessions[0], driver.application.queue
    driver.say(session, final(1, 0.0, "First."))
    queue.cancel(queue.jobs[0])
    driver.until(driver.page.continue_button.isVisible)
    driver.page.continue_button.click()
    driver.until(lambda: driver.engine.tasks)
    driver.engine.tasks[0].fail("'talk.mp3' is no longer there.")
    driver.until(lambda: "no longer there" in driver.page.notices.text.text())
    driver.until(driver.page.continue_button.isVisible)


def test_all_are_cancelled_at_once(driver: WindowDriver) -> None:
    add(driver, "one.mp3", "two.mp3", "three.mp3")
    driver.window.queue_panel.cancel_button.click()
    driver.until(lambda: not driver.application.queue.is_busy)
    assert states(driver) == [JobState.CANCELED] * 3
    assert len(driver.engine.sessions) == 1
    assert driver.window.queue_panel.clear_button.isVisible()
    driver.window.queue_panel.clear_button.click()
    assert not driver.window.queue_panel.isVisible()


def test_an_emptied_queue_is_not_paused(driver: WindowDriver) -> None:
    queue = driver.application.queue
    queue.set_paused(True)
    queue.add_files([Path("one.mp3")])
    assert states(driver) == [JobState.WAITING]
    queue.cancel_all()
    queue.clear_finished()
    add(driver, "two.mp3")
    assert states(driver) == [JobState.RUNNING]


def test_cancelling_while_the_file_is_being_opened(driver: WindowDriver) -> None:
    driver.engine.may_begin.clear()
    queue = driver.application.queue
    queue.add_files([Path("one.mp3")])
    driver.until(lambda: driver.engine.wanted)
    queue.cancel_all()
    driver.engine.may_begin.set()
    driver.until(lambda: not queue.is_busy)
    assert driver.engine.sessions[0].asked[0] == "abandon"
    assert states(driver) == [JobState.CANCELED]


def test_a_file_that_fails_says_so(driver: WindowDriver) -> None:
    driver.application.queue.add_files([Path("notes.broken")])
    driver.until(lambda: states(driver) == [JobState.FAILED])
    assert driver.page.notices.text.text() == "notes.broken: 'notes.broken' is no recording."


def test_several_are_recovered_one_after_the_other(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    driver = make_interrupted(2)
    driver.accept_recovery("2 sessions")
    driver.until(lambda: len(engine.tasks) == 1)
    engine.tasks[0].tell(final(1, 0.0, "words"))
    engine.tasks[0].end()
    driver.until(lambda: len(engine.tasks) == 2)
    assert "Delete all" not in driver.page.notices.text.text()
    engine.tasks[1].end()
    driver.until(lambda: driver.page.notices.text.text() == "All sessions recovered.")
    driver.until(lambda: driver.texts() == ["this was recovered"])
    assert engine.recovered == list(engine.left)


def test_what_a_recovery_leaves_without_text_is_told(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    driver = make_interrupted()
    driver.accept_recovery("A session was interrupted")
    driver.until(lambda: engine.tasks)
    engine.tasks[0].end(TaskResult(engine.store("half of it"), utterances_without_text=2))
    driver.until(lambda: "2 parts have no text" in driver.page.notices.text.text())


def test_a_cancelled_recovery_can_be_had_again(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    driver = make_interrupted()
    driver.accept_recovery("A session was interrupted")
    driver.until(lambda: engine.tasks)
    driver.window.queue_panel.cancel_button.click()
    driver.until(lambda: states(driver) == [JobState.CANCELED])
    assert engine.tasks[0].asked == ["stop"]
    words = driver.window.queue_panel.row(driver.application.queue.jobs[0]).words.text()
    assert words == "Canceled; offered again at the next start"


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (FileJob("a", JobState.CANCELED), "Canceled"),
        (FileJob("a", JobState.CANCELED, session_id=3), "Canceled (partial transcript kept)"),
        (RetranscribeJob("a", JobState.CANCELED), "Canceled; the session is unchanged"),
        (RetranscribeJob("a", JobState.RUNNING), "Transcribing again…"),
        (RecoveryJob("a", JobState.RUNNING), "Recovering…"),
        (FileJob("a", JobState.WAITING), "Queued"),
        (FileJob("a", JobState.DONE), "Done"),
        (FileJob("a", JobState.DONE, problem="Its end is damaged."), "Its end is damaged."),
        (FileJob("a", JobState.FAILED, problem="No sound."), "No sound."),
    ],
)
def test_every_state_of_a_job_has_words(job: jobs.QueueJob, words: str) -> None:
    assert job_text(job, is_paused=False) == words


def test_damage_in_a_file_is_told_beside_it(driver: WindowDriver) -> None:
    add(driver, "one.mp3")
    session = driver.engine.sessions[0]
    detail = joined(("Its end is damaged.", events.STOPPING_SENTENCE))
    session.tell(events.StateChanged(9.0, "stopping", detail))
    session.close()
    driver.until(lambda: states(driver) == [JobState.DONE])
    assert driver.window.queue_panel.row(driver.application.queue.jobs[0]).words.text() == (
        "Its end is damaged."
    )


def test_parts_of_a_file_without_text_are_told(driver: WindowDriver) -> None:
    add(driver, "one.mp3")
    driver.engine.sessions[0].close(utterances=5, failed=2)
    driver.until(lambda: states(driver) == [JobState.DONE])
    words = driver.window.queue_panel.row(driver.application.queue.jobs[0]).words.text()
    assert words == "2 parts have no text; their sound is kept."


def test_what_the_start_found_in_the_journals_is_listed(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    engine.on_tidy = lambda: engine.store("said in the terminal")
    driver = make_driver()
    model = driver.sidebar.model
    # A session is stored first and its text then; a list that is read in between has its time.
    driver.until(lambda: model.index(0).data() == "said in the terminal")
    assert model.rowCount() == 1


def test_recovery_is_offered_even_where_tidying_fails(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    def fail() -> None:
        engine.is_tidy = True
        raise HistoryError("The list cannot be read.")

    engine.on_tidy = fail
    engine.left = (InterruptedSession(Path("/x"), datetime.now(UTC), 0.0, ""),)
    driver = make_driver()
    driver.until(lambda: "audio is safe" in driver.page.notices.text.text())


def test_an_interrupted_session_is_recovered_from_its_menu(driver: WindowDriver) -> None:
    session_id = driver.engine.store("half of it")
    with Library.open() as library:
        library.set_state(session_id, SessionState.INTERRUPTED)
        session = library.session(session_id)
    began = datetime.now(UTC)
    paths = (Path("/sessions/other"), Path("/sessions") / session.journal)
    driver.engine.left = tuple(InterruptedSession(path, began, 0.0, "") for path in paths)
    (recover,) = [one for one in driver.sidebar.menu(session).actions() if one.text() == "Recover"]
    recover.trigger()
    driver.until(lambda: driver.engine.tasks)
    driver.sidebar.recover_requested.emit(session)  # a second request while it is being recovered
    driver.application.background.join(5)
    driver.qtbot.wait(20)
    assert driver.engine.recovered == [driver.engine.left[1]]
    assert len(driver.application.queue.jobs) == 1
    driver.engine.tasks[0].end()
    driver.until(lambda: states(driver) == [JobState.DONE])
    driver.engine.left = ()
    driver.sidebar.recover_requested.emit(session)
    driver.until(lambda: "Nothing to recover" in driver.page.notices.text.text())


def running(done_s: float, duration_s: float = 60.0) -> FileJob:
    """Return a file job that started ten seconds ago."""
    began_s = time.monotonic() - 10.0
    return FileJob("a", JobState.RUNNING, duration_s, done_s, began_s=began_s)


@pytest.mark.parametrize(
    ("others", "left_s"),
    [
        ([], 20.0),
        ([FileJob("b", duration_s=90.0)], 65.0),
        ([FileJob("b", duration_s=90.0), FileJob("c", duration_s=10.0)], 70.0),
        ([FileJob("b", JobState.CANCELED), FileJob("c", duration_s=10.0)], 25.0),
        ([FileJob("b", is_unreadable=True), FileJob("c", duration_s=10.0)], 25.0),
        ([FileJob("b"), FileJob("c", duration_s=10.0)], None),
        ([RetranscribeJob("b", duration_s=10.0)], None),
    ],
)
def test_the_time_left_for_all_is_told_where_it_is_known(
    others: list[jobs.QueueJob], left_s: float | None
) -> None:
    told_s = remaining_s([running(20.0), *others])
    assert told_s == (None if left_s is None else pytest.approx(left_s, abs=0.5))


def test_while_a_file_just_begins_the_one_before_it_says_how_quick_it_is() -> None:
    done = FileJob("a", JobState.DONE, 60.0, 60.0, began_s=100.0, ended_s=130.0)
    just_begun = FileJob("b", JobState.RUNNING, 40.0, began_s=time.monotonic())
    assert remaining_s([done, just_begun, FileJob("c", duration_s=10.0)]) == pytest.approx(25.0)
    assert remaining_s([just_begun, FileJob("c", duration_s=10.0)]) is None


def test_the_queue_tells_the_time_left_for_several_files(driver: WindowDriver) -> None:
    add(driver, "one.mp3", "two.broken", "three.mp3")
    panel, queue = driver.window.queue_panel, driver.application.queue
    assert panel.summary.text() == "0 of 3 done"
    driver.until(lambda: queue.jobs[2].duration_s)
    driver.engine.sessions[0].tell(final(1, 28.0, "half of it is done"))
    driver.until(lambda: panel.summary.text().startswith("0 of 3 done, about "))
    panel.pause_button.click()
    assert "about" not in panel.summary.text()
    assert "about" in panel.row(queue.jobs[0]).words.text()


def test_what_failed_is_not_counted_as_done(driver: WindowDriver) -> None:
    driver.application.queue.add_files([Path("/a/one.broken")])
    driver.until(lambda: states(driver) == [JobState.FAILED])
    assert driver.window.queue_panel.summary.text() == "0 of 1 done, 1 failed"


def interrupted_file(driver: WindowDriver) -> InterruptedSession:
    """Leave a session of a file that was interrupted after 61 s."""
    session_id = driver.engine.store("half of it")
    return InterruptedSession(
        Path("/sessions/left"),
        datetime.now(UTC),
        90.0,
        "",
        file=Path("/a/one.mp3"),
        resume_key="k",
        text_s=61.0,
        session_id=session_id,
    )


def test_an_interrupted_file_goes_on_where_it_stopped_and_says_so(driver: WindowDriver) -> None:
    driver.until(lambda: driver.engine.has_searched)
    driver.engine.left = (interrupted_file(driver),)
    driver.application.queue.add_files([Path("/a/one.mp3")])
    driver.until(lambda: driver.engine.tasks)
    (job,) = driver.application.queue.jobs
    assert driver.page.notices.text.text() == (
        "one.mp3 continues at 1:01, where it was interrupted."
    )
    assert (job.kept_s, job.session_id) == (61.0, driver.engine.left[0].session_id)
    assert driver.engine.sessions == []
    driver.engine.tasks[0].end()
    driver.until(lambda: states(driver) == [JobState.DONE])


def test_an_interrupted_file_can_be_begun_anew(driver: WindowDriver) -> None:
    driver.until(lambda: driver.engine.has_searched)  # the start would take it up, too
    driver.engine.left = (interrupted_file(driver),)
    driver.application.queue.add_files([Path("/a/one.mp3")])
    driver.until(lambda: driver.engine.tasks)
    assert driver.page.notices.action.text() == "Start over"
    driver.page.notices.action.click()
    driver.engine.tasks[0].end()
    driver.until(lambda: driver.engine.sessions)
    assert states(driver) == [JobState.CANCELED, JobState.RUNNING]
    assert driver.engine.concluded == [driver.engine.left[0].session_id]


def test_a_file_that_ends_the_program_at_every_start_is_only_offered(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    one = InterruptedSession(
        Path("/x"), datetime.now(UTC), 9.0, "", file=Path("/a/b.mp3"), resume_key="k", idle_starts=2
    )
    engine.left = (one,)
    driver = make_driver()
    driver.until(lambda: "audio is safe" in driver.page.notices.text.text())
    assert driver.application.queue.jobs == []


def test_another_track_that_has_sound_is_one_click_away(driver: WindowDriver) -> None:
    driver.engine.file_tracks = FileTracks("2 (eng)", {1: "1 (deu)"})
    add(driver, "one.mkv")
    driver.until(lambda: driver.page.notices.isVisible())
    assert driver.page.notices.text.text() == (
        "one.mkv: audio track 2 (eng) is transcribed; other tracks also have sound."
    )
    assert driver.page.notices.action.text() == "Take track 1 (deu)"
    driver.page.notices.action.click()
    driver.until(lambda: len(driver.engine.sessions) == 2)
    assert [one.audio_track for one in driver.engine.wanted] == [None, 1]
    assert states(driver) == [JobState.CANCELED, JobState.RUNNING]


def test_one_of_several_tracks_is_chosen_from_a_menu(driver: WindowDriver) -> None:
    driver.engine.file_tracks = FileTracks("2", {1: "1 (deu)", 3: "3 (fra)"})
    add(driver, "one.mkv")
    driver.until(lambda: driver.page.notices.isVisible())
    driver.page.notices.action.click()
    (menu,) = [one for one in driver.window.findChildren(QMenu) if one.isVisible()]
    menu.actions()[1].trigger()
    menu.close()
    driver.until(lambda: len(driver.engine.sessions) == 2)
    assert [one.audio_track for one in driver.engine.wanted] == [None, 3]


def test_the_running_file_is_shown_first(driver: WindowDriver) -> None:
    panel, queue = driver.window.queue_panel, driver.application.queue
    queue.set_paused(True)
    queue.add_files([Path(f"{number}.mp3") for number in range(4)])
    queue.cancel(queue.jobs[0])
    queue.set_paused(False)
    driver.until(lambda: queue.running_job is not None)
    running = panel.row(queue.running_job)
    others = [panel.row(job) for job in queue.jobs if job is not queue.running_job]
    driver.until(lambda: all(running.y() < row.y() for row in others))
    assert panel.summary.text().startswith("0 of 4 done, 1 canceled")


def test_a_finished_file_opens_its_session(driver: WindowDriver) -> None:
    panel, queue = driver.window.queue_panel, driver.application.queue
    queue.add_files([Path("talk.mp3")])
    driver.until(lambda: driver.engine.sessions)
    driver.engine.sessions[0].tell(final(1, 2.0, "first"))
    driver.engine.sessions[0].stop()
    driver.until(lambda: queue.jobs[0].is_over)
    driver.application.document.clear()
    row = panel.row(queue.jobs[0])
    driver.qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.texts() == ["first"])
    driver.application.document.clear()
    row.open_button.click()
    driver.until(lambda: driver.texts() == ["first"])


def test_a_new_batch_is_counted_by_itself(driver: WindowDriver) -> None:
    queue = driver.application.queue
    queue.add_files([Path("old.mp3")])
    driver.until(lambda: driver.engine.sessions)
    driver.engine.sessions[0].stop()
    driver.until(lambda: queue.jobs[0].is_over)
    queue.add_files([Path("new.mp3")])
    assert [job.name for job in queue.jobs] == ["new.mp3"]
    assert driver.window.queue_panel.summary.text() == "0 of 1 done"


def test_several_failures_are_counted_and_paths_are_short(driver: WindowDriver) -> None:
    queue, notices = driver.application.queue, driver.page.notices
    driver.engine.refusal = "'/far/away/one.mp3' is empty (0 bytes)."
    queue.add_files([Path("/far/away/one.mp3")])
    driver.until(lambda: queue.jobs[0].state is JobState.FAILED)
    assert notices.text.text() == "one.mp3: 'one.mp3' is empty (0 bytes)."
    queue.add_files([Path("/far/away/one.mp3"), Path("/far/away/two.mp3")])
    driver.until(lambda: notices.text.text().startswith("2 items failed"))


def test_a_failed_row_is_one_line_with_its_reason_as_tool_tip(driver: WindowDriver) -> None:
    queue, panel = driver.application.queue, driver.window.queue_panel
    add(driver, "one.mp3")
    height_px = panel.row(queue.jobs[0]).words.sizeHint().height()
    reason = "This file is incomplete or damaged: " + "its index is missing. " * 8
    driver.engine.sessions[0].close()
    queue.jobs[0].state, queue.jobs[0].problem = JobState.FAILED, reason
    queue.changed.emit()
    words = panel.row(queue.jobs[0]).words
    assert words.toolTip() == words.text() == reason
    assert words.sizeHint().height() == height_px
    driver.until(lambda: not queue.is_busy)
