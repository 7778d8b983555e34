"""The program's icons: SVG files drawn in any color."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from granite_live.util.resources import assets_dir

_SCALES = (1.0, 2.0)


def icon(name: str, color: str, size_px: int = 20) -> QIcon:
    """Return the icon `assets/icons/NAME.svg` in this color, sharp at scales 1 and 2.

    Raises:
        FileNotFoundError: There is no such icon.
    """
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(pixmap(name, color, size_px, scale))
    return made


def pixmap(name: str, color: str, size_px: int, scale: float = 0.0) -> QPixmap:
    """Return the icon as a pixmap; scale 0 means that of the sharpest screen."""
    if not scale:
        app = QApplication.instance()
        scale = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    side = round(size_px * scale)
    drawn = QPixmap(QSize(side, side))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, color).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


@cache
def _source(name: str) -> str:
    return (assets_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))
