"""A line of text that gives way where there is no room for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyle


def leading(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Return the side where a layout begins, whatever the direction of the text itself."""
    side = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeading)
    return side | Qt.AlignmentFlag.AlignAbsolute


class ElidedLabel(QLabel):
    """One line of text; an ellipsis where there is no room for all of it."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint what there is room for."""
        painter = QPainter(self)
        # English in a window from right to left stays English: its end is at its right.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        room = self.contentsRect()
        mode = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), mode, room.width())
        side = leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, side, shown)
        painter.end()
