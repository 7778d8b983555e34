"""A label that shortens its text to the available width."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyle


def leading(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Return the absolute alignment of a layout's leading side, whatever the text's direction."""
    side = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeading)
    return side | Qt.AlignmentFlag.AlignAbsolute


class ElidedLabel(QLabel):
    """One line of text with an ellipsis if the width is too small."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text that fits."""
        painter = QPainter(self)
        # English text in a right-to-left window stays left-to-right: it is cut off at its right.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        room = self.contentsRect()
        mode = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), mode, room.width())
        side = leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, side, shown)
        painter.end()
