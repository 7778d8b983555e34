"""Selection of any part of the transcript's text, over any number of lines, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPersistentModelIndex, QPoint, QPointF, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextLayout

from granite_live.gui.transcript.layout import shown_text
from granite_live.gui.transcript.view import TranscriptListView

_SCROLL_MS = 30
_Key = QKeySequence.StandardKey
_Place = tuple[int, int]
"""A row and an offset in its text."""


class TextSelection(QObject):
    """The text cursor and the selected text of a transcript view. Emits `changed`."""

    changed = Signal()

    def __init__(self, view: TranscriptListView) -> None:
        super().__init__(view)
        self._view = view
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._cursor: tuple[QPersistentModelIndex, int] | None = None
        # The column that moves over lines keep to, and the one of the move before.
        self._column_px: float | None = None
        self._wanted_px: float | None = None
        self._drag_point: QPoint | None = None
        # Scrolls while the mouse is held outside the view.
        self._scroll_timer = QTimer(self, interval=_SCROLL_MS)
        self._scroll_timer.timeout.connect(self._scroll)
        view.model().modelReset.connect(self.clear)

    # -- content ------------------------------------------------------------------------------

    @property
    def cursor(self) -> _Place | None:
        """The row and offset of the text cursor, None if there is none."""
        return _place(self._cursor)

    @property
    def is_empty(self) -> bool:
        """Whether no text is selected."""
        return self._ends() is None

    def ranges(self) -> dict[int, tuple[int, int]]:
        """Return the start and end of the selected text by row, in order, without empty ones."""
        ends = self._ends()
        if ends is None:
            return {}
        found = {row: self.range_of(row) for row in range(ends[0][0], ends[1][0] + 1)}
        return {row: part for row, part in found.items() if part is not None}

    def range_of(self, row: int) -> tuple[int, int] | None:
        """Return the start and end of the selected text of a row, None if there is none."""
        ends = self._ends()
        if ends is None or not ends[0][0] <= row <= ends[1][0]:
            return None
        (first, start), (last, end) = ends
        length = self._length(row)
        part = (start if row == first else 0, min(length, end) if row == last else length)
        return part if part[0] < part[1] else None

    def _ends(self) -> tuple[_Place, _Place] | None:
        """Return both ends of the selection in order, None if it is empty."""
        anchor, cursor = _place(self._anchor), _place(self._cursor)
        if anchor is None or cursor is None or anchor == cursor:
            return None
        return min(anchor, cursor), max(anchor, cursor)

    def clear(self) -> None:
        """Select nothing, and remove the text cursor."""
        self._anchor = self._cursor = self._drag_point = None
        self._scroll_timer.stop()
        self.changed.emit()

    def select_all(self) -> None:
        """Select the whole text."""
        last = len(self._view.lines) - 1
        if last >= 0:
            self._set((0, 0))
            self._set((last, self._length(last)), extends=True)

    # -- mouse --------------------------------------------------------------------------------

    @property
    def is_dragging(self) -> bool:
        """Whether the mouse is held since `press`."""
        return self._drag_point is not None

    def press(self, point: QPoint, *, extends: bool) -> None:
        """Put the cursor at a viewport point; `extends` keeps the other end of the selection."""
        place = self._place_at(point)
        if place is not None:
            self._drag_point = point
            self._set(place, extends=extends and self._cursor is not None)

    def drag(self, point: QPoint) -> None:
        """Select up to a viewport point; outside the view, scroll."""
        self._drag_point = point
        place = self._place_at(point)
        if place is not None:
            self._set(place, extends=True)
        is_outside = not 0 <= point.y() < self._view.viewport().height()
        if is_outside and not self._scroll_timer.isActive():
            self._scroll_timer.start()
        elif not is_outside:
            self._scroll_timer.stop()

    def release(self) -> None:
        """End dragging."""
        self._drag_point = None
        self._scroll_timer.stop()

    def contains(self, point: QPoint) -> bool:
        """Return whether a viewport point is on selected text."""
        place = self._place_at(point)
        part = None if place is None else self.range_of(place[0])
        return place is not None and part is not None and part[0] <= place[1] <= part[1]

    def _scroll(self) -> None:
        point, bar = self._drag_point, self._view.verticalScrollBar()
        if point is None:
            self._scroll_timer.stop()
            return
        height = self._view.viewport().height()
        beyond = point.y() if point.y() < 0 else point.y() - height + 1
        bar.setValue(bar.value() + beyond)
        self.drag(point)

    def _place_at(self, point: QPoint) -> _Place | None:
        """Return the place nearest to a viewport point."""
        view = self._view
        if not view.lines:
            return None
        height = view.viewport().height()
        inside = QPoint(point.x(), min(max(0, point.y()), height - 1))
        index = view.indexAt(inside)
        if not index.isValid():
            last = len(view.lines) - 1
            is_above = inside.y() < view.visualRect(view.model().index(0, 0)).top()
            return (0, 0) if is_above else (last, self._length(last))
        corner = view.delegate.text_corner(view.visualRect(index))
        return index.row(), _offset_at(self._layout(index.row()), QPointF(inside) - corner)

    # -- keys ---------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent) -> bool:
        """Move the cursor or extend the selection; return False for other keys."""
        if event.matches(_Key.SelectAll):
            self.select_all()
            return True
        for keys, move in self._moves().items():
            for key, extends in zip(keys, (False, True), strict=True):
                if key is not None and event.matches(key):
                    self._move(move, extends=extends)
                    return True
        return False

    def _moves(self) -> dict[tuple[_Key | None, _Key], Callable[[_Place], _Place]]:
        """Return the moves by the keys that move the cursor and those that extend the selection.

        Keys without Shift that move over lines are those of the list of lines.
        """
        return {
            (_Key.MoveToNextChar, _Key.SelectNextChar): lambda at: self._by_char(at, 1),
            (_Key.MoveToPreviousChar, _Key.SelectPreviousChar): lambda at: self._by_char(at, -1),
            (_Key.MoveToNextWord, _Key.SelectNextWord): lambda at: self._by_word(at, 1),
            (_Key.MoveToPreviousWord, _Key.SelectPreviousWord): lambda at: self._by_word(at, -1),
            (None, _Key.SelectNextLine): lambda at: self._by_line(at, 1),
            (None, _Key.SelectPreviousLine): lambda at: self._by_line(at, -1),
            (None, _Key.SelectStartOfLine): lambda at: (at[0], 0),
            (None, _Key.SelectEndOfLine): lambda at: (at[0], self._length(at[0])),
            (None, _Key.SelectStartOfDocument): lambda _at: (0, 0),
            (None, _Key.SelectEndOfDocument): lambda _at: self._end(),
        }

    def _move(self, move: Callable[[_Place], _Place], *, extends: bool) -> None:
        if not self._view.lines:
            return
        start = self.cursor
        if start is None:
            start = max(0, self._view.currentIndex().row()), 0
            self._set(start)
        self._wanted_px, self._column_px = self._column_px, None
        place = move(start)
        column_px = self._column_px
        self._set(place, extends=extends)
        self._column_px = column_px
        self._view.scrollTo(self._view.model().index(place[0], 0))

    def _end(self) -> _Place:
        last = len(self._view.lines) - 1
        return last, self._length(last)

    def _by_char(self, at: _Place, by: int) -> _Place:
        row, offset = at
        if by > 0 and offset >= self._length(row):
            return (row + 1, 0) if row + 1 < len(self._view.lines) else at
        if by < 0 and not offset:
            return (row - 1, self._length(row - 1)) if row else at
        layout = self._layout(row)
        step = layout.nextCursorPosition if by > 0 else layout.previousCursorPosition
        return row, step(offset)

    def _by_word(self, at: _Place, by: int) -> _Place:
        row, offset = at
        is_at_edge = offset >= self._length(row) if by > 0 else not offset
        if is_at_edge:
            return self._by_char(at, by)
        layout, mode = self._layout(row), QTextLayout.CursorMode.SkipWords
        if by > 0:
            return row, layout.nextCursorPosition(offset, mode)
        return row, layout.previousCursorPosition(offset, mode)

    def _by_line(self, at: _Place, by: int) -> _Place:
        """Move to the next or previous visual line, in the same column."""
        row, offset = at
        layout = self._layout(row)
        piece = layout.lineForTextPosition(min(offset, self._length(row)))
        x = _x_of(layout, offset) if self._wanted_px is None else self._wanted_px
        self._column_px = x
        number = piece.lineNumber() + by
        if number < 0 or number >= layout.lineCount():
            row += by
            if not 0 <= row < len(self._view.lines):
                return (0, 0) if by < 0 else self._end()
            layout = self._layout(row)
            number = 0 if by > 0 else layout.lineCount() - 1
        return row, int(layout.lineAt(number).xToCursor(x))

    # -- implementation -----------------------------------------------------------------------

    def _layout(self, row: int) -> QTextLayout:
        return self._view.delegate.layouts.of(self._view.lines[row]).text

    def _length(self, row: int) -> int:
        return len(shown_text(self._view.lines[row]))

    def _set(self, place: _Place, *, extends: bool = False) -> None:
        index = QPersistentModelIndex(self._view.model().index(place[0], 0))
        self._cursor = index, place[1]
        if not extends or self._anchor is None:
            self._anchor = self._cursor
        self._column_px = None
        self.changed.emit()


def _place(stored: tuple[QPersistentModelIndex, int] | None) -> _Place | None:
    if stored is None or not stored[0].isValid():
        return None
    return stored[0].row(), stored[1]


def _offset_at(layout: QTextLayout, point: QPointF) -> int:
    """Return the offset nearest to a point relative to the text's corner."""
    count = layout.lineCount()
    for number in range(count):
        piece = layout.lineAt(number)
        if point.y() < piece.y() + piece.height() or number == count - 1:
            return int(piece.xToCursor(point.x()))
    return 0


def _x_of(layout: QTextLayout, offset: int) -> float:
    piece = layout.lineForTextPosition(offset)
    # The stubs name the type of C++; PySide returns a tuple of x and the position.
    found: Any = piece.cursorToX(offset) if piece.isValid() else (0.0, 0)
    return float(found[0])
