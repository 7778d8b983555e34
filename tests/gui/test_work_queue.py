"""The queue of files and stored sessions: pause, cancel, results."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import WindowDriver
from helpers.scripted_engine import ScriptedEngine, final
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


def add(studio: WindowDriver, *names: str) -> None:
    known = len(studio.engine.sessions)
    studio.application.queue.add_files([Path("/a") / name for name in names])
    studio.until(lambda: len(studio.engine.sessions) > known)


def states(studio: WindowDriver) -> list[JobState]:
    return [job.state for job in studio.application.queue.jobs]


def test_a_pause_lets_the_running_file_end_and_begins_no_other(studio: WindowDriver) -> None:
    add(studio, "one.mp3", "two.mp3")
    panel, queue = studio.window.queue_panel, studio.application.queue
    assert panel.pause_button.accessibleName() == "Pause after this file"
    panel.pause_button.click()
    assert panel.summary.text() == "0 of 2 done; pausing after this file"
    assert panel.row(queue.jobs[1]).words.text() == "Queued (paused)"
    studio.engine.sessions[0].close()
    studio.until(lambda: states(studio) == [JobState.DONE, JobState.WAITING])
    assert panel.summary.text() == "1 of 2 done; paused"
    assert len(studio.engine.sessions) == 1
    assert panel.pause_button.accessibleName() == "Resume"
    panel.pause_button.click()
    studio.until(lambda: len(studio.engine.sessions) == 2)
    assert panel.summary.text() == "1 of 2 done"


def test_progress_and_time_left_are_told(
    studio: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(studio, "one.mp3")
    (job,) = studio.application.queue.jobs
    row = studio.window.queue_panel.row(job)
    assert row.words.text() == "Transcribing…"
    studio.engine.sessions[0].tell(final(1, 13.82, "a quarter of it"))
    studio.until(lambda: job.done_s > 14)
    now_s = job.began_s + 30.0
    monkeypatch.setattr(jobs.time, "monotonic", lambda: now_s)
    assert job_text(job, is_paused=False) == "25 %, about 1:30 left"
    assert row.bar.value() == 250


def test_a_file_of_unknown_length_shows_that_it_goes_on(studio: WindowDriver) -> None:
    studio.engine.file_s = 0.0
    add(studio, "stream.ogg")
    row = studio.window.queue_panel.row(studio.application.queue.jobs[0])
    assert (row.bar.minimum(), row.bar.maximum()) == (0, 0)
    assert row.words.text() == "Transcribing…"


def test_a_cancelled_file_stops_at_once_and_is_no_session_to_recover(studio: WindowDriver) -> None:
    add(studio, "one.mp3", "two.mp3")
    queue, session = studio.application.queue, studio.engine.sessions[0]
    session.tell(final(1, 0.0, "so far"))
    studio.until(lambda: queue.jobs[0].done_s)
    studio.window.queue_panel.row(queue.jobs[0]).cancel.click()
    studio.until(lambda: studio.engine.concluded == [session.session_id])
    studio.until(lambda: states(studio) == [JobState.CANCELED, JobState.RUNNING])
    queue.cancel_all()
    studio.until(lambda: not queue.is_busy)
    with Library.open() as library:
        canceled = library.session(session.session_id)
    studio.sidebar.opened.emit(canceled, "")
    # The header says where the text ends.
    studio.until(lambda: studio.page.recording_notes.text().startswith("Canceled at"))
    assert session.asked == ["abandon"]
    assert job_text(queue.jobs[0], is_paused=False) == "Canceled (partial transcript kept)"


def test_a_canceled_file_goes_on_by_its_button(studio: WindowDriver) -> None:
    add(studio, "talk.mp3")
    session, queue = studio.engine.sessions[0], studio.application.queue
    studio.say(session, final(1, 0.0, "First."))
    queue.cancel(queue.jobs[0])
    studio.until(lambda: studio.engine.concluded == [session.session_id])
    studio.until(studio.page.continue_button.isVisible)
    studio.page.continue_button.click()
    studio.until(lambda: studio.engine.tasks)
    assert studio.engine.continued[0].id == session.session_id
    assert not studio.page.continue_button.isVisible()
    (task,) = studio.engine.tasks
    recorder = LibraryRecorder(session.session_id)
    recorder(final(2, 5.0, "Second."))
    task.tell(final(2, 5.0, "Second."))
    studio.until(lambda: studio.texts() == ["First.", "Second."])
    recorder.close()
    with Library.open() as library:
        library.set_notes(session.session_id, "")
    task.end()
    studio.until(lambda: "transcribed to its end" in studio.page.notices.text.text())
    assert studio.texts() == ["First.", "Second."]
    assert not studio.page.continue_button.isVisible()


def test_why_a_canceled_file_cannot_go_on_is_told_and_asked_again(studio: WindowDriver) -> None:
    add(studio, "talk.mp3")
    session, queue = studio.engine.sessions[0], studio.application.queue
    studio.say(session, final(1, 0.0, "First."))
    queue.cancel(queue.jobs[0])
    studio.until(studio.page.continue_button.isVisible)
    studio.page.continue_button.click()
    studio.until(lambda: studio.engine.tasks)
    studio.engine.tasks[0].fail("'talk.mp3' is no longer there.")
    studio.until(lambda: "no longer there" in studio.page.notices.text.text())
    studio.until(studio.page.continue_button.isVisible)


def test_all_are_cancelled_at_once(studio: WindowDriver) -> None:
    add(studio, "one.mp3", "two.mp3", "three.mp3")
    studio.window.queue_panel.cancel_button.click()
    studio.until(lambda: not studio.application.queue.is_busy)
    assert states(studio) == [JobState.CANCELED] * 3
    assert len(studio.engine.sessions) == 1
    assert studio.window.queue_panel.clear_button.isVisible()
    studio.window.queue_panel.clear_button.click()
    assert not studio.window.queue_panel.isVisible()


def test_an_emptied_queue_is_not_paused(studio: WindowDriver) -> None:
    queue = studio.application.queue
    queue.set_paused(True)
    queue.add_files([Path("one.mp3")])
    assert states(studio) == [JobState.WAITING]
    queue.cancel_all()
    queue.clear_finished()
    add(studio, "two.mp3")
    assert states(studio) == [JobState.RUNNING]


def test_cancelling_while_the_file_is_being_opened(studio: WindowDriver) -> None:
    studio.engine.may_begin.clear()
    queue = studio.application.queue
    queue.add_files([Path("one.mp3")])
    studio.until(lambda: studio.engine.wanted)
    queue.cancel_all()
    studio.engine.may_begin.set()
    studio.until(lambda: not queue.is_busy)
    assert studio.engine.sessions[0].asked[0] == "abandon"
    assert states(studio) == [JobState.CANCELED]


def test_a_file_that_fails_says_so(studio: WindowDriver) -> None:
    studio.application.queue.add_files([Path("notes.broken")])
    studio.until(lambda: states(studio) == [JobState.FAILED])
    assert studio.page.notices.text.text() == "notes.broken: 'notes.broken' is no recording."


def test_several_are_recovered_one_after_the_other(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    studio = make_interrupted(2)
    studio.accept_recovery("2 sessions")
    studio.until(lambda: len(engine.tasks) == 1)
    engine.tasks[0].tell(final(1, 0.0, "words"))
    engine.tasks[0].end()
    studio.until(lambda: len(engine.tasks) == 2)
    assert "Delete all" not in studio.page.notices.text.text()
    engine.tasks[1].end()
    studio.until(lambda: studio.page.notices.text.text() == "All sessions recovered.")
    studio.until(lambda: studio.texts() == ["this was recovered"])
    assert engine.recovered == list(engine.left)


def test_what_a_recovery_leaves_without_text_is_told(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    studio = make_interrupted()
    studio.accept_recovery("A session was interrupted")
    studio.until(lambda: engine.tasks)
    engine.tasks[0].end(TaskResult(engine.store("half of it"), utterances_without_text=2))
    studio.until(lambda: "2 parts have no text" in studio.page.notices.text.text())


def test_a_cancelled_recovery_can_be_had_again(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    studio = make_interrupted()
    studio.accept_recovery("A session was interrupted")
    studio.until(lambda: engine.tasks)
    studio.window.queue_panel.cancel_button.click()
    studio.until(lambda: states(studio) == [JobState.CANCELED])
    assert engine.tasks[0].asked == ["stop"]
    words = studio.window.queue_panel.row(studio.application.queue.jobs[0]).words.text()
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


def test_damage_in_a_file_is_told_beside_it(studio: WindowDriver) -> None:
    add(studio, "one.mp3")
    session = studio.engine.sessions[0]
    detail = joined(("Its end is damaged.", events.STOPPING_SENTENCE))
    session.tell(events.StateChanged(9.0, "stopping", detail))
    session.close()
    studio.until(lambda: states(studio) == [JobState.DONE])
    assert studio.window.queue_panel.row(studio.application.queue.jobs[0]).words.text() == (
        "Its end is damaged."
    )


def test_parts_of_a_file_without_text_are_told(studio: WindowDriver) -> None:
    add(studio, "one.mp3")
    studio.engine.sessions[0].close(utterances=5, failed=2)
    studio.until(lambda: states(studio) == [JobState.DONE])
    words = studio.window.queue_panel.row(studio.application.queue.jobs[0]).words.text()
    assert words == "2 parts have no text; their sound is kept."


def test_what_the_start_found_in_the_journals_is_listed(
    make_studio: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    engine.on_tidy = lambda: engine.store("said in the terminal")
    studio = make_studio()
    model = studio.sidebar.model
    # A session is stored first and its text then; a list that is read in between has its time.
    studio.until(lambda: model.index(0).data() == "said in the terminal")
    assert model.rowCount() == 1


def test_recovery_is_offered_even_where_tidying_fails(
    make_studio: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    def fail() -> None:
        engine.is_tidy = True
        raise HistoryError("The list cannot be read.")

    engine.on_tidy = fail
    engine.left = (InterruptedSession(Path("/x"), datetime.now(UTC), 0.0, ""),)
    studio = make_studio()
    studio.until(lambda: "audio is safe" in studio.page.notices.text.text())


def test_an_interrupted_session_is_recovered_from_its_menu(studio: WindowDriver) -> None:
    session_id = studio.engine.store("half of it")
    with Library.open() as library:
        library.set_state(session_id, SessionState.INTERRUPTED)
        session = library.session(session_id)
    began = datetime.now(UTC)
    paths = (Path("/sessions/other"), Path("/sessions") / session.journal)
    studio.engine.left = tuple(InterruptedSession(path, began, 0.0, "") for path in paths)
    (recover,) = [one for one in studio.sidebar.menu(session).actions() if one.text() == "Recover"]
    recover.trigger()
    studio.until(lambda: studio.engine.tasks)
    studio.sidebar.recover_requested.emit(session)  # a second request while it is being recovered
    studio.application.background.join(5)
    studio.qtbot.wait(20)
    assert studio.engine.recovered == [studio.engine.left[1]]
    assert len(studio.application.queue.jobs) == 1
    studio.engine.tasks[0].end()
    studio.until(lambda: states(studio) == [JobState.DONE])
    studio.engine.left = ()
    studio.sidebar.recover_requested.emit(session)
    studio.until(lambda: "Nothing to recover" in studio.page.notices.text.text())


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


def test_the_queue_tells_the_time_left_for_several_files(studio: WindowDriver) -> None:
    add(studio, "one.mp3", "two.broken", "three.mp3")
    panel, queue = studio.window.queue_panel, studio.application.queue
    assert panel.summary.text() == "0 of 3 done"
    studio.until(lambda: queue.jobs[2].duration_s)
    studio.engine.sessions[0].tell(final(1, 28.0, "half of it is done"))
    studio.until(lambda: panel.summary.text().startswith("0 of 3 done, about "))
    panel.pause_button.click()
    assert "about" not in panel.summary.text()
    assert "about" in panel.row(queue.jobs[0]).words.text()


def test_what_failed_is_not_counted_as_done(studio: WindowDriver) -> None:
    studio.application.queue.add_files([Path("/a/one.broken")])
    studio.until(lambda: states(studio) == [JobState.FAILED])
    assert studio.window.queue_panel.summary.text() == "0 of 1 done, 1 failed"


def interrupted_file(studio: WindowDriver) -> InterruptedSession:
    """Leave a session of a file that was interrupted after 61 s."""
    session_id = studio.engine.store("half of it")
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


def test_an_interrupted_file_goes_on_where_it_stopped_and_says_so(studio: WindowDriver) -> None:
    studio.until(lambda: studio.engine.is_tidy)
    studio.engine.left = (interrupted_file(studio),)
    studio.application.queue.add_files([Path("/a/one.mp3")])
    studio.until(lambda: studio.engine.tasks)
    (job,) = studio.application.queue.jobs
    assert studio.page.notices.text.text() == (
        "one.mp3 continues at 1:01, where it was interrupted."
    )
    assert (job.kept_s, job.session_id) == (61.0, studio.engine.left[0].session_id)
    assert studio.engine.sessions == []
    studio.engine.tasks[0].end()
    studio.until(lambda: states(studio) == [JobState.DONE])


def test_an_interrupted_file_can_be_begun_anew(studio: WindowDriver) -> None:
    studio.engine.left = (interrupted_file(studio),)
    studio.application.queue.add_files([Path("/a/one.mp3")])
    studio.until(lambda: studio.engine.tasks)
    assert studio.page.notices.action.text() == "Begin anew"
    studio.page.notices.action.click()
    studio.engine.tasks[0].end()
    studio.until(lambda: studio.engine.sessions)
    assert states(studio) == [JobState.CANCELED, JobState.RUNNING]
    assert studio.engine.concluded == [studio.engine.left[0].session_id]


def test_a_file_that_ends_the_program_at_every_start_is_only_offered(
    make_studio: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    one = InterruptedSession(
        Path("/x"), datetime.now(UTC), 9.0, "", file=Path("/a/b.mp3"), resume_key="k", idle_starts=2
    )
    engine.left = (one,)
    studio = make_studio()
    studio.until(lambda: "audio is safe" in studio.page.notices.text.text())
    assert studio.application.queue.jobs == []


def test_another_track_that_has_sound_is_one_click_away(studio: WindowDriver) -> None:
    studio.engine.file_tracks = FileTracks("2 (eng)", {1: "1 (deu)"})
    add(studio, "one.mkv")
    studio.until(lambda: studio.page.notices.isVisible())
    assert studio.page.notices.text.text() == (
        "one.mkv: audio track 2 (eng) is transcribed; other tracks also have sound."
    )
    assert studio.page.notices.action.text() == "Take track 1 (deu)"
    studio.page.notices.action.click()
    studio.until(lambda: len(studio.engine.sessions) == 2)
    assert [one.audio_track for one in studio.engine.wanted] == [None, 1]
    assert states(studio) == [JobState.CANCELED, JobState.RUNNING]


def test_one_of_several_tracks_is_chosen_from_a_menu(studio: WindowDriver) -> None:
    studio.engine.file_tracks = FileTracks("2", {1: "1 (deu)", 3: "3 (fra)"})
    add(studio, "one.mkv")
    studio.until(lambda: studio.page.notices.isVisible())
    studio.page.notices.action.click()
    (menu,) = [one for one in studio.window.findChildren(QMenu) if one.isVisible()]
    menu.actions()[1].trigger()
    menu.close()
    studio.until(lambda: len(studio.engine.sessions) == 2)
    assert [one.audio_track for one in studio.engine.wanted] == [None, 3]


def test_the_running_file_is_shown_first(studio: WindowDriver) -> None:
    panel, queue = studio.window.queue_panel, studio.application.queue
    queue.set_paused(True)
    queue.add_files([Path(f"{number}.mp3") for number in range(4)])
    queue.cancel(queue.jobs[0])
    queue.set_paused(False)
    studio.until(lambda: queue.running_job is not None)
    running = panel.row(queue.running_job)
    others = [panel.row(job) for job in queue.jobs if job is not queue.running_job]
    studio.until(lambda: all(running.y() < row.y() for row in others))
    assert panel.summary.text().startswith("0 of 4 done, 1 canceled")


def test_a_finished_file_opens_its_session(studio: WindowDriver) -> None:
    panel, queue = studio.window.queue_panel, studio.application.queue
    queue.add_files([Path("talk.mp3")])
    studio.until(lambda: studio.engine.sessions)
    studio.engine.sessions[0].tell(final(1, 2.0, "first"))
    studio.engine.sessions[0].stop()
    studio.until(lambda: queue.jobs[0].is_over)
    studio.application.document.clear()
    row = panel.row(queue.jobs[0])
    studio.qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    studio.until(lambda: studio.texts() == ["first"])
    studio.application.document.clear()
    row.open_button.click()
    studio.until(lambda: studio.texts() == ["first"])


def test_a_new_batch_is_counted_by_itself(studio: WindowDriver) -> None:
    queue = studio.application.queue
    queue.add_files([Path("old.mp3")])
    studio.until(lambda: studio.engine.sessions)
    studio.engine.sessions[0].stop()
    studio.until(lambda: queue.jobs[0].is_over)
    queue.add_files([Path("new.mp3")])
    assert [job.name for job in queue.jobs] == ["new.mp3"]
    assert studio.window.queue_panel.summary.text() == "0 of 1 done"


def test_several_failures_are_counted_and_paths_are_short(studio: WindowDriver) -> None:
    queue, notices = studio.application.queue, studio.page.notices
    studio.engine.refusal = "'/far/away/one.mp3' is empty (0 bytes)."
    queue.add_files([Path("/far/away/one.mp3")])
    studio.until(lambda: queue.jobs[0].state is JobState.FAILED)
    assert notices.text.text() == "one.mp3: 'one.mp3' is empty (0 bytes)."
    queue.add_files([Path("/far/away/one.mp3"), Path("/far/away/two.mp3")])
    studio.until(lambda: notices.text.text().startswith("2 items failed"))


def test_a_failed_row_is_one_line_with_its_reason_as_tool_tip(studio: WindowDriver) -> None:
    queue, panel = studio.application.queue, studio.window.queue_panel
    add(studio, "one.mp3")
    height_px = panel.row(queue.jobs[0]).words.sizeHint().height()
    reason = "This file is incomplete or damaged: " + "its index is missing. " * 8
    studio.engine.sessions[0].close()
    queue.jobs[0].state, queue.jobs[0].problem = JobState.FAILED, reason
    queue.changed.emit()
    words = panel.row(queue.jobs[0]).words
    assert words.toolTip() == words.text() == reason
    assert words.sizeHint().height() == height_px
    studio.until(lambda: not queue.is_busy)
