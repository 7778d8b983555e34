"""Find widgets that are too small for their text."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QWidget,
)

from granite_live.gui.widgets import ElidedLabel


def _label_is_clipped(one: QLabel) -> bool:
    if isinstance(one, ElidedLabel):
        return False
    if one.wordWrap():
        # Lines also break within URLs and paths.
        parts = re.split(r"(?<=[\s/-])", one.text())
        words = max(one.fontMetrics().horizontalAdvance(word.strip()) for word in parts)
        return one.height() < one.heightForWidth(one.width()) - 1 or one.width() < words
    needed = one.fontMetrics().size(0, one.text())
    return one.width() < needed.width() or one.height() < needed.height()


def _button_is_clipped(one: QAbstractButton) -> bool:
    needed = one.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), one.text())
    icon_px = one.iconSize().width() if not one.icon().isNull() else 0
    return one.width() < needed.width() + icon_px or one.height() < needed.height()


def _box_is_clipped(one: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    one.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = one.style().subControlRect(kind, option, part, one)
    return room.width() < one.fontMetrics().horizontalAdvance(one.currentText())


def _field_is_clipped(one: QLineEdit) -> bool:
    option = QStyleOptionFrame()
    one.initStyleOption(option)
    room = one.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, one)
    return room.width() < one.fontMetrics().horizontalAdvance(one.placeholderText())


def clipped_hints(surface: QWidget) -> list[str]:
    """Return the placeholder texts that do not fit their fields.

    Qt's own placeholder of shortcut fields is excluded: its German is long.
    """
    fields = [one for one in surface.findChildren(QLineEdit) if one.isVisible() and not one.text()]
    own = [one for one in fields if not isinstance(one.parent(), QKeySequenceEdit)]
    return [one.placeholderText() for one in own if _field_is_clipped(one)]


def clipped(surface: QWidget) -> list[str]:
    """Return the widgets that are too small for their text or wider than their page."""
    found = []
    for one in surface.findChildren(QWidget):
        if not one.isVisible():
            continue
        if isinstance(one, QLabel) and one.text() and _label_is_clipped(one):
            found.append(f"label {one.text()}")
        elif isinstance(one, QAbstractButton) and one.text() and _button_is_clipped(one):
            found.append(f"button {one.text()}")
        elif isinstance(one, QComboBox) and _box_is_clipped(one):
            found.append(f"box {one.currentText()}")
        elif isinstance(one, QScrollArea) and one.widget().width() > one.viewport().width():
            found.append(f"page {one.widget()}")
        elif isinstance(one, QTabBar) and one.sizeHint().width() > one.width():
            found.append("tabs")
    return found
