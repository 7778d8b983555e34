"""Accessibility: keyboard focus reaches and marks every control; every control has a name."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.all_windows import SURFACES, shown
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

from granite_live.gui.input_controls import LevelBar

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
def test_everything_says_what_it_is_and_what_it_is_for(driver: WindowDriver, name: str) -> None:
    with shown(driver, name) as surface:
        found = controls(surface)
        found += surface.findChildren(LevelBar) + surface.findChildren(QProgressBar)
        assert len(found) >= 3
        for one in found:
            told = QAccessible.queryAccessibleInterface(one)
            assert told.text(QAccessible.Text.Name), one
            assert told.role() is not QAccessible.Role.NoRole, one
        window = QAccessible.queryAccessibleInterface(surface)
        assert window.text(QAccessible.Text.Name)


@pytest.mark.parametrize("name", SURFACES)
def test_a_screen_reader_reads_what_labels_say(driver: WindowDriver, name: str) -> None:
    with shown(driver, name) as surface:
        found = [one for one in surface.findChildren(QLabel) if one.text() and one.isVisible()]
        assert found
        for one in found:
            told = QAccessible.queryAccessibleInterface(one)
            assert told.text(QAccessible.Text.Name).startswith(one.text()[:12]), one.text()


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


@pytest.mark.parametrize("name", SURFACES)
def test_tab_reaches_everything_and_nothing_else(driver: WindowDriver, name: str) -> None:
    with shown(driver, name) as surface:
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


def changed_px(one: QImage, other: QImage) -> int:
    before, after = (
        np.frombuffer(bytes(image.constBits()), np.uint32)
        for image in (one.convertToFormat(FORMAT), other.convertToFormat(FORMAT))
    )
    return int((before != after).sum())


@pytest.mark.parametrize("name", SURFACES)
def test_one_sees_where_the_keys_go(driver: WindowDriver, name: str) -> None:
    with shown(driver, name) as surface:
        QTest.keyClick(surface, Qt.Key.Key_Tab)
        for _ in range(len(walk(surface))):
            one = QApplication.focusWidget()
            assert one is not None
            has = one.grab().toImage()
            QTest.keyClick(one, Qt.Key.Key_Tab)
            if QApplication.focusWidget() is not one:
                assert changed_px(has, one.grab().toImage()) >= _RING_PX, one
