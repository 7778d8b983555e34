"""Render rows of captions as pictures, composed of cached words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QTextLayout,
    QTextOption,
)

from granite_live.gui.captions.glyphs import Glyphs
from granite_live.gui.captions.look import Look
from granite_live.gui.captions.rows import Piece, Row

_WORDS_KEPT = 4_000
_ENDLESS_PX = 1e6


def letters(look: Look, ratio: float = 1.0) -> QFont:
    """Return the caption font at `ratio` times its size."""
    font = QFont(look.family)
    font.setPixelSize(max(1, round(look.size_px * ratio)))
    font.setWeight(QFont.Weight.DemiBold)
    # Glyphs are placed at whole pixels and drawn as paths: hinting would make them uneven.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class FontRuler:
    """Measures words in the caption font; see `rows.Ruler`."""

    def __init__(self, look: Look, width_px: int) -> None:
        """Measure for a window of this width."""
        self._font = letters(look)
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


class Inks:
    """Renders rows in one look, for a screen with `ratio` device pixels per logical pixel."""

    def __init__(self, look: Look, ratio: float) -> None:
        self.look, self.ratio = look, ratio
        self._font = letters(look, ratio)
        self._outline_px = round(look.outline_px * ratio)
        self._glyphs = Glyphs()
        metrics = QFontMetricsF(self._font)
        self._height = round(look.row_px * ratio)
        letters_px = metrics.ascent() + metrics.descent()
        self._baseline = round((self._height - letters_px) / 2 + metrics.ascent())
        self._edge = self._outline_px + round(metrics.averageCharWidth() / 2)

    @property
    def edge_px(self) -> float:
        """How far a picture extends beyond the ends of its text, in logical pixels."""
        return self._edge / self.ratio

    def picture(self, row: Row) -> QImage:
        """Return a row as a picture, `look.row_px` high, as wide as its text and two edges."""
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
            (run, self.look.colour if is_final else self.look.draft_colour)
            for is_final, begin, length in _stretches(row.pieces)
            for run in layout.glyphRuns(begin, length)
        ]
        painter = QPainter(image)
        if self._outline_px:
            edge = self.look.outline_colour
            for run, _ in runs:
                self._glyphs.draw(painter, corner, run, edge, self._outline_px)
        for run, colour in runs:
            self._glyphs.draw(painter, corner, run, colour, 0)
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
