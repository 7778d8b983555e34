"""Keys in the list of sessions and what is marked there."""

from __future__ import annotations

from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.sessions.actions import DeleteDialog
from granite_live.gui.sessions.session_delegate import ABOUT_ROLE, SESSION_ROLE


def two_sessions(driver: WindowDriver) -> None:
    """Store two sessions and show the list; the newer one, "second", is open and focused."""
    driver.hear(final(1, 0.0, "first session"))
    driver.hear(final(1, 0.0, "second session"))
    view = driver.sidebar.view
    driver.until(lambda: driver.sidebar.model.rowCount() == 2)
    driver.until(lambda: view.currentIndex().data(Qt.ItemDataRole.DisplayRole) == "second session")
    view.setFocus()
    driver.until(view.hasFocus)


def test_arrow_keys_open_what_they_mark(driver: WindowDriver) -> None:
    two_sessions(driver)
    view = driver.sidebar.view
    driver.qtbot.keyClick(view, Qt.Key.Key_Down)
    driver.until(lambda: driver.texts() == ["first session"])
    assert driver.page.title.text() == "first session"
    assert view.currentIndex().data(Qt.ItemDataRole.DisplayRole) == "first session"
    assert view.selectionModel().isSelected(view.currentIndex())
    assert view.hasFocus()


def test_space_in_the_list_opens_and_never_starts(driver: WindowDriver) -> None:
    two_sessions(driver)
    began = len(driver.engine.wanted)
    driver.qtbot.keyClick(driver.sidebar.view, Qt.Key.Key_Space)
    assert len(driver.engine.wanted) == began
    assert driver.application.live.activity is SessionActivity.IDLE
    assert driver.texts() == ["second session"]


def test_space_in_a_finished_transcript_never_starts(driver: WindowDriver) -> None:
    driver.hear(final(1, 0.0, "the only session"))
    began = len(driver.engine.wanted)
    driver.panel.setFocus()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Space)
    assert len(driver.engine.wanted) == began
    assert driver.application.live.activity is SessionActivity.IDLE


def test_space_in_another_session_does_not_stop_the_running_one(driver: WindowDriver) -> None:
    earlier = driver.hear(final(1, 0.0, "the earlier session"))
    running = driver.start()
    driver.sidebar.opened.emit(earlier, "")
    driver.until(lambda: driver.texts() == ["the earlier session"])
    driver.panel.setFocus()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Space)
    assert running.asked == []
    assert driver.application.live.activity is SessionActivity.RUNNING


def test_it_is_said_which_session_listens(driver: WindowDriver) -> None:
    earlier = driver.hear(final(1, 0.0, "the earlier session"))
    running = driver.start()
    model, elsewhere = driver.sidebar.model, driver.control_bar.elsewhere

    def listening() -> list[int]:
        rows = [model.index(row) for row in range(model.rowCount())]
        marked = [one for one in rows if "● Listening" in one.data(ABOUT_ROLE)]
        return [one.data(SESSION_ROLE).id for one in marked]

    driver.until(lambda: listening() == [running.session_id])
    assert not elsewhere.isVisible()
    driver.sidebar.opened.emit(earlier, "")
    driver.until(lambda: driver.texts() == ["the earlier session"])
    assert elsewhere.isVisible()
    elsewhere.click()
    driver.until(lambda: driver.application.document.session_id == running.session_id)
    driver.until(lambda: not elsewhere.isVisible())
    driver.stop()
    driver.until(lambda: listening() == [])


def test_a_finished_session_opens_at_its_beginning(driver: WindowDriver) -> None:
    lines = [final(n, n * 6.0, f"line {n} with some words to read") for n in range(1, 60)]
    session = driver.hear(*lines)
    driver.page.new_button.click()
    driver.until(lambda: driver.model.rowCount() == 0)
    driver.sidebar.opened.emit(session, "")
    driver.until(lambda: driver.model.rowCount() == 59)
    bar = driver.panel.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == 0


def test_the_running_session_opens_at_its_end(driver: WindowDriver) -> None:
    session = driver.start()
    lines = [final(n, n * 6.0, f"line {n} with some words to read") for n in range(1, 60)]
    driver.say(session, *lines)
    earlier = driver.engine.store("stored")
    driver.application.document.open(earlier)
    driver.until(lambda: driver.texts() == ["stored"])
    driver.control_bar.elsewhere.click()
    driver.until(lambda: driver.model.rowCount() == 59)
    bar = driver.panel.verticalScrollBar()
    driver.until(lambda: 0 < bar.maximum() == bar.value())


def test_an_empty_session_is_not_kept(driver: WindowDriver) -> None:
    driver.start().is_discarded = True
    driver.stop()
    driver.until(lambda: "not kept" in driver.page.notices.text.text())
    assert driver.application.document.session_id == 0


def test_several_sessions_are_selected_and_deleted_at_once(driver: WindowDriver) -> None:
    two_sessions(driver)
    view = driver.sidebar.view
    other = view.visualRect(driver.sidebar.model.index(1)).center()
    left, ctrl = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    driver.qtbot.mouseClick(view.viewport(), left, ctrl, other)
    assert len(view.selected_sessions()) == 2
    assert driver.texts() == ["second session"]
    with driver.qtbot.waitSignal(driver.sidebar.model.modelReset):
        driver.sidebar.refresh()
    assert len(view.selected_sessions()) == 2
    driver.qtbot.keyClick(view, Qt.Key.Key_Delete)
    driver.until(lambda: isinstance(QApplication.activeModalWidget(), DeleteDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DeleteDialog)
    next(iter(dialog.buttons.values())).click()
    driver.until(lambda: driver.sidebar.model.rowCount() == 0)


def test_a_finished_session_has_an_end_and_a_running_one_a_latest_line(
    driver: WindowDriver,
) -> None:
    driver.say(driver.start(), final(1, 0.0, "the only session"))
    assert driver.panel.latest_button.text() == "Jump to latest"
    driver.stop()
    driver.until(lambda: driver.panel.latest_button.text() == "Go to end")
