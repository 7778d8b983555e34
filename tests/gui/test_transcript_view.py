"""The transcript view: following, scrolling, row positions, editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from helpers.scripted_engine import ScriptedSession, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolTip
from pytestqt.qtbot import QtBot

from granite_live.gui.transcript.editing import CopyFormat, format_lines
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import TranscriptListView
from granite_live.session import events

TEXT = "and then we took a slow walk along the river while the birds were singing in the trees"


@pytest.fixture
def view(make_column: Callable[[Sequence[str]], TranscriptListView]) -> TranscriptListView:
    return make_column([TEXT[: 20 + 17 * n % 60] for n in range(300)])


def test_rows_lie_one_under_the_other_and_are_found_where_they_are_seen(
    view: TranscriptListView,
) -> None:
    for value in (0, 3000, view.verticalScrollBar().maximum()):
        view.verticalScrollBar().setValue(value)
        view.viewport().repaint()
        first = view.indexAt(QPoint(300, 100)).row()
        for row in range(first, first + 4):
            rect = view.visualRect(view.model().index(row))
            assert view.indexAt(rect.center()).row() == row
            following = view.visualRect(view.model().index(row + 1))
            if following.isValid():
                assert following.top() == rect.bottom() + 1


def test_it_follows_until_one_scrolls_up(view: TranscriptListView, qtbot: QtBot) -> None:
    bar, model = view.verticalScrollBar(), view.model()
    model.apply(final(1000, 9000.0, TEXT))
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() - 400)
    assert not view.is_following
    seen = view.indexAt(QPoint(300, 60)).row()
    where = view.visualRect(model.index(seen)).top()
    model.apply(final(1001, 9010.0, TEXT))
    assert view.visualRect(model.index(seen)).top() == where
    view.follow()
    assert bar.value() == bar.maximum()
    assert view.visualRect(model.index(model.rowCount() - 1)).bottom() < view.viewport().height()


def test_what_is_in_sight_stays_there_while_rows_above_are_measured(
    view: TranscriptListView,
) -> None:
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for _ in range(40):
        row = view.indexAt(QPoint(300, 250)).row()
        before = view.visualRect(view.model().index(row)).top()
        bar.setValue(bar.value() - 30)
        assert view.visualRect(view.model().index(row)).top() == before + 30


def test_the_column_has_a_comfortable_measure_and_gives_way_in_a_narrow_window(
    view: TranscriptListView,
) -> None:
    view.resize(1400, 500)
    metrics = view.delegate.layouts.metrics
    assert 60 <= metrics.column / metrics.char_width <= 75
    view.resize(320, 500)
    metrics = view.delegate.layouts.metrics
    assert metrics.left + metrics.column <= 320


def test_where_all_lines_are_in_sight_it_follows(view: TranscriptListView) -> None:
    model = view.model()
    assert isinstance(model, TranscriptModel)
    view.verticalScrollBar().setValue(100)
    assert not view.is_following
    model.reset(model.lines[:12])
    view.verticalScrollBar().setValue(0)
    assert not view.is_following
    view.resize(view.width(), 2000)
    assert view.is_following


def test_keys_move_through_the_rows(view: TranscriptListView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.model().index(5))
    for key, row in ((Qt.Key.Key_Down, 6), (Qt.Key.Key_Up, 5), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(view, key)
        assert view.currentIndex().row() == row
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 299
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())


def test_a_layout_is_made_once_and_again_only_for_another_text(view: TranscriptListView) -> None:
    layouts, line = view.delegate.layouts, view.model().line(299)
    assert layouts.of(line) is layouts.of(line)
    other = Line(299, line.start_s, line.end_s, LineState.FINAL, "other", key=line.key)
    assert layouts.of(other).text.text() == "other"


def test_copying_in_three_forms() -> None:
    lines = [
        Line(1, 5.0, 6.0, LineState.FINAL, "one *two*"),
        Line(2, 65.0, 66.0, LineState.FAILED, "", reason="died"),
        Line(3, 3700.0, 3701.0, LineState.FINAL, "three"),
    ]
    assert format_lines(lines, CopyFormat.TEXT) == "one *two*\nthree"
    assert format_lines(lines, CopyFormat.TIMES) == "0:05\tone *two*\n1:01:40\tthree"
    assert format_lines(lines, CopyFormat.MARKDOWN) == "**0:05** one \\*two\\*\n\n**1:01:40** three"


# -- with the library ----------------------------------------------------------------------


def spoken(driver: WindowDriver) -> ScriptedSession:
    session = driver.start()
    said = (
        final(1, 0.0, "rain on the rof", {"rof": "roof"}),
        final(2, 6.0, "we took a slow walk"),
        final(3, 12.0, "back at my desk"),
    )
    driver.say(session, *said)
    return session


def word_place(driver: WindowDriver, row: int, start: int) -> QPoint:
    index = driver.model.index(row)
    laid = driver.panel.delegate.line_layout(index)
    corner = driver.panel.delegate.text_corner(driver.panel.visualRect(index))
    piece = laid.text.lineForTextPosition(start)
    x = piece.cursorToX(start)
    x = x[0] if isinstance(x, tuple) else x
    return (corner + QPoint(round(x) + 4, round(piece.y() + piece.height() / 2))).toPoint()


def test_a_doubtful_word_explains_itself_and_offers_the_drafts(driver: WindowDriver) -> None:
    spoken(driver)
    point = word_place(driver, 0, len("rain on the "))
    line, mark = driver.panel.word_under(point)
    assert mark.word.text == "rof"
    event = QHelpEvent(QEvent.Type.ToolTip, point, driver.panel.viewport().mapToGlobal(point))
    QApplication.sendEvent(driver.panel.viewport(), event)
    assert QToolTip.text() == "41% confidence\nDraft: “roof”"
    assert line.number == 1
    menu = driver.panel.line_menu(0, point)
    (use,) = [action for action in menu.actions() if "roof" in action.text()]
    use.trigger()
    driver.until(lambda: driver.texts()[0] == "rain on the roof")
    assert driver.model.line(0).machine_text == "rain on the rof"
    driver.application.document.editing.restore(0)
    driver.until(lambda: driver.texts()[0] == "rain on the rof")


def test_an_edit_in_place_is_undone_and_done_again(driver: WindowDriver) -> None:
    spoken(driver)
    driver.panel.setCurrentIndex(driver.model.index(1))
    driver.panel.edit(driver.model.index(1))
    (editor,) = driver.panel.findChildren(QPlainTextEdit)
    editor.setPlainText("we took a long walk")
    driver.qtbot.keyClick(editor, Qt.Key.Key_Return)
    driver.until(lambda: driver.texts()[1] == "we took a long walk")
    assert driver.model.line(1).is_edited
    stack = driver.application.document.editing.stack
    stack.undo()
    assert driver.texts()[1] == "we took a slow walk"
    stack.redo()
    assert driver.texts()[1] == "we took a long walk"
    driver.application.document.open(driver.application.document.session_id)
    driver.until(lambda: not stack.canUndo())
    driver.until(lambda: driver.texts()[1] == "we took a long walk")


def test_lines_are_merged_split_and_deleted_and_all_of_it_undone(driver: WindowDriver) -> None:
    spoken(driver)
    editing, before = driver.application.document.editing, driver.texts()
    editing.merge(1)
    merged = [before[0], f"{before[1]} {before[2]}"]
    driver.until(lambda: driver.texts() == merged)
    editing.split(1, len("we took a "))
    driver.until(lambda: driver.texts() == [before[0], "we took a", "slow walk back at my desk"])
    editing.delete([0, 2])
    driver.until(lambda: driver.texts() == ["we took a"])
    for _ in range(3):
        editing.stack.undo()
    assert driver.texts() == before
    for _ in range(3):
        editing.stack.redo()
    assert driver.texts() == ["we took a"]


def test_what_is_being_spoken_cannot_be_changed(driver: WindowDriver) -> None:
    session = spoken(driver)
    session.tell(events.DraftText(20.0, 4, 20.0, "and now", 1))
    driver.until(lambda: driver.model.rowCount() == 4)
    editing = driver.application.document.editing
    editing.delete([3])
    assert not editing.can_merge(2)
    menu = driver.panel.line_menu(3, QPoint(200, 10))
    assert [action.text() for action in menu.actions()] == [
        "Copy",
        "Copy with times",
        "Copy as Markdown",
    ]
    assert driver.texts()[-1] == "and now"


def test_selected_lines_are_copied(driver: WindowDriver) -> None:
    spoken(driver)
    driver.panel.selectAll()
    driver.panel.copy(CopyFormat.TEXT)
    assert QGuiApplication.clipboard().text() == "\n".join(driver.texts())


def test_find_steps_around_and_highlights(driver: WindowDriver) -> None:
    spoken(driver)
    bar = driver.panel.find_bar
    driver.window.find_in_session()
    driver.qtbot.keyClicks(bar.field, "A")
    assert bar.count.text() == "1 of 5"
    driver.qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 5"
    driver.qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    driver.qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "5 of 5"
    assert driver.panel.delegate.needle == "A"
    bar.field.setText("zebra")
    assert bar.count.text() == "No matches"
    driver.qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert driver.panel.delegate.needle == ""


def test_jump_to_latest_is_there_when_one_has_scrolled_up(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, *(final(n, n * 6.0, TEXT) for n in range(1, 40)))
    assert not driver.panel.latest_button.isVisible()
    driver.panel.verticalScrollBar().setValue(0)
    assert driver.panel.latest_button.isVisible()
    driver.panel.latest_button.click()
    assert driver.panel.is_following
    assert not driver.panel.latest_button.isVisible()
