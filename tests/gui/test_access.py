"""Accessibility: keyboard focus reaches and marks every control; every control has a name."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.all_windows import SURFACES, pages, shown
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QTabBar,
    QWidget,
)

from granite_live.gui.level_meters import LevelBar
from granite_live.session import events

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)
_COMPOUND = (QAbstractSpinBox, QComboBox, QKeySequenceEdit)
FORMAT = QImage.Format.Format_RGB32
_MAX_STEPS = 200
_RING_PX = 20
"""Fewer changed pixels are no visible focus."""


def controls(surface: QWidget) -> list[QWidget]:
    """Return the controls for the mouse, without the inner parts of Qt's widgets."""
    return [
        one
        for one in surface.findChildren(QWidget)
        if isinstance(one, CONTROLS)
        and one.isVisible()
        and not isinstance(one, QHeaderView)
        and not isinstance(one.parent(), (*_COMPOUND, QLineEdit, QTabBar))
    ]


@pytest.mark.parametrize("name", SURFACES)
def test_everything_has_a_name_and_tab_reaches_it(driver: WindowDriver, name: str) -> None:
    with shown(driver, name) as surface:
        for _page in pages(driver, surface):
            check_names(surface)
            check_focus(surface)


def check_names(surface: QWidget) -> None:
    """Assert that everything says what it is and what it is for."""
    found = controls(surface)
    found += surface.findChildren(LevelBar) + surface.findChildren(QProgressBar)
    assert len(found) >= 3
    for one in found:
        told = QAccessible.queryAccessibleInterface(one)
        assert told.text(QAccessible.Text.Name), one
        assert told.role() is not QAccessible.Role.NoRole, one
    window = QAccessible.queryAccessibleInterface(surface)
    assert window.text(QAccessible.Text.Name)
    labels = [one for one in surface.findChildren(QLabel) if one.text() and one.isVisible()]
    assert labels
    for label in labels:
        told = QAccessible.queryAccessibleInterface(label)
        assert told.text(QAccessible.Text.Name).startswith(label.text()[:12]), label.text()


def walk(surface: QWidget) -> list[QWidget]:
    """Return the focus order of Tab until it repeats."""
    seen: list[QWidget] = []
    for _ in range(_MAX_STEPS):
        at = QApplication.focusWidget()
        assert at is not None
        if at in seen:
            break
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    return seen


def check_focus(surface: QWidget) -> None:
    """Assert that Tab reaches everything and shows where it is."""
    QTest.keyClick(surface, Qt.Key.Key_Tab)
    reached = walk(surface)
    for one in controls(surface):
        is_empty = isinstance(one, QAbstractItemView) and not one.model().rowCount()
        if not one.isEnabled() or one in reached or is_empty:
            continue
        # Tab reaches one button of an exclusive group; arrow keys reach the others.
        group = one.group() if isinstance(one, QRadioButton) else None
        assert group is not None, (type(one), one.accessibleName(), one.parent())
        assert group.checkedButton() in reached
    for one in reached:
        assert isinstance(one, CONTROLS), one
    assert QApplication.focusWidget() is reached[0]
    _check_focus_is_visible(len(reached))


def _check_focus_is_visible(count: int) -> None:
    """Walk over so many controls; each looks otherwise once the focus has left it."""
    for _ in range(count):
        one = QApplication.focusWidget()
        assert one is not None
        has = one.grab().toImage()
        QTest.keyClick(one, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is not one:
            assert changed_px(has, one.grab().toImage()) >= _RING_PX, one


def changed_px(one: QImage, other: QImage) -> int:
    before, after = (
        np.frombuffer(bytes(image.constBits()), np.uint32)
        for image in (one.convertToFormat(FORMAT), other.convertToFormat(FORMAT))
    )
    return int((before != after).sum())


def test_a_screen_reader_reads_the_transcript_line_by_line(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "Good morning."), final(2, 65.0, "It has rained."))
    session.tell(events.DraftText(70.0, 3, 69.0, "and now it", 1))
    driver.until(lambda: driver.model.rowCount() == 3)
    read = QAccessible.queryAccessibleInterface(driver.panel)
    assert read.role() is QAccessible.Role.List
    assert read.text(QAccessible.Text.Name) == "Transcript"
    rows = [read.child(number) for number in range(read.childCount())]
    lines = [row for row in rows if row.role() is QAccessible.Role.ListItem]
    told = [row.text(QAccessible.Text.Name) for row in lines]
    assert len(told) == 3
    assert "Good morning." in told[0]
    assert "It has rained." in told[1]
    assert "1:05" in told[1]
    assert "and now it" in told[2]


def test_a_screen_reader_follows_the_arrow_keys_in_the_transcript(driver: WindowDriver) -> None:
    driver.hear(final(1, 0.0, "Good morning."), final(2, 5.0, "It has rained."))
    driver.window.activateWindow()
    driver.until(driver.window.isActiveWindow)
    driver.panel.setFocus()
    driver.panel.setCurrentIndex(driver.model.index(0))
    QTest.keyClick(driver.panel, Qt.Key.Key_Down)
    read = QAccessible.queryAccessibleInterface(driver.panel)
    focused = read.focusChild()
    assert "It has rained." in focused.text(QAccessible.Text.Name)
    assert focused.state().focused
