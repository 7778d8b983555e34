"""Points on words of the transcript, for the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF

from helpers.window_driver import WindowDriver


def word_point(driver: WindowDriver, row: int, word: str) -> QPoint:
    """Return a viewport point on a word of a row."""
    panel = driver.panel
    index = driver.model.index(row)
    layout = panel.delegate.line_layout(index).text
    place = driver.texts()[row].index(word)
    piece = layout.lineForTextPosition(place)
    x = sum(piece.cursorToX(at)[0] for at in (place, place + 1)) / 2
    corner = panel.delegate.text_corner(panel.visualRect(index))
    return (corner + QPointF(x, piece.rect().center().y())).toPoint()
