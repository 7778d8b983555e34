"""Pictures of letters with their outline: each is made once, since outlining is what takes time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QGlyphRun,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QRawFont,
)

_KEPT = 2_000
"""More than an alphabet in both colours; of scripts with thousands of signs those used last."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and where it begins from the letter's place on the line, in whole pixels."""

    image: QImage
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class _Face:
    family: str
    style: str
    weight: int
    size_px: float


def face_of(font: QRawFont) -> _Face:
    """Return what tells one face from another."""
    return _Face(font.familyName(), font.styleName(), int(font.weight()), font.pixelSize())


class Glyphs:
    """Keeps the pictures of what was written last. All sizes in the pixels of the screen."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[_Face, int, str, int], Picture | None] = OrderedDict()

    def filled(self, font: QRawFont, face: _Face, glyph: int, colour: str) -> Picture | None:
        """Return a letter in this colour, None if there is nothing to see."""
        return self._get(font, face, glyph, colour, 0)

    def outlined(
        self, font: QRawFont, face: _Face, glyph: int, colour: str, outline_px: int
    ) -> Picture | None:
        """Return what is behind a letter: itself with an edge of this width; None for nothing."""
        return self._get(font, face, glyph, colour, outline_px)

    def _get(
        self, font: QRawFont, face: _Face, glyph: int, colour: str, outline_px: int
    ) -> Picture | None:
        key = (face, glyph, colour, outline_px)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        path = font.pathForGlyph(glyph)
        if path.isEmpty():
            # Signs that are pictures themselves have no edge; a space has nothing at all.
            made = None if outline_px else _pictured(font, glyph)
        else:
            made = _drawn(path, colour, outline_px)
        self._kept[key] = made
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made


def _empty(box: QRectF, edge_px: int) -> Picture:
    box = box.adjusted(-edge_px - 1, -edge_px - 1, edge_px + 1, edge_px + 1)
    left, top = int(box.left()) - 1, int(box.top()) - 1
    size = ceil(box.right()) - left, ceil(box.bottom()) - top
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return Picture(image, left, top)


def _drawn(path: QPainterPath, colour: str, outline_px: int) -> Picture:
    made = _empty(path.boundingRect(), outline_px)
    painter = QPainter(made.image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-made.left, -made.top)
    ink = QColor(colour)
    if outline_px:
        pen = QPen(ink, 2 * outline_px)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    painter.fillPath(path, ink)
    painter.end()
    return made


def _pictured(font: QRawFont, glyph: int) -> Picture | None:
    box = font.boundingRect(glyph)
    if box.isEmpty():
        return None
    made = _empty(box, 0)
    run = QGlyphRun()
    run.setRawFont(font)
    run.setGlyphIndexes([glyph])
    run.setPositions([QPointF(0, 0)])
    painter = QPainter(made.image)
    painter.drawGlyphRun(QPointF(-made.left, -made.top), run)
    painter.end()
    return made
