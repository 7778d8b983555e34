"""Fit windows to the screen, also with large text."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from granite_live.gui.theme import GRID_PX

_FRAME_PX = 6 * GRID_PX
"""Height reserved for the system's title bar."""


def resize_within_screen(window: QWidget, width_px: int, height_px: int) -> None:
    """Resize a window to this size, limited to the screen."""
    window.resize(QSize(width_px, height_px).boundedTo(_room(window)))


def fit_to_text(window: QWidget, width_px: int) -> None:
    """Resize a dialog to about this width and the height that its text needs."""
    for one in window.findChildren(QWidget):
        one.ensurePolished()  # the style sheet sets the text size
    layout = window.layout()
    assert layout is not None
    width_px = max(layout.totalMinimumSize().width(), min(width_px, _room(window).width()))
    height_px = layout.totalSizeHint().height()
    if layout.hasHeightForWidth():
        height_px = max(height_px, layout.totalHeightForWidth(width_px))
    resize_within_screen(window, width_px, height_px)


def _room(window: QWidget) -> QSize:
    return window.screen().availableSize() - QSize(0, _FRAME_PX)
