"""The transcript view: following, scrolling, row positions, editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from conftest import WindowDriver
from helpers.scripted_engine import ScriptedSession, final
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


def spoken(studio: WindowDriver) -> ScriptedSession:
    session = studio.start()
    said = (
        final(1, 0.0, "rain on the rof", {"rof": "roof"}),
        final(2, 6.0, "we took a slow walk"),
        final(3, 12.0, "back at my desk"),
    )
    studio.say(session, *said)
    return session


def word_place(studio: WindowDriver, row: int, start: int) -> QPoint:
    index = studio.model.index(row)
    laid = studio.panel.delegate.line_layout(index)
    corner = studio.panel.delegate.text_corner(studio.panel.visualRect(index))
    piece = laid.text.lineForTextPosition(start)
    x = piece.cursorToX(start)
    x = x[0] if isinstance(x, tuple) else x
    return (corner + QPoint(round(x) + 4, round(piece.y() + piece.height() / 2))).toPoint()


def test_a_doubtful_word_explains_itself_and_offers_the_drafts(studio: WindowDriver) -> None:
    spoken(studio)
    point = word_place(studio, 0, len("rain on the "))
    line, mark = studio.panel.word_under(point)
    assert mark.word.text == "rof"
    event = QHelpEvent(QEvent.Type.ToolTip, point, studio.panel.viewport().mapToGlobal(point))
    QApplication.sendEvent(studio.panel.viewport(), event)
    assert QToolTip.text() == "41% confidence\nDraft: “roof”"
    assert line.number == 1
    menu = studio.panel.line_menu(0, point)
    (use,) = [action for action in menu.actions() if "roof" in action.text()]
    use.trigger()
    studio.until(lambda: studio.texts()[0] == "rain on the roof")
    assert studio.model.line(0).machine_text == "rain on the rof"
    studio.application.document.editing.restore(0)
    studio.until(lambda: studio.texts()[0] == "rain on the rof")


def test_an_edit_in_place_is_undone_and_done_again(studio: WindowDriver) -> None:
    spoken(studio)
    studio.panel.setCurrentIndex(studio.model.index(1))
    studio.panel.edit(studio.model.index(1))
    (editor,) = studio.panel.findChildren(QPlainTextEdit)
    editor.setPlainText("we took a long walk")
    studio.qtbot.keyClick(editor, Qt.Key.Key_Return)
    studio.until(lambda: studio.texts()[1] == "we took a long walk")
    assert studio.model.line(1).is_edited
    stack = studio.application.document.editing.stack
    stack.undo()
    assert studio.texts()[1] == "we took a slow walk"
    stack.redo()
    assert studio.texts()[1] == "we took a long walk"
    studio.application.document.open(studio.application.document.session_id)
    studio.until(lambda: not stack.canUndo())
    studio.until(lambda: studio.texts()[1] == "we took a long walk")


def test_lines_are_merged_split_and_deleted_and_all_of_it_undone(studio: WindowDriver) -> None:
    spoken(studio)
    editing, before = studio.application.document.editing, studio.texts()
    editing.merge(1)
    merged = [before[0], f"{before[1]} {before[2]}"]
    studio.until(lambda: studio.texts() == merged)
    editing.split(1, len("we took a "))
    studio.until(lambda: studio.texts() == [before[0], "we took a", "slow walk back at my desk"])
    editing.delete([0, 2])
    studio.until(lambda: studio.texts() == ["we took a"])
    for _ in range(3):
        editing.stack.undo()
    assert studio.texts() == before
    for _ in range(3):
        editing.stack.redo()
    assert studio.texts() == ["we took a"]


def test_what_is_being_spoken_cannot_be_changed(studio: WindowDriver) -> None:
    session = spoken(studio)
    session.tell(events.DraftText(20.0, 4, 20.0, "and now", 1))
    studio.until(lambda: studio.model.rowCount() == 4)
    editing = studio.application.document.editing
    editing.delete([3])
    assert not editing.can_merge(2)
    menu = studio.panel.line_menu(3, QPoint(200, 10))
    assert [action.text() for action in menu.actions()] == [
        "Copy",
        "Copy with times",
        "Copy as Markdown",
    ]
    assert studio.texts()[-1] == "and now"


def test_selected_lines_are_copied(studio: WindowDriver) -> None:
    spoken(studio)
    studio.panel.selectAll()
    studio.panel.copy(CopyFormat.TEXT)
    assert QGuiApplication.clipboard().text() == "\n".join(studio.texts())


def test_find_steps_around_and_highlights(studio: WindowDriver) -> None:
    spoken(studio)
    bar = studio.panel.find_bar
    studio.window.find_in_session()
    studio.qtbot.keyClicks(bar.field, "A")
    assert bar.count.text() == "1 of 5"
    studio.qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 5"
    studio.qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    studio.qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "5 of 5"
    assert studio.panel.delegate.needle == "A"
    bar.field.setText("zebra")
    assert bar.count.text() == "No matches"
    studio.qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert studio.panel.delegate.needle == ""


def test_jump_to_latest_is_there_when_one_has_scrolled_up(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, *(final(n, n * 6.0, TEXT) for n in range(1, 40)))
    assert not studio.panel.latest_button.isVisible()
    studio.panel.verticalScrollBar().setValue(0)
    assert studio.panel.latest_button.isVisible()
    studio.panel.latest_button.click()
    assert studio.panel.is_following
    assert not studio.panel.latest_button.isVisible()
