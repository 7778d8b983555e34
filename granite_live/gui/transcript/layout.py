"""Lines broken at the width of the column, and the heights of all rows."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import bidirectional

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from granite_live.gui.messages import translate_message
from granite_live.gui.style_sheet import current_theme, font
from granite_live.gui.theme import GRID_PX, READING_CHARS
from granite_live.gui.transcript.lines import Line, LineState, WordMark, stable_chars, word_marks

_KEPT = 400  # about ten screens
_EDGE_PX = 2 * GRID_PX
_NAME_CHARS = 11  # longer names are shown with an ellipsis


@dataclass(frozen=True, slots=True)
class ColumnMetrics:
    """Sizes of the reading column for one view width, in pixels."""

    width: int
    gutter: int
    column: int
    left: int
    padding: int
    line_height: float
    char_width: float
    names: int = 0

    @classmethod
    def of(cls, width: int, *, has_names: bool = False) -> ColumnMetrics:
        """Return the sizes for a view of this width, with room for names of speakers or without."""
        theme = current_theme()
        reading = QFontMetricsF(font(theme.reading_px))
        small = QFontMetricsF(font(theme.small_px))
        gutter = round(small.horizontalAdvance("0:00:00")) + theme.px(2 * GRID_PX)
        # Running English text is narrower than the font's average character width.
        name_px = round(small.horizontalAdvance("n" * _NAME_CHARS)) + theme.px(GRID_PX)
        names = min(name_px, width // 5) if has_names else 0
        char_width = reading.horizontalAdvance("the quick brown fox and a lazy dog ") / 35
        room = max(round(8 * char_width), width - gutter - names - 2 * _EDGE_PX)
        column = min(round(READING_CHARS * char_width), room)
        # The column is centered, with names and time stamps in the margin beside it.
        left = max(_EDGE_PX + names + gutter, (width - column) // 2)
        line_height = theme.reading_px * theme.line_spacing
        padding = round(line_height * 0.32)
        return cls(width, gutter, column, left, padding, line_height, char_width, names)

    def estimated_heights(self, lines: Iterable[Line]) -> list[int]:
        """Return estimates of the lines' heights without a layout."""
        heights: dict[int, int] = {}  # thousands of lines have some dozens of lengths
        estimates = []
        for line in lines:
            chars = len(line.text) or len(line.reason)
            height = heights.get(chars)
            if height is None:
                height = heights[chars] = self._estimated_height(chars)
            estimates.append(height)
        return estimates

    def _estimated_height(self, chars: int) -> int:
        rows = max(1, -(-round(chars * self.char_width * 1.05) // self.column))
        return round(rows * self.line_height) + 2 * self.padding


@dataclass(frozen=True, slots=True)
class LineLayout:
    """The layout of a line; its text starts at the row's left margin and padding."""

    line: Line
    text: QTextLayout
    marks: tuple[WordMark, ...]
    height: int

    def position_at(self, point: QPointF) -> int:
        """Return the text position at a point relative to the text's corner, else -1."""
        for number in range(self.text.lineCount()):
            piece = self.text.lineAt(number)
            if piece.y() <= point.y() < piece.y() + piece.height():
                if not piece.naturalTextRect().contains(point):
                    return -1
                on = QTextLine.CursorPosition.CursorOnCharacter
                return int(piece.xToCursor(point.x(), on))
        return -1


def shown_text(line: Line) -> str:
    """Return the text to paint: the line's text, or why there is none."""
    if line.state is not LineState.FAILED:
        return line.text
    return QCoreApplication.translate(
        "Transcript", "No text for this part: {0} Its sound is kept."
    ).format(translate_message(line.reason))


class LineLayoutCache:
    """A cache of the most recently used layouts for one theme and width."""

    def __init__(self, width: int, *, has_names: bool = False) -> None:
        self.theme = current_theme()
        self.metrics = ColumnMetrics.of(width, has_names=has_names)
        self._font = font(self.theme.reading_px)
        self._kept: OrderedDict[int, LineLayout] = OrderedDict()

    def of(self, line: Line) -> LineLayout:
        """Return the layout of a line, from the cache if the line is unchanged."""
        laid = self._kept.get(line.key)
        if laid is None or laid.line is not line:
            laid = self._lay(line)
            self._kept[line.key] = laid
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(line.key)
        return laid

    def _lay(self, line: Line) -> LineLayout:
        text = QTextLayout(shown_text(line), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if _is_right_to_left(text.text()):  # Qt sets the direction of the text, not its alignment
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        text.setTextOption(option)
        text.setCacheEnabled(True)
        found = () if line.state is LineState.FAILED else word_marks(line)
        text.setFormats(self._formats(line, found))
        y = 0.0
        text.beginLayout()
        while (piece := text.createLine()).isValid():
            piece.setLineWidth(self.metrics.column)
            piece.setPosition(QPointF(0, y + (self.metrics.line_height - piece.height()) / 2))
            y += self.metrics.line_height
        text.endLayout()
        height = round(max(y, self.metrics.line_height)) + 2 * self.metrics.padding
        return LineLayout(line, text, found, height)

    def _formats(self, line: Line, found: tuple[WordMark, ...]) -> list[QTextLayout.FormatRange]:
        colors = self.theme.colors
        formats = []
        if line.state is LineState.OPEN:
            formats.append(_range(0, stable_chars(line), _ink(colors.soft)))
        doubtful = [mark for mark in found if mark.is_doubtful and line.state is LineState.FINAL]
        look = _underline(colors.quiet)
        return formats + [_range(mark.start, mark.length, look) for mark in doubtful]


def _range(start: int, length: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, look
    return made


def _ink(color: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(color))
    return look


def _underline(color: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    look.setUnderlineColor(QColor(color))
    return look


def _is_right_to_left(text: str) -> bool:
    """Return whether the first character with a strong direction is right-to-left."""
    directions = (bidirectional(char) for char in text)
    return next((one for one in directions if one in ("L", "R", "AL")), "L") != "L"


def found_ranges(line: Line, needle: str, now: int | None) -> list[QTextLayout.FormatRange]:
    """Return the highlights of search results; `now` is the start of the current one."""
    colors, ranges = current_theme().colors, []
    for start in occurrences(line.text, needle):
        look = QTextCharFormat()
        fill = colors.found_current if start == now else colors.found
        look.setBackground(QColor(fill))
        look.setForeground(QColor(colors.text))
        if start == now and fill == colors.found:  # high contrast has one color for both
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        ranges.append(_range(start, len(needle), look))
    return ranges


def playback_range(start: int, length: int) -> QTextLayout.FormatRange:
    """Return the highlight of the word at the playback position."""
    look = QTextCharFormat()
    look.setBackground(QColor(current_theme().colors.accent))
    look.setForeground(QColor(current_theme().colors.on_accent))
    return _range(start, length, look)


def selected_range(start: int, end: int) -> QTextLayout.FormatRange:
    """Return the highlight of selected text."""
    look = QTextCharFormat()
    look.setBackground(QColor(current_theme().colors.selected))
    look.setForeground(QColor(current_theme().colors.text))
    return _range(start, end - start, look)


def occurrences(text: str, needle: str) -> list[int]:
    """Return the starts of `needle` in the text, ignoring case; none for an empty needle."""
    found: list[int] = []
    folded, wanted = text.lower(), needle.lower()
    if not wanted or len(folded) != len(text):
        folded, wanted = text, needle
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        found.append(at)
        at = folded.find(wanted, at + len(wanted))
    return found


class RowHeights:
    """Row heights in pixels, with prefix sums computed on demand."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tops = [0]  # valid tops, of the rows up to and including `len(_tops) - 1`

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    def set(self, row: int, height: int) -> None:
        """Set a row's height."""
        if self._heights[row] != height:
            self._heights[row] = height
            del self._tops[row + 1 :]

    def insert(self, row: int, height: int) -> None:
        """Insert a row before `row`."""
        self._heights.insert(row, height)
        del self._tops[row + 1 :]

    def remove(self, row: int) -> None:
        """Remove a row."""
        del self._heights[row]
        del self._tops[row + 1 :]

    def top(self, row: int) -> int:
        """Return a row's top; for the row after the last one, the total height."""
        known = len(self._tops) - 1
        if row > known:
            sums = accumulate(self._heights[known:], initial=self._tops[-1])
            next(sums)
            self._tops.extend(sums)
        return self._tops[row]

    @property
    def total(self) -> int:
        """The height of all rows."""
        return self.top(len(self._heights))

    def row_at(self, y: int) -> int:
        """Return the row at `y`, clamped. There must be at least one row."""
        self.top(len(self._heights))
        return max(0, min(len(self._heights) - 1, bisect_right(self._tops, y) - 1))
