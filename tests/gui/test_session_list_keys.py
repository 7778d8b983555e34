"""Keys in the list of sessions and what is marked there."""

from __future__ import annotations

from conftest import WindowDriver
from helpers.scripted_engine import final
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.sessions.actions import DeleteDialog
from granite_live.gui.sessions.session_list import ABOUT_ROLE, SESSION_ROLE


def two_sessions(studio: WindowDriver) -> None:
    """Store two sessions and show the list; the newer one, "second", is open and focused."""
    studio.hear(final(1, 0.0, "first session"))
    studio.hear(final(1, 0.0, "second session"))
    view = studio.sidebar.view
    studio.until(lambda: studio.sidebar.model.rowCount() == 2)
    studio.until(lambda: view.currentIndex().data(Qt.ItemDataRole.DisplayRole) == "second session")
    view.setFocus()
    studio.until(view.hasFocus)


def test_arrow_keys_open_what_they_mark(studio: WindowDriver) -> None:
    two_sessions(studio)
    view = studio.sidebar.view
    studio.qtbot.keyClick(view, Qt.Key.Key_Down)
    studio.until(lambda: studio.texts() == ["first session"])
    assert studio.page.title.text() == "first session"
    assert view.currentIndex().data(Qt.ItemDataRole.DisplayRole) == "first session"
    assert view.selectionModel().isSelected(view.currentIndex())
    assert view.hasFocus()


def test_space_in_the_list_opens_and_never_starts(studio: WindowDriver) -> None:
    two_sessions(studio)
    began = len(studio.engine.wanted)
    studio.qtbot.keyClick(studio.sidebar.view, Qt.Key.Key_Space)
    assert len(studio.engine.wanted) == began
    assert studio.application.live.activity is SessionActivity.IDLE
    assert studio.texts() == ["second session"]


def test_space_in_a_finished_transcript_never_starts(studio: WindowDriver) -> None:
    studio.hear(final(1, 0.0, "the only session"))
    began = len(studio.engine.wanted)
    studio.panel.setFocus()
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_Space)
    assert len(studio.engine.wanted) == began
    assert studio.application.live.activity is SessionActivity.IDLE


def test_space_in_another_session_does_not_stop_the_running_one(studio: WindowDriver) -> None:
    earlier = studio.hear(final(1, 0.0, "the earlier session"))
    running = studio.start()
    studio.sidebar.opened.emit(earlier, "")
    studio.until(lambda: studio.texts() == ["the earlier session"])
    studio.panel.setFocus()
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_Space)
    assert running.asked == []
    assert studio.application.live.activity is SessionActivity.RUNNING


def test_it_is_said_which_session_listens(studio: WindowDriver) -> None:
    earlier = studio.hear(final(1, 0.0, "the earlier session"))
    running = studio.start()
    model, elsewhere = studio.sidebar.model, studio.dock.elsewhere

    def listening() -> list[int]:
        rows = [model.index(row) for row in range(model.rowCount())]
        marked = [one for one in rows if "● Listening" in one.data(ABOUT_ROLE)]
        return [one.data(SESSION_ROLE).id for one in marked]

    studio.until(lambda: listening() == [running.session_id])
    assert not elsewhere.isVisible()
    studio.sidebar.opened.emit(earlier, "")
    studio.until(lambda: studio.texts() == ["the earlier session"])
    assert elsewhere.isVisible()
    elsewhere.click()
    studio.until(lambda: studio.application.document.session_id == running.session_id)
    studio.until(lambda: not elsewhere.isVisible())
    studio.stop()
    studio.until(lambda: listening() == [])


def test_a_finished_session_opens_at_its_beginning(studio: WindowDriver) -> None:
    lines = [final(n, n * 6.0, f"line {n} with some words to read") for n in range(1, 60)]
    session = studio.hear(*lines)
    studio.page.new_button.click()
    studio.until(lambda: studio.model.rowCount() == 0)
    studio.sidebar.opened.emit(session, "")
    studio.until(lambda: studio.model.rowCount() == 59)
    bar = studio.panel.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == 0


def test_the_running_session_opens_at_its_end(studio: WindowDriver) -> None:
    session = studio.start()
    lines = [final(n, n * 6.0, f"line {n} with some words to read") for n in range(1, 60)]
    studio.say(session, *lines)
    earlier = studio.engine.store("stored")
    studio.application.document.open(earlier)
    studio.until(lambda: studio.texts() == ["stored"])
    studio.dock.elsewhere.click()
    studio.until(lambda: studio.model.rowCount() == 59)
    bar = studio.panel.verticalScrollBar()
    studio.until(lambda: 0 < bar.maximum() == bar.value())


def test_an_empty_session_is_not_kept(studio: WindowDriver) -> None:
    studio.start().is_discarded = True
    studio.stop()
    studio.until(lambda: "not kept" in studio.page.notices.text.text())
    assert studio.application.document.session_id == 0


def test_several_sessions_are_selected_and_deleted_at_once(studio: WindowDriver) -> None:
    two_sessions(studio)
    view = studio.sidebar.view
    other = view.visualRect(studio.sidebar.model.index(1)).center()
    left, ctrl = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    studio.qtbot.mouseClick(view.viewport(), left, ctrl, other)
    assert len(view.selected_sessions()) == 2
    assert studio.texts() == ["second session"]
    with studio.qtbot.waitSignal(studio.sidebar.model.modelReset):
        studio.sidebar.refresh()
    assert len(view.selected_sessions()) == 2
    studio.qtbot.keyClick(view, Qt.Key.Key_Delete)
    studio.until(lambda: isinstance(QApplication.activeModalWidget(), DeleteDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DeleteDialog)
    next(iter(dialog.buttons.values())).click()
    studio.until(lambda: studio.sidebar.model.rowCount() == 0)


def test_a_finished_session_has_an_end_and_a_running_one_a_latest_line(
    studio: WindowDriver,
) -> None:
    studio.say(studio.start(), final(1, 0.0, "the only session"))
    assert studio.panel.latest_button.text() == "Jump to latest"
    studio.stop()
    studio.until(lambda: studio.panel.latest_button.text() == "Go to end")
