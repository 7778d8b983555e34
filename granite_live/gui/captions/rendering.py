"""Draw outlined words and rows as pictures, cached."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGlyphRun,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QRawFont,
    QTextLayout,
    QTextOption,
)

from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.rows import CaptionRow, Piece

_MAX_BYTES = 32_000_000
"""Per cache: enough for four rows at 3840 x 2160 in two colors."""


@dataclass(frozen=True, slots=True)
class GlyphPicture:
    """A picture and its offset from the origin of its first glyph, in whole pixels."""

    image: QImage
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class _GlyphStyle:
    """What glyphs are drawn with; sizes in device pixels."""

    family: str
    style: str
    weight: int
    size_px: float
    color: str
    outline_px: int


class _PictureCache:
    """A cache of the most recently used pictures, limited in bytes."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[Hashable, GlyphPicture | None] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], GlyphPicture | None]) -> GlyphPicture | None:
        """Return a picture from the cache, or make it."""
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        made = self._pictures[key] = make()
        self._bytes += _size_bytes(made)
        while self._bytes > _MAX_BYTES and len(self._pictures) > 1:
            self._bytes -= _size_bytes(self._pictures.popitem(last=False)[1])
        return made


def _size_bytes(picture: GlyphPicture | None) -> int:
    return picture.image.sizeInBytes() if picture is not None else 0


class GlyphRenderer:
    """Draws text that has been laid out."""

    def __init__(self) -> None:
        self._letters, self._words = _PictureCache(), _PictureCache()
        # Numbers are much faster to look up than `_GlyphStyle` values.
        self._inks: dict[_GlyphStyle, int] = {}

    def draw(
        self, painter: QPainter, corner: QPointF, run: QGlyphRun, color: str, outline_px: int
    ) -> None:
        """Draw a run of glyphs.

        Args:
            painter: Draws in device pixels.
            corner: The origin of the layout.
            run: The glyphs.
            color: The color, as `#rrggbb`.
            outline_px: 0 for the glyphs alone, else the width of the outline to draw.
        """
        font = run.rawFont()
        ink = _GlyphStyle(
            font.familyName(),
            font.styleName(),
            int(font.weight()),
            font.pixelSize(),
            color,
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
        self, font: QRawFont, ink: _GlyphStyle, number: int, run: QGlyphRun
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

    def _letter(
        self, font: QRawFont, ink: _GlyphStyle, number: int, glyph: int
    ) -> GlyphPicture | None:
        return self._letters.get((number, glyph), lambda: _drawn_letter(font, ink, glyph))

    def _word(
        self,
        font: QRawFont,
        ink: _GlyphStyle,
        number: int,
        letters: tuple[tuple[int, int, int], ...],
    ) -> GlyphPicture:
        def make() -> GlyphPicture:
            found = [
                (one, right, down)
                for glyph, right, down in letters
                if (one := self._letter(font, ink, number, glyph)) is not None
            ]
            return _joined(found)

        word = self._words.get((number, letters), make)
        assert word is not None
        return word


def _joined(letters: Sequence[tuple[GlyphPicture, int, int]]) -> GlyphPicture:
    """Return glyphs as one picture; each comes with its offset to the right and down."""
    left = min(right + one.left for one, right, _ in letters)
    top = min(down + one.top for one, _, down in letters)
    width = max(right + one.left + one.image.width() for one, right, _ in letters) - left
    height = max(down + one.top + one.image.height() for one, _, down in letters) - top
    made = GlyphPicture(_blank(width, height), left, top)
    painter = QPainter(made.image)
    for one, right, down in letters:
        painter.drawImage(right + one.left - left, down + one.top - top, one.image)
    painter.end()
    return made


def _blank(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def _blank_for(box: QRectF, edge_px: int) -> GlyphPicture:
    box = box.adjusted(-edge_px - 1, -edge_px - 1, edge_px + 1, edge_px + 1)
    left, top = int(box.left()) - 1, int(box.top()) - 1
    return GlyphPicture(_blank(ceil(box.right()) - left, ceil(box.bottom()) - top), left, top)


def _drawn_letter(font: QRawFont, ink: _GlyphStyle, glyph: int) -> GlyphPicture | None:
    """Return a rendered glyph, None if it is blank."""
    path = font.pathForGlyph(glyph)
    if not path.isEmpty():
        return _drawn(path, ink)
    # Color bitmap glyphs such as emoji have no outline; a space is blank.
    return None if ink.outline_px else _drawn_sign(font, glyph)


def _drawn(path: QPainterPath, ink: _GlyphStyle) -> GlyphPicture:
    made = _blank_for(path.boundingRect(), ink.outline_px)
    painter = QPainter(made.image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-made.left, -made.top)
    color = QColor(ink.color)
    if ink.outline_px:
        pen = QPen(color, 2 * ink.outline_px)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    painter.fillPath(path, color)
    painter.end()
    return made


def _drawn_sign(font: QRawFont, glyph: int) -> GlyphPicture | None:
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


_WORDS_KEPT = 4_000
_ENDLESS_PX = 1e6


def caption_font(look: CaptionStyle, ratio: float = 1.0) -> QFont:
    """Return the caption font at `ratio` times its size."""
    font = QFont(look.family)
    font.setPixelSize(max(1, round(look.size_px * ratio)))
    font.setWeight(QFont.Weight.DemiBold)
    # Glyphs are placed at whole pixels and drawn as paths: hinting would make them uneven.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class FontRuler:
    """Measures words in the caption font; see `rows.Ruler`."""

    def __init__(self, look: CaptionStyle, width_px: int) -> None:
        """Measure for a window of this width."""
        self._font = caption_font(look)
        self._metrics = QFontMetricsF(self._font)
        self._widths: OrderedDict[str, float] = OrderedDict()
        self.room_px = float(max(1, width_px - 2 * look.side_px))
        self.space_px = self._metrics.horizontalAdvance(" ")

    def width_px(self, word: str) -> float:
        """Return the width of a word."""
        width_px = self._widths.get(word)
        if width_px is None:
            width_px = self._widths[word] = self._metrics.horizontalAdvance(word)
            if len(self._widths) > _WORDS_KEPT:
                self._widths.popitem(last=False)
        return width_px

    def cut(self, word: str) -> Sequence[str]:
        """Return a word in pieces that each fit into a row, down to single characters."""
        if self.width_px(word) <= self.room_px:
            return (word,)
        layout = QTextLayout(word, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.room_px)
        layout.endLayout()
        # Qt counts UTF-16 units; some characters have two.
        units = word.encode("utf-16-le")
        lines = (layout.lineAt(number) for number in range(layout.lineCount()))
        ends = [line.textStart() + line.textLength() for line in lines]
        bounds = zip([0, *ends[:-1]], ends, strict=True)
        return [units[2 * a : 2 * b].decode("utf-16-le") for a, b in bounds if b > a]


class RowRenderer:
    """Renders rows in one look, for a screen with `ratio` device pixels per logical pixel."""

    def __init__(self, look: CaptionStyle, ratio: float) -> None:
        self.style, self.ratio = look, ratio
        self._font = caption_font(look, ratio)
        self._outline_px = round(look.outline_px * ratio)
        self._glyphs = GlyphRenderer()
        metrics = QFontMetricsF(self._font)
        self._height = round(look.row_px * ratio)
        letters_px = metrics.ascent() + metrics.descent()
        self._baseline = round((self._height - letters_px) / 2 + metrics.ascent())
        self._edge = self._outline_px + round(metrics.averageCharWidth() / 2)

    @property
    def edge_px(self) -> float:
        """How far a picture extends beyond the ends of its text, in logical pixels."""
        return self._edge / self.ratio

    def picture(self, row: CaptionRow) -> QImage:
        """Return a row as a picture, `style.row_px` high, as wide as its text and two edges."""
        layout = QTextLayout(row.text, self._font)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        sides = Qt.LayoutDirection
        option.setTextDirection(sides.RightToLeft if row.is_right_to_left else sides.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(_ENDLESS_PX)
        layout.endLayout()
        text = line.naturalTextRect()
        corner = QPointF(self._edge - text.left(), self._baseline - line.y() - line.ascent())
        size = ceil(text.width()) + 2 * self._edge, self._height
        image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        runs = [
            (run, self.style.color if is_final else self.style.draft_color)
            for is_final, begin, length in _stretches(row.pieces)
            for run in layout.glyphRuns(begin, length)
        ]
        painter = QPainter(image)
        if self._outline_px:
            edge = self.style.outline_color
            for run, _ in runs:
                self._glyphs.draw(painter, corner, run, edge, self._outline_px)
        for run, color in runs:
            self._glyphs.draw(painter, corner, run, color, 0)
        painter.end()
        image.setDevicePixelRatio(self.ratio)
        return image


def _stretches(pieces: Sequence[Piece]) -> Iterator[tuple[bool, int, int]]:
    """Yield (is_final, start, length) of each stretch of one color.

    Counted in UTF-16 units, as Qt does, in the joined text of the pieces.
    """
    at = 0
    for is_final, group in groupby(enumerate(pieces), key=lambda pair: pair[1].is_final):
        length = 0
        for number, piece in group:
            length += len(piece.text.encode("utf-16-le")) // 2
            length += 0 if number == 0 or piece.is_joined else 1
        yield is_final, at, length
        at += length
