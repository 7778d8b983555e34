"""Any part of the text is selected, copied and deleted, over any number of lines."""

from __future__ import annotations

from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from helpers.word_positions import word_point
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from granite_live.gui.transcript.editing import CopyFormat

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
TEXTS = ["rain on the roof", "we took a slow walk", "back at my desk"]


def shown(driver: WindowDriver) -> None:
    driver.hear(*(final(n, n * 6.0, text) for n, text in enumerate(TEXTS, 1)))
    driver.panel.setFocus()


def mouse(driver: WindowDriver, kind: QEvent.Type, point: QPoint) -> None:
    viewport = driver.panel.viewport()
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


def drag(driver: WindowDriver, begin: QPoint, end: QPoint) -> None:
    mouse(driver, QEvent.Type.MouseButtonPress, begin)
    mouse(driver, QEvent.Type.MouseMove, (begin + end) / 2)
    mouse(driver, QEvent.Type.MouseMove, end)
    mouse(driver, QEvent.Type.MouseButtonRelease, end)


def before(driver: WindowDriver, row: int, word: str) -> QPoint:
    """Return a point at the left edge of a word."""
    return word_point(driver, row, word) - QPoint(4, 0)


def copied(driver: WindowDriver, form: CopyFormat = CopyFormat.TEXT) -> str:
    driver.panel.copy(form)
    return QGuiApplication.clipboard().text()


def press(
    driver: WindowDriver, key: Qt.Key, modifiers: Qt.KeyboardModifier, times: int = 1
) -> None:
    for _ in range(times):
        driver.qtbot.keyClick(driver.panel, key, modifiers)


def test_the_mouse_selects_a_part_of_one_line(driver: WindowDriver) -> None:
    shown(driver)
    drag(driver, before(driver, 1, "took"), before(driver, 1, "slow"))
    assert copied(driver) == "took a "
    driver.qtbot.mouseClick(driver.panel.viewport(), LEFT, pos=before(driver, 0, "roof"))
    assert driver.panel.text_selection.is_empty


def test_the_mouse_selects_over_lines_in_both_directions(driver: WindowDriver) -> None:
    shown(driver)
    wanted = "the roof\nwe took a slow walk\nback at "
    drag(driver, before(driver, 0, "the"), before(driver, 2, "my"))
    assert copied(driver) == wanted
    drag(driver, before(driver, 2, "my"), before(driver, 0, "the"))
    assert copied(driver) == wanted
    assert copied(driver, CopyFormat.TIMES) == (
        "0:06\tthe roof\n0:12\twe took a slow walk\n0:18\tback at "
    )
    driver.qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert driver.engine.played == []  # no click on a word


def test_shift_and_a_click_extend_the_selection(driver: WindowDriver) -> None:
    shown(driver)
    viewport = driver.panel.viewport()
    driver.qtbot.mouseClick(viewport, LEFT, pos=before(driver, 0, "on"))
    driver.qtbot.mouseClick(viewport, LEFT, SHIFT, before(driver, 1, "took"))
    assert copied(driver) == "on the roof\nwe "


def test_keys_select_letters_words_lines_and_everything(driver: WindowDriver) -> None:
    shown(driver)
    driver.panel.setCurrentIndex(driver.model.index(0))
    press(driver, Qt.Key.Key_Right, SHIFT, 3)
    assert copied(driver) == "rai"
    press(driver, Qt.Key.Key_Right, SHIFT | CONTROL, 2)
    assert copied(driver) == "rain on "
    press(driver, Qt.Key.Key_Left, SHIFT)
    assert copied(driver) == "rain on"
    press(driver, Qt.Key.Key_End, SHIFT)
    assert copied(driver) == "rain on the roof"
    press(driver, Qt.Key.Key_Right, SHIFT, 3)
    assert copied(driver) == "rain on the roof\nwe"
    press(driver, Qt.Key.Key_Down, SHIFT)
    assert copied(driver).startswith("rain on the roof\nwe took a slow walk\nb")
    press(driver, Qt.Key.Key_Up, SHIFT)
    assert copied(driver) == "rain on the roof\nwe"
    press(driver, Qt.Key.Key_End, SHIFT | CONTROL)
    assert copied(driver) == "\n".join(TEXTS)
    press(driver, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert driver.panel.text_selection.is_empty
    press(driver, Qt.Key.Key_A, CONTROL)
    assert copied(driver) == "\n".join(TEXTS)


def test_selected_text_is_deleted_and_comes_back(driver: WindowDriver) -> None:
    shown(driver)
    drag(driver, before(driver, 0, "the"), before(driver, 2, "my"))
    press(driver, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    driver.until(lambda: driver.texts() == ["rain on", "my desk"])
    driver.application.document.editing.stack.undo()
    assert driver.texts() == TEXTS
    assert driver.panel.text_selection.is_empty


def test_a_drag_below_the_view_scrolls_and_selects_on(driver: WindowDriver) -> None:
    driver.hear(*(final(n, n * 6.0, f"this is line {n}") for n in range(1, 60)))
    panel = driver.panel
    panel.scrollToTop()
    mouse(driver, QEvent.Type.MouseButtonPress, before(driver, 0, "line"))
    mouse(driver, QEvent.Type.MouseMove, QPoint(300, panel.viewport().height() + 60))
    driver.until(lambda: len(panel.selected_rows()) > 30)
    mouse(driver, QEvent.Type.MouseButtonRelease, QPoint(300, panel.viewport().height() + 60))
    count = len(panel.selected_rows())
    assert copied(driver).startswith("line 1\nthis is line 2\n")
    driver.qtbot.wait(100)  # nothing scrolls any more
    assert len(panel.selected_rows()) == count


def test_a_selection_keeps_its_text_when_lines_come_above(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(2, 12.0, TEXTS[1]), final(3, 18.0, TEXTS[2]))
    drag(driver, before(driver, 0, "took"), before(driver, 1, "my"))
    driver.say(session, final(1, 6.0, TEXTS[0]))
    assert copied(driver) == "took a slow walk\nback at "


def test_the_menu_of_selected_text_copies_it(driver: WindowDriver) -> None:
    shown(driver)
    drag(driver, before(driver, 0, "the"), before(driver, 1, "slow"))
    inside = word_point(driver, 1, "took")
    driver.qtbot.mouseClick(driver.panel.viewport(), Qt.MouseButton.RightButton, pos=inside)
    menu = driver.panel.line_menu(1, inside)
    next(one for one in menu.actions() if one.text() == "Copy").trigger()
    assert QGuiApplication.clipboard().text() == "the roof\nwe took a "
