"""Keyboard actions on lines, and the fading of final text."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from helpers.word_positions import word_point
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from granite_live.gui.style_sheet import apply_theme
from granite_live.gui.theme import LIGHT, Theme
from granite_live.gui.transcript import delegate as delegates
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import TranscriptListView


def spoken(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(
        session,
        final(1, 0.0, "rain on the rof", {"rof": "roof"}),
        final(2, 6.0, "we took a slow walk"),
    )
    driver.panel.setFocus()


def labels(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_selected_lines_are_copied_with_times_and_as_markdown_by_keys(driver: WindowDriver) -> None:
    spoken(driver)
    driver.panel.setCurrentIndex(driver.model.index(1))
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_C, control | shift)
    assert QGuiApplication.clipboard().text() == "0:06\twe took a slow walk"
    alt = Qt.KeyboardModifier.AltModifier
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_C, control | alt)
    assert QGuiApplication.clipboard().text() == "**0:06** we took a slow walk"
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_C, control)
    assert QGuiApplication.clipboard().text() == "we took a slow walk"


def test_the_menu_key_opens_the_menu_of_the_current_line(driver: WindowDriver) -> None:
    spoken(driver)
    driver.panel.setCurrentIndex(driver.model.index(0))
    keyboard = QContextMenuEvent.Reason.Keyboard
    event = QContextMenuEvent(keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(driver.panel.viewport(), event)
    driver.until(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    wanted = ["Copy", "Copy with times", "Copy as Markdown", "Play", "Edit"]
    wanted += ["Merge with next line", "Replace “rof” with “roof”", "Speaker", "Delete"]
    assert labels(menu) == wanted
    (use,) = [action for action in menu.actions() if "roof" in action.text()]
    use.trigger()
    menu.close()
    driver.until(lambda: driver.texts()[0] == "rain on the roof")


def test_keys_edit_split_delete_and_undo(driver: WindowDriver) -> None:
    spoken(driver)
    driver.panel.setCurrentIndex(driver.model.index(1))
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Return)
    (editor,) = driver.panel.findChildren(QPlainTextEdit)
    cursor = editor.textCursor()
    cursor.setPosition(len("we took a "))
    editor.setTextCursor(cursor)
    driver.qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: driver.texts()[1:] == ["we took a", "slow walk"])
    driver.panel.setFocus()
    driver.panel.clearSelection()
    driver.panel.setCurrentIndex(driver.model.index(2))
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Delete)
    driver.until(lambda: driver.texts()[1:] == ["we took a"])
    for _ in range(2):
        driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert driver.texts()[1:] == ["we took a slow walk"]


def test_a_right_click_offers_the_draft_of_that_word_only(driver: WindowDriver) -> None:
    session = driver.start()
    drafts = {
        "rof": "roof",
        "an": "and",
        "sines": "signs",
        "wok": "walk",
        "sea": "see",
        "tee": "tea",
    }
    text = "rain on the rof an sines of a wok to the sea an a cup of tee"
    driver.say(session, final(1, 0.0, text, drafts), final(2, 9.0, "fine"))

    def offered(word: str) -> list[str]:
        menu = driver.panel.line_menu(0, word_point(driver, 0, word))
        return [one for one in labels(menu) if one.startswith("Replace")]

    assert offered("sines") == ["Replace “sines” with “signs”"]
    assert offered("tee") == ["Replace “tee” with “tea”"]
    assert offered("rain") == []


def test_a_term_of_the_vocabulary_explains_itself_and_is_undone(driver: WindowDriver) -> None:
    session = driver.start()
    plain = final(1, 0.0, "up to Nord Kapp, then home")
    marks = {"Nord": "nordkap,", "Kapp,": ""}
    words = tuple(replace(word, replaced=marks.get(word.text)) for word in plain.words)
    driver.say(session, replace(plain, words=words), final(2, 9.0, "fine"))
    for word in ("Nord", "Kapp"):
        _, mark = driver.panel.word_under(word_point(driver, 0, word))
        assert "From your vocabulary" in driver.panel.explain(mark)
    _, mark = driver.panel.word_under(word_point(driver, 0, "home"))
    assert "vocabulary" not in driver.panel.explain(mark)
    menu = driver.panel.line_menu(0, word_point(driver, 0, "Kapp"))
    (undo,) = [one for one in menu.actions() if one.text().startswith("Replace")]
    assert undo.text() == "Replace “Nord Kapp,” with “nordkap,”"
    undo.trigger()
    driver.until(lambda: driver.texts()[0] == "up to nordkap, then home")


def test_the_editor_covers_no_other_line_and_grows_with_its_text(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "rain on the roof"), final(2, 6.0, "we took a slow walk"))
    panel = driver.panel
    panel.setFocus()
    panel.setCurrentIndex(driver.model.index(0))
    driver.qtbot.keyClick(panel, Qt.Key.Key_Return)
    (editor,) = panel.findChildren(QPlainTextEdit)
    below = driver.model.index(1)
    assert editor.geometry().bottom() <= panel.visualRect(below).top()
    height = editor.height()
    editor.setPlainText("a long text that needs many lines " * 12)
    driver.until(lambda: editor.height() > 2 * height)
    assert editor.geometry().bottom() <= panel.visualRect(below).top()
    driver.until(lambda: not editor.verticalScrollBar().isVisible())
    driver.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    driver.until(lambda: panel.visualRect(below).top() < 2 * height + 24)


def double_click(driver: WindowDriver, point: QPoint) -> None:
    viewport = driver.panel.viewport()
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        event = QMouseEvent(
            kind,
            QPointF(point),
            QPointF(viewport.mapToGlobal(point)),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)


def test_a_double_click_edits_the_text_but_not_the_time(driver: WindowDriver) -> None:
    spoken(driver)
    panel = driver.panel
    row = panel.visualRect(driver.model.index(1))
    double_click(driver, panel.delegate.time_rect(row).center())
    assert panel.findChildren(QPlainTextEdit) == []
    double_click(driver, panel.delegate.text_corner(row).toPoint() + QPoint(20, 8))
    assert len(panel.findChildren(QPlainTextEdit)) == 1


# -- motion --------------------------------------------------------------------------------


@pytest.mark.parametrize("has_motion", [True, False])
def test_final_text_fades_in_quickly_and_not_at_all_where_motion_is_unwanted(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, has_motion: bool
) -> None:
    class Clock:
        now_s = time.monotonic()

        def monotonic(self) -> float:
            return self.now_s

    clock = Clock()
    monkeypatch.setattr(delegates, "time", clock)
    model = TranscriptModel()
    apply_theme(qapp, Theme(colors=LIGHT, has_motion=has_motion))
    view = TranscriptListView(model)
    model.setParent(view)
    qtbot.addWidget(view)
    model.apply(final(1, 0.0, "rain on the roof"))
    line: Line = model.line(0)
    assert line.state is LineState.FINAL
    begin, end = LIGHT.soft, LIGHT.text
    assert view.delegate._ink(line).name() == (begin if has_motion else end)
    assert view.delegate.is_fading is has_motion
    clock.now_s += 0.2
    assert view.delegate._ink(line).name() == end
    assert not view.delegate.is_fading


def test_a_final_text_takes_its_drafts_place_without_a_jump(driver: WindowDriver) -> None:
    from granite_live.session import events

    session = driver.start()
    text = "a line that says something"
    driver.say(session, *(final(n, n * 6.0, text) for n in range(1, 30)))
    session.tell(events.DraftText(180.0, 30, 180.0, text, 1))
    driver.until(lambda: driver.model.rowCount() == 30)
    last = driver.model.index(29)
    before = driver.panel.visualRect(last)
    session.tell(final(30, 180.0, text))
    driver.until(lambda: driver.model.line(29).state is LineState.FINAL)
    assert driver.panel.visualRect(last) == before
