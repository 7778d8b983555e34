"""Windows that fit on the screen, also with large text."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from granite_live.gui.theme import GRID_PX

_FRAME_PX = 6 * GRID_PX
"""Room for the title that the system puts above a window."""


def resize_within_screen(window: QWidget, width_px: int, height_px: int) -> None:
    """Give a window this size, or what the screen has room for; what is inside can scroll."""
    window.resize(QSize(width_px, height_px).boundedTo(_room(window)))


def fit_to_text(window: QWidget, width_px: int) -> None:
    """Give a dialog about this width, and the height that its sentences need then."""
    for one in window.findChildren(QWidget):
        one.ensurePolished()  # before that a sentence has another size
    layout = window.layout()
    assert layout is not None
    width_px = max(layout.totalMinimumSize().width(), min(width_px, _room(window).width()))
    height_px = layout.totalSizeHint().height()
    if layout.hasHeightForWidth():
        height_px = max(height_px, layout.totalHeightForWidth(width_px))
    resize_within_screen(window, width_px, height_px)


def _room(window: QWidget) -> QSize:
    return window.screen().availableSize() - QSize(0, _FRAME_PX)
