"""Points on words of the transcript, for the mouse."""

from __future__ import annotations

from conftest import WindowDriver
from PySide6.QtCore import QPoint, QPointF


def word_point(studio: WindowDriver, row: int, word: str) -> QPoint:
    """Return a viewport point on a word of a row."""
    panel = studio.panel
    index = studio.model.index(row)
    layout = panel.delegate.line_layout(index).text
    place = studio.texts()[row].index(word)
    piece = layout.lineForTextPosition(place)
    x = sum(piece.cursorToX(at)[0] for at in (place, place + 1)) / 2
    corner = panel.delegate.text_corner(panel.visualRect(index))
    return (corner + QPointF(x, piece.rect().center().y())).toPoint()
