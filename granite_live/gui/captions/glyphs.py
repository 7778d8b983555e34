"""Caches of rendered glyphs and words with their outline.

Outlining a row of glyphs for a large screen takes as long as twenty repaints, so it is cached per
glyph. Composing glyphs takes as long as one repaint, so it is cached per word.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGlyphRun, QImage, QPainter, QPainterPath, QPen, QRawFont

_MOST_BYTES = 32_000_000
"""Per cache: enough for four rows at 3840 x 2160 in two colors."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and its offset from the origin of its first glyph, in whole pixels."""

    image: QImage
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class _Ink:
    """What glyphs are drawn with; sizes in device pixels."""

    family: str
    style: str
    weight: int
    size_px: float
    colour: str
    outline_px: int


class _Kept:
    """A cache of the most recently used pictures, limited in bytes."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[Hashable, Picture | None] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], Picture | None]) -> Picture | None:
        """Return a picture from the cache, or make it."""
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        made = self._pictures[key] = make()
        self._bytes += _size_bytes(made)
        while self._bytes > _MOST_BYTES and len(self._pictures) > 1:
            self._bytes -= _size_bytes(self._pictures.popitem(last=False)[1])
        return made


def _size_bytes(picture: Picture | None) -> int:
    return picture.image.sizeInBytes() if picture is not None else 0


class Glyphs:
    """Draws text that has been laid out."""

    def __init__(self) -> None:
        self._letters, self._words = _Kept(), _Kept()
        # Numbers are much faster to look up than `_Ink` values.
        self._inks: dict[_Ink, int] = {}

    def draw(
        self, painter: QPainter, corner: QPointF, run: QGlyphRun, colour: str, outline_px: int
    ) -> None:
        """Draw a run of glyphs.

        Args:
            painter: Draws in device pixels.
            corner: The origin of the layout.
            run: The glyphs.
            colour: The color, as `#rrggbb`.
            outline_px: 0 for the glyphs alone, else the width of the outline to draw.
        """
        font = run.rawFont()
        ink = _Ink(
            font.familyName(),
            font.styleName(),
            int(font.weight()),
            font.pixelSize(),
            colour,
            outline_px,
        )
        number = self._inks.setdefault(ink, len(self._inks))
        for glyphs, places in self._word_by_word(font, ink, number, run):
            offsets = [round(place.x() - places[0].x()) for place in places]
            rises = [round(place.y() - places[0].y()) for place in places]
            letters = tuple(zip(glyphs, offsets, rises, strict=True))
            word = self._word(font, ink, number, letters)
            at = corner + places[0]
            painter.drawImage(round(at.x()) + word.left, round(at.y()) + word.top, word.image)

    def _word_by_word(
        self, font: QRawFont, ink: _Ink, number: int, run: QGlyphRun
    ) -> Iterator[tuple[list[int], list[QPointF]]]:
        """Yield glyphs without a gap between them, and their positions."""
        glyphs: list[int] = []
        places: list[QPointF] = []
        for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
            if self._letter(font, ink, number, glyph) is not None:
                glyphs.append(glyph)
                places.append(place)
            elif glyphs:
                yield glyphs, places
                glyphs, places = [], []
        if glyphs:
            yield glyphs, places

    def _letter(self, font: QRawFont, ink: _Ink, number: int, glyph: int) -> Picture | None:
        return self._letters.get((number, glyph), lambda: _drawn_letter(font, ink, glyph))

    def _word(
        self, font: QRawFont, ink: _Ink, number: int, letters: tuple[tuple[int, int, int], ...]
    ) -> Picture:
        def make() -> Picture:
            found = [
                (one, right, down)
                for glyph, right, down in letters
                if (one := self._letter(font, ink, number, glyph)) is not None
            ]
            return _joined(found)

        word = self._words.get((number, letters), make)
        assert word is not None
        return word


def _joined(letters: Sequence[tuple[Picture, int, int]]) -> Picture:
    """Return glyphs as one picture; each comes with its offset to the right and down."""
    left = min(right + one.left for one, right, _ in letters)
    top = min(down + one.top for one, _, down in letters)
    width = max(right + one.left + one.image.width() for one, right, _ in letters) - left
    height = max(down + one.top + one.image.height() for one, _, down in letters) - top
    made = Picture(_blank(width, height), left, top)
    painter = QPainter(made.image)
    for one, right, down in letters:
        painter.drawImage(right + one.left - left, down + one.top - top, one.image)
    painter.end()
    return made


def _blank(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def _blank_for(box: QRectF, edge_px: int) -> Picture:
    box = box.adjusted(-edge_px - 1, -edge_px - 1, edge_px + 1, edge_px + 1)
    left, top = int(box.left()) - 1, int(box.top()) - 1
    return Picture(_blank(ceil(box.right()) - left, ceil(box.bottom()) - top), left, top)


def _drawn_letter(font: QRawFont, ink: _Ink, glyph: int) -> Picture | None:
    """Return a rendered glyph, None if it is blank."""
    path = font.pathForGlyph(glyph)
    if not path.isEmpty():
        return _drawn(path, ink)
    # Color bitmap glyphs such as emoji have no outline; a space is blank.
    return None if ink.outline_px else _drawn_sign(font, glyph)


def _drawn(path: QPainterPath, ink: _Ink) -> Picture:
    made = _blank_for(path.boundingRect(), ink.outline_px)
    painter = QPainter(made.image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-made.left, -made.top)
    colour = QColor(ink.colour)
    if ink.outline_px:
        pen = QPen(colour, 2 * ink.outline_px)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    painter.fillPath(path, colour)
    painter.end()
    return made


def _drawn_sign(font: QRawFont, glyph: int) -> Picture | None:
    box = font.boundingRect(glyph)
    if box.isEmpty():
        return None
    made = _blank_for(box, 0)
    run = QGlyphRun()
    run.setRawFont(font)
    run.setGlyphIndexes([glyph])
    run.setPositions([QPointF(0, 0)])
    painter = QPainter(made.image)
    painter.drawGlyphRun(QPointF(-made.left, -made.top), run)
    painter.end()
    return made
