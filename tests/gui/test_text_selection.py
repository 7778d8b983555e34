"""Any part of the text is selected, copied and deleted, over any number of lines."""

from __future__ import annotations

from conftest import WindowDriver
from helpers.scripted_engine import final
from helpers.word_positions import word_point
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from granite_live.gui.transcript.editing import CopyFormat

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
TEXTS = ["rain on the roof", "we took a slow walk", "back at my desk"]


def shown(studio: WindowDriver) -> None:
    studio.hear(*(final(n, n * 6.0, text) for n, text in enumerate(TEXTS, 1)))
    studio.panel.setFocus()


def mouse(studio: WindowDriver, kind: QEvent.Type, point: QPoint) -> None:
    viewport = studio.panel.viewport()
    button = NONE if kind is QEvent.Type.MouseMove else LEFT
    held = NONE if kind is QEvent.Type.MouseButtonRelease else LEFT
    event = QMouseEvent(
        kind,
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        button,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def drag(studio: WindowDriver, begin: QPoint, end: QPoint) -> None:
    mouse(studio, QEvent.Type.MouseButtonPress, begin)
    mouse(studio, QEvent.Type.MouseMove, (begin + end) / 2)
    mouse(studio, QEvent.Type.MouseMove, end)
    mouse(studio, QEvent.Type.MouseButtonRelease, end)


def before(studio: WindowDriver, row: int, word: str) -> QPoint:
    """Return a point at the left edge of a word."""
    return word_point(studio, row, word) - QPoint(4, 0)


def copied(studio: WindowDriver, form: CopyFormat = CopyFormat.TEXT) -> str:
    studio.panel.copy(form)
    return QGuiApplication.clipboard().text()


def press(
    studio: WindowDriver, key: Qt.Key, modifiers: Qt.KeyboardModifier, times: int = 1
) -> None:
    for _ in range(times):
        studio.qtbot.keyClick(studio.panel, key, modifiers)


def test_the_mouse_selects_a_part_of_one_line(studio: WindowDriver) -> None:
    shown(studio)
    drag(studio, before(studio, 1, "took"), before(studio, 1, "slow"))
    assert copied(studio) == "took a "
    studio.qtbot.mouseClick(studio.panel.viewport(), LEFT, pos=before(studio, 0, "roof"))
    assert studio.panel.text_selection.is_empty


def test_the_mouse_selects_over_lines_in_both_directions(studio: WindowDriver) -> None:
    shown(studio)
    wanted = "the roof\nwe took a slow walk\nback at "
    drag(studio, before(studio, 0, "the"), before(studio, 2, "my"))
    assert copied(studio) == wanted
    drag(studio, before(studio, 2, "my"), before(studio, 0, "the"))
    assert copied(studio) == wanted
    assert copied(studio, CopyFormat.TIMES) == (
        "0:06\tthe roof\n0:12\twe took a slow walk\n0:18\tback at "
    )
    studio.qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert studio.engine.played == []  # no click on a word


def test_shift_and_a_click_extend_the_selection(studio: WindowDriver) -> None:
    shown(studio)
    viewport = studio.panel.viewport()
    studio.qtbot.mouseClick(viewport, LEFT, pos=before(studio, 0, "on"))
    studio.qtbot.mouseClick(viewport, LEFT, SHIFT, before(studio, 1, "took"))
    assert copied(studio) == "on the roof\nwe "


def test_keys_select_letters_words_lines_and_everything(studio: WindowDriver) -> None:
    shown(studio)
    studio.panel.setCurrentIndex(studio.model.index(0))
    press(studio, Qt.Key.Key_Right, SHIFT, 3)
    assert copied(studio) == "rai"
    press(studio, Qt.Key.Key_Right, SHIFT | CONTROL, 2)
    assert copied(studio) == "rain on "
    press(studio, Qt.Key.Key_Left, SHIFT)
    assert copied(studio) == "rain on"
    press(studio, Qt.Key.Key_End, SHIFT)
    assert copied(studio) == "rain on the roof"
    press(studio, Qt.Key.Key_Right, SHIFT, 3)
    assert copied(studio) == "rain on the roof\nwe"
    press(studio, Qt.Key.Key_Down, SHIFT)
    assert copied(studio).startswith("rain on the roof\nwe took a slow walk\nb")
    press(studio, Qt.Key.Key_Up, SHIFT)
    assert copied(studio) == "rain on the roof\nwe"
    press(studio, Qt.Key.Key_End, SHIFT | CONTROL)
    assert copied(studio) == "\n".join(TEXTS)
    press(studio, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert studio.panel.text_selection.is_empty
    press(studio, Qt.Key.Key_A, CONTROL)
    assert copied(studio) == "\n".join(TEXTS)


def test_selected_text_is_deleted_and_comes_back(studio: WindowDriver) -> None:
    shown(studio)
    drag(studio, before(studio, 0, "the"), before(studio, 2, "my"))
    press(studio, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    studio.until(lambda: studio.texts() == ["rain on", "my desk"])
    studio.application.document.editing.stack.undo()
    assert studio.texts() == TEXTS
    assert studio.panel.text_selection.is_empty


def test_a_drag_below_the_view_scrolls_and_selects_on(studio: WindowDriver) -> None:
    studio.hear(*(final(n, n * 6.0, f"this is line {n}") for n in range(1, 60)))
    panel = studio.panel
    panel.scrollToTop()
    mouse(studio, QEvent.Type.MouseButtonPress, before(studio, 0, "line"))
    mouse(studio, QEvent.Type.MouseMove, QPoint(300, panel.viewport().height() + 60))
    studio.until(lambda: len(panel.selected_rows()) > 30)
    mouse(studio, QEvent.Type.MouseButtonRelease, QPoint(300, panel.viewport().height() + 60))
    count = len(panel.selected_rows())
    assert copied(studio).startswith("line 1\nthis is line 2\n")
    studio.qtbot.wait(100)  # nothing scrolls any more
    assert len(panel.selected_rows()) == count


def test_a_selection_keeps_its_text_when_lines_come_above(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(2, 12.0, TEXTS[1]), final(3, 18.0, TEXTS[2]))
    drag(studio, before(studio, 0, "took"), before(studio, 1, "my"))
    studio.say(session, final(1, 6.0, TEXTS[0]))
    assert copied(studio) == "took a slow walk\nback at "


def test_the_menu_of_selected_text_copies_it(studio: WindowDriver) -> None:
    shown(studio)
    drag(studio, before(studio, 0, "the"), before(studio, 1, "slow"))
    inside = word_point(studio, 1, "took")
    studio.qtbot.mouseClick(studio.panel.viewport(), Qt.MouseButton.RightButton, pos=inside)
    menu = studio.panel.line_menu(1, inside)
    next(one for one in menu.actions() if one.text() == "Copy").trigger()
    assert QGuiApplication.clipboard().text() == "the roof\nwe took a "
