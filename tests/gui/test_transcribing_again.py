"""Transcribing a session again: choice of model, progress, result, undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpers.messages import shows
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtWidgets import QApplication, QDialog

from granite_live.app.models import ModelChoice
from granite_live.app.retranscription import copy_corrections
from granite_live.app.session_tasks import TaskResult
from granite_live.gui.file_queue.jobs import JobState
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import RetranscribeDialog
from granite_live.library import Library, SavedSession, SessionState
from granite_live.messages.journal import JournalMessage

SMALL = ModelChoice(Path("/models/small"), "small", "int8", ("int8", "fp32"), False)
LARGE = replace(SMALL, tier="fp32")


def stored(driver: WindowDriver) -> SavedSession:
    """Return a displayed session of one line that has ended."""
    return driver.hear(final(1, 0.0, "heard once"))


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, RetranscribeDialog)]


def test_with_one_model_it_begins_at_once_and_the_result_is_shown(driver: WindowDriver) -> None:
    session = stored(driver)
    driver.sidebar.retranscribe_requested.emit(session)
    driver.until(lambda: driver.engine.tasks)
    task = driver.engine.tasks[0]
    (job,) = driver.application.queue.jobs
    assert job.name == "“heard once” with granite-nar, int8"
    task.tell(final(1, 0.0, "heard again"))
    driver.until(lambda: job.done_s)
    assert driver.texts() == ["heard once"]
    task.end()
    driver.until(lambda: driver.texts() == ["heard again"])
    assert job.state is JobState.DONE
    assert "the earlier text is still in the list" in driver.page.notices.text.text()
    driver.until(lambda: driver.sidebar.model.rowCount() == 2)


def test_with_several_it_asks_and_another_one_than_before_is_proposed(driver: WindowDriver) -> None:
    session = stored(driver)
    driver.engine.offered = (SMALL, LARGE)
    (again,) = [
        one for one in driver.sidebar.menu(session).actions() if "Transcribe again" in one.text()
    ]
    driver.sidebar.retranscribe_requested.emit(
        replace(session, model_path="/models/small", tier="int8")
    )
    driver.until(dialogs)
    (dialog,) = dialogs()
    offered = [button.text() for button in dialog.choices.buttons()]
    assert offered == ["small, int8 (current)", "small, fp32"]
    assert dialog.choices.checkedId() == 1
    dialog.begin_button.click()
    driver.until(lambda: driver.engine.again)
    assert driver.engine.again[0][1] == LARGE
    assert again.isEnabled()
    driver.engine.tasks[0].end()
    driver.until(lambda: not driver.application.queue.is_busy)


def test_corrections_are_taken_over_and_that_is_undone(driver: WindowDriver) -> None:
    session = stored(driver)
    driver.application.document.editing.edit(0, "said once")
    driver.until(lambda: driver.texts() == ["said once"])
    driver.sidebar.retranscribe_requested.emit(session)
    driver.until(lambda: driver.engine.tasks)
    new_id = driver.engine.store("heard again", session)
    with Library.open() as library:
        change = copy_corrections(library, session.id, new_id)
    driver.engine.tasks[0].end(TaskResult(new_id, change))
    driver.until(lambda: driver.model.line(0).machine_text == "heard again")
    assert driver.application.document.session_id == new_id
    assert driver.texts() == ["said once"]
    assert "One corrected line was kept" in driver.page.notices.text.text()
    stack = driver.application.document.editing.stack
    stack.undo()
    assert driver.texts() == ["heard again"]
    stack.redo()
    assert driver.texts() == ["said once"]


def test_cancelled_it_leaves_everything_as_it_was(driver: WindowDriver) -> None:
    session = stored(driver)
    driver.sidebar.retranscribe_requested.emit(session)
    driver.until(lambda: driver.engine.tasks)
    driver.window.queue_panel.cancel_button.click()
    driver.until(lambda: not driver.application.queue.is_busy)
    assert driver.engine.tasks[0].asked == ["stop"]
    assert driver.texts() == ["heard once"]
    with Library.open() as library:
        assert [one.id for one in library.sessions()] == [session.id]


def test_trouble_is_told_and_so_is_that_nothing_came_of_it(driver: WindowDriver) -> None:
    session = stored(driver)
    driver.sidebar.retranscribe_requested.emit(session)
    driver.until(lambda: len(driver.engine.tasks) == 1)
    driver.engine.tasks[0].fail(JournalMessage.SOUND_NOT_KEPT(folder="one"))
    driver.until(lambda: shows(driver.page.notices.text.text(), JournalMessage.SOUND_NOT_KEPT))
    driver.sidebar.retranscribe_requested.emit(session)
    driver.until(lambda: len(driver.engine.tasks) == 2)
    driver.engine.tasks[1].end(TaskResult(None))
    driver.until(lambda: "No text was recognized" in driver.page.notices.text.text())


def test_why_a_session_cannot_be_transcribed_again_is_told(driver: WindowDriver) -> None:
    session = stored(driver)
    reasons = {
        "stop it first": replace(session, state=SessionState.RUNNING),
        "recover it first": replace(session, state=SessionState.INTERRUPTED),
        "was deleted": replace(session, sound_deleted=True),
    }
    for reason, changed in reasons.items():
        assert reason in session_list.retranscribe_problem(changed)
        (again,) = [
            one
            for one in driver.sidebar.menu(changed).actions()
            if "Transcribe again" in one.text()
        ]
        assert not again.isEnabled()
        assert reason in again.toolTip()
        driver.sidebar.retranscribe_requested.emit(changed)
        driver.until(lambda reason=reason: reason in driver.page.notices.text.text())
    assert driver.engine.again == []


def test_transcripts_of_one_sound_are_told_apart_in_the_list(driver: WindowDriver) -> None:
    session = stored(driver)
    driver.engine.store("heard again", session)
    with Library.open() as library:
        library._connection.execute(
            "UPDATE session SET model_path = '/models/granite-nar', tier = 'int8'"
        )
    driver.sidebar.refresh()
    driver.until(lambda: driver.sidebar.model.rowCount() == 2)
    from granite_live.gui.sessions.session_delegate import ABOUT_ROLE

    shown = [driver.sidebar.model.index(row).data(ABOUT_ROLE) for row in (0, 1)]
    assert all(text.endswith("granite-nar, int8") for text in shown)
