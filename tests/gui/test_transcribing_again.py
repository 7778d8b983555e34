"""Transcribing a session again: choice of model, progress, result, undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from conftest import WindowDriver
from helpers.messages import shows
from helpers.scripted_engine import final
from PySide6.QtWidgets import QApplication, QDialog

from granite_live.app.models import ModelChoice
from granite_live.app.session_tasks import TaskResult, copy_corrections
from granite_live.gui.file_queue.jobs import JobState
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import RetranscribeDialog
from granite_live.library import Library, SavedSession, SessionState
from granite_live.messages.journal import JournalMessage

SMALL = ModelChoice(Path("/models/small"), "small", "int8", ("int8", "fp32"), False)
LARGE = replace(SMALL, tier="fp32")


def stored(studio: WindowDriver) -> SavedSession:
    """Return a displayed session of one line that has ended."""
    return studio.hear(final(1, 0.0, "heard once"))


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, RetranscribeDialog)]


def test_with_one_model_it_begins_at_once_and_the_result_is_shown(studio: WindowDriver) -> None:
    session = stored(studio)
    studio.sidebar.retranscribe_requested.emit(session)
    studio.until(lambda: studio.engine.tasks)
    task = studio.engine.tasks[0]
    (job,) = studio.application.queue.jobs
    assert job.name == "“heard once” with granite-nar, int8"
    task.tell(final(1, 0.0, "heard again"))
    studio.until(lambda: job.done_s)
    assert studio.texts() == ["heard once"]
    task.end()
    studio.until(lambda: studio.texts() == ["heard again"])
    assert job.state is JobState.DONE
    assert "the earlier text is still in the list" in studio.page.notices.text.text()
    studio.until(lambda: studio.sidebar.model.rowCount() == 2)


def test_with_several_it_asks_and_another_one_than_before_is_proposed(studio: WindowDriver) -> None:
    session = stored(studio)
    studio.engine.offered = (SMALL, LARGE)
    (again,) = [
        one for one in studio.sidebar.menu(session).actions() if "Transcribe again" in one.text()
    ]
    studio.sidebar.retranscribe_requested.emit(
        replace(session, model_path="/models/small", tier="int8")
    )
    studio.until(dialogs)
    (dialog,) = dialogs()
    offered = [button.text() for button in dialog.choices.buttons()]
    assert offered == ["small, int8 (current)", "small, fp32"]
    assert dialog.choices.checkedId() == 1
    dialog.begin_button.click()
    studio.until(lambda: studio.engine.again)
    assert studio.engine.again[0][1] == LARGE
    assert again.isEnabled()
    studio.engine.tasks[0].end()
    studio.until(lambda: not studio.application.queue.is_busy)


def test_corrections_are_taken_over_and_that_is_undone(studio: WindowDriver) -> None:
    session = stored(studio)
    studio.application.document.editing.edit(0, "said once")
    studio.until(lambda: studio.texts() == ["said once"])
    studio.sidebar.retranscribe_requested.emit(session)
    studio.until(lambda: studio.engine.tasks)
    new_id = studio.engine.store("heard again", session)
    with Library.open() as library:
        change = copy_corrections(library, session.id, new_id)
    studio.engine.tasks[0].end(TaskResult(new_id, change))
    studio.until(lambda: studio.model.line(0).machine_text == "heard again")
    assert studio.application.document.session_id == new_id
    assert studio.texts() == ["said once"]
    assert "One corrected line was kept" in studio.page.notices.text.text()
    stack = studio.application.document.editing.stack
    stack.undo()
    assert studio.texts() == ["heard again"]
    stack.redo()
    assert studio.texts() == ["said once"]


def test_cancelled_it_leaves_everything_as_it_was(studio: WindowDriver) -> None:
    session = stored(studio)
    studio.sidebar.retranscribe_requested.emit(session)
    studio.until(lambda: studio.engine.tasks)
    studio.window.queue_panel.cancel_button.click()
    studio.until(lambda: not studio.application.queue.is_busy)
    assert studio.engine.tasks[0].asked == ["stop"]
    assert studio.texts() == ["heard once"]
    with Library.open() as library:
        assert [one.id for one in library.sessions()] == [session.id]


def test_trouble_is_told_and_so_is_that_nothing_came_of_it(studio: WindowDriver) -> None:
    session = stored(studio)
    studio.sidebar.retranscribe_requested.emit(session)
    studio.until(lambda: len(studio.engine.tasks) == 1)
    studio.engine.tasks[0].fail(JournalMessage.SOUND_NOT_KEPT(folder="one"))
    studio.until(lambda: shows(studio.page.notices.text.text(), JournalMessage.SOUND_NOT_KEPT))
    studio.sidebar.retranscribe_requested.emit(session)
    studio.until(lambda: len(studio.engine.tasks) == 2)
    studio.engine.tasks[1].end(TaskResult(None))
    studio.until(lambda: "No text was recognized" in studio.page.notices.text.text())


def test_why_a_session_cannot_be_transcribed_again_is_told(studio: WindowDriver) -> None:
    session = stored(studio)
    reasons = {
        "stop it first": replace(session, state=SessionState.RUNNING),
        "recover it first": replace(session, state=SessionState.INTERRUPTED),
        "was deleted": replace(session, sound_deleted=True),
    }
    for reason, changed in reasons.items():
        assert reason in session_list.retranscribe_problem(changed)
        (again,) = [
            one
            for one in studio.sidebar.menu(changed).actions()
            if "Transcribe again" in one.text()
        ]
        assert not again.isEnabled()
        assert reason in again.toolTip()
        studio.sidebar.retranscribe_requested.emit(changed)
        studio.until(lambda reason=reason: reason in studio.page.notices.text.text())
    assert studio.engine.again == []


def test_transcripts_of_one_sound_are_told_apart_in_the_list(studio: WindowDriver) -> None:
    session = stored(studio)
    studio.engine.store("heard again", session)
    with Library.open() as library:
        library._connection.execute(
            "UPDATE session SET model_path = '/models/granite-nar', tier = 'int8'"
        )
    studio.sidebar.refresh()
    studio.until(lambda: studio.sidebar.model.rowCount() == 2)
    from granite_live.gui.sessions.session_list import ABOUT_ROLE

    shown = [studio.sidebar.model.index(row).data(ABOUT_ROLE) for row in (0, 1)]
    assert all(text.endswith("granite-nar, int8") for text in shown)
