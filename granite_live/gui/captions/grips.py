"""Mouse handling of the caption window: drag the middle to move, the edges to resize."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt

_EDGE_PX = 10
"""The distance from an edge within which the mouse resizes."""

NO_EDGE = Qt.Edge(0)


def edges_at(point: QPoint, size: QSize) -> Qt.Edge:
    """Return the edges of a window of this size at a point, none in the middle."""
    # Keep a middle to drag in low windows.
    reach = min(_EDGE_PX, size.height() // 4, size.width() // 4)
    found = NO_EDGE
    if point.x() < reach:
        found |= Qt.Edge.LeftEdge
    elif point.x() >= size.width() - reach:
        found |= Qt.Edge.RightEdge
    if point.y() < reach:
        found |= Qt.Edge.TopEdge
    elif point.y() >= size.height() - reach:
        found |= Qt.Edge.BottomEdge
    return found


def cursor_for(edges: Qt.Edge) -> Qt.CursorShape:
    """Return the mouse cursor for these edges."""
    is_side = bool(edges & (Qt.Edge.LeftEdge | Qt.Edge.RightEdge))
    is_level = bool(edges & (Qt.Edge.TopEdge | Qt.Edge.BottomEdge))
    if is_side and is_level:
        falls = (Qt.Edge.LeftEdge | Qt.Edge.TopEdge, Qt.Edge.RightEdge | Qt.Edge.BottomEdge)
        return Qt.CursorShape.SizeFDiagCursor if edges in falls else Qt.CursorShape.SizeBDiagCursor
    if is_side:
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.SizeVerCursor if is_level else Qt.CursorShape.SizeAllCursor


def dragged(begin: QRect, edges: Qt.Edge, way: QPoint, least_width_px: int) -> QRect:
    """Return the geometry after dragging the edges, or the middle, by `way`.

    The caller rounds the height to a number of rows.
    """
    if edges == NO_EDGE:
        return begin.translated(way)
    left, right = begin.left(), begin.left() + begin.width()
    top, bottom = begin.top(), begin.top() + begin.height()
    if edges & Qt.Edge.LeftEdge:
        left = min(left + way.x(), right - least_width_px)
    if edges & Qt.Edge.RightEdge:
        right = max(right + way.x(), left + least_width_px)
    if edges & Qt.Edge.TopEdge:
        top = min(top + way.y(), bottom - 1)
    if edges & Qt.Edge.BottomEdge:
        bottom = max(bottom + way.y(), top + 1)
    return QRect(left, top, right - left, bottom - top)
