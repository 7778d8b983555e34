"""Paint a session of the list: title, details, search hit."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from granite_live.gui.style_sheet import current_theme, font
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import leading_alignment
from granite_live.library import SearchHit

_Index = QModelIndex | QPersistentModelIndex
SESSION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SNIPPET_ROLE = SESSION_ROLE + 1
ABOUT_ROLE = SESSION_ROLE + 2
LISTENING_ROLE = SESSION_ROLE + 3


def visible_snippet(hit: SearchHit, metrics: QFontMetrics, width_px: int) -> str:
    """Return the part of a hit's snippet that shows its first match within a width.

    Words before the match are left out, as many as needed.
    """
    text = hit.snippet
    if not hit.marks:
        return text
    start, end = hit.marks[0]
    cut = 0
    shown = text
    while cut < start and metrics.horizontalAdvance(f"{shown[: end - cut]}…") > width_px:
        following = text.find(" ", cut) + 1
        cut = following if 0 < following <= start else start
        shown = text[cut:]
    return f"…{shown}" if cut else shown


class SessionDelegate(QStyledItemDelegate):
    """Paints a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row with or without a search hit."""
        lines = QFontMetrics(font(current_theme().body_px)).height()
        small = QFontMetrics(font(current_theme().small_px)).height()
        height = lines + small * (2 if index.data(SNIPPET_ROLE) else 1) + 3 * GRID_PX
        return QSize(current_theme().px(160), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row."""
        theme = current_theme()
        colors = theme.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        ground = option.rect.adjusted(GRID_PX, 2, -GRID_PX, -2)
        if option.state & QStyle.StateFlag.State_Selected:
            _round(painter, ground, colors.selected)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            _round(painter, ground, colors.hover)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.focus), 2))
            painter.drawRoundedRect(ground, GRID_PX, GRID_PX)
        inner = ground.adjusted(GRID_PX + 4, GRID_PX - 2, -GRID_PX - 4, -GRID_PX + 2)
        face = font(theme.body_px, QFont.Weight.Medium)
        side = leading_alignment(option.direction)
        y = _line(painter, inner, inner.top(), str(index.data()), face, colors.text, side)
        small = font(theme.small_px)
        ink = colors.danger if index.data(LISTENING_ROLE) else colors.quiet
        y = _line(painter, inner, y + 2, str(index.data(ABOUT_ROLE)), small, ink, side)
        if (hit := index.data(SNIPPET_ROLE)) is not None:
            snippet = visible_snippet(hit, QFontMetrics(small), inner.width())
            _line(painter, inner, y + 2, snippet, small, colors.soft, side)
        painter.restore()


def _round(painter: QPainter, area: QRect, color: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(area, GRID_PX, GRID_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _line(
    painter: QPainter,
    area: QRect,
    y: int,
    text: str,
    face: QFont,
    color: str,
    side: Qt.AlignmentFlag,
) -> int:
    """Paint a line of elided text; return the top of the next line."""
    metrics = QFontMetrics(face)
    painter.setFont(face)
    painter.setPen(QColor(color))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    line = QRect(area.left(), y, area.width(), metrics.height())
    painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return y + metrics.height()
