"""The reading column: a list of rows of any height that follows the newest line.

QListView queries the size of every row whenever a row is added. This view estimates the heights of
rows that were never visible and measures those that become visible.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from granite_live.gui.shortcuts import speaker_key
from granite_live.gui.style_sheet import follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.transcript.delegate import LineDelegate
from granite_live.gui.transcript.layout import RowHeights
from granite_live.gui.transcript.lines import Line
from granite_live.gui.transcript.model import TranscriptModel

_Index = QModelIndex | QPersistentModelIndex
_FRAME_MS = 30
_MARGIN_PX = 3 * GRID_PX


class TranscriptListView(QListView):
    """Lays out, scrolls and paints lines. Emits `following_changed` on a change of follow mode."""

    following_changed = Signal(bool)
    min_height_changed = Signal()

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = model
        self.delegate = LineDelegate(self)
        self._heights = RowHeights()
        self._is_following = True
        self._is_scrolling_itself = False
        self._shows_focus = False
        self._fade_timer = QTimer(self, interval=_FRAME_MS)
        self._fade_timer.timeout.connect(self._update_fade)
        self.setItemDelegate(self.delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setAccessibleName(self.tr("Transcript"))
        self.setMouseTracking(True)
        self.setModel(model)
        model.finalized.connect(self._settle)
        model.speakers_shown.connect(self.delegate.show_speakers)
        model.speakers_shown.connect(lambda _model: self._measure_all())
        self.delegate.editor_resized.connect(self._fit_editor)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        follow_theme(self._measure_all)

    @property
    def lines(self) -> Sequence[Line]:
        """All lines; read-only."""
        return self._lines.lines

    def set_top_margin(self, height_px: int) -> None:
        """Reserve space for a bar above the lines; the visible lines stay where they are."""
        old = self.viewportMargins().top()
        if height_px != old:
            value = self.verticalScrollBar().value()
            self.setViewportMargins(0, height_px, 0, 0)
            self.min_height_changed.emit()
            self.updateGeometries()
            if not self._is_following:
                self._scroll_to(value + height_px - old)

    # -- following ----------------------------------------------------------------------------

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the newest line."""
        return self._is_following

    def follow(self) -> None:
        """Scroll to the newest line and stay there."""
        self._set_following(True)
        self._scroll_to_end()

    def _set_following(self, follows: bool) -> None:
        if follows != self._is_following:
            self._is_following = follows
            self.following_changed.emit(follows)

    def _scrolled(self, value: int) -> None:
        if not self._is_scrolling_itself:
            self._set_following(value >= self.verticalScrollBar().maximum() - GRID_PX)

    def _scroll_to_end(self) -> None:
        self._scroll_to(self.verticalScrollBar().maximum())

    def _scroll_to(self, value: int) -> None:
        self._is_scrolling_itself = True
        self.verticalScrollBar().setValue(value)
        self._is_scrolling_itself = False

    # -- heights ------------------------------------------------------------------------------

    def _measure_all(self) -> None:
        self.delegate.set_width(self.viewport().width())
        self._heights = RowHeights(self._estimates(0, len(self.lines)))
        self.updateGeometries()
        self.viewport().update()

    def _estimates(self, first: int, last: int) -> list[int]:
        """Return the estimated heights of the rows from `first` to `last`."""
        return self.delegate.layouts.metrics.estimated_heights(self.lines[first : last + 1])

    def _measure_visible(self) -> None:
        """Measure the visible rows without moving them on the screen."""
        if not len(self._heights):
            return
        if self._is_following:
            self._measure_last()
        for _ in range(3):  # measuring may make other rows visible
            if not self._measure_once():
                return

    def _measure_last(self) -> None:
        below = self.viewport().height()
        for row in range(len(self._heights) - 1, -1, -1):
            self._measure(row)
            below -= self._heights[row]
            if below < 0:
                break
        self._set_range()
        self._scroll_to_end()

    def _measure_once(self) -> bool:
        changed = False
        value = self.verticalScrollBar().value()
        first = self._heights.row_at(value - _MARGIN_PX)
        bottom = value + self.viewport().height()
        for row in range(first, len(self._heights)):
            if self._heights.top(row) + _MARGIN_PX > bottom:
                break
            top, difference = self._heights.top(row) + _MARGIN_PX, self._measure(row)
            if difference:
                changed = True
                if top < value and not self._is_following:
                    value += difference
        if changed:
            self._set_range()
            if self._is_following:
                self._scroll_to_end()
            else:
                self._scroll_to(value)
        return changed

    def _measure(self, row: int) -> int:
        """Measure a row; return the difference from its estimated height."""
        height = self.delegate.row_height(self._lines.line(row))
        difference = height - self._heights[row]
        self._heights.set(row, height)
        return difference

    def _set_range(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        total = self._heights.total + 2 * _MARGIN_PX
        self._is_scrolling_itself = True
        bar.setPageStep(page)
        bar.setSingleStep(round(self.delegate.layouts.metrics.line_height))
        bar.setRange(0, max(0, total - page))
        self._is_scrolling_itself = False
        if not bar.maximum():
            # All rows are visible: there is nothing to jump to.
            self._set_following(True)

    # -- model changes ------------------------------------------------------------------------

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:
        """Add estimated heights for new rows."""
        for row, height in enumerate(self._estimates(start, end), start):
            self._heights.insert(row, height)
        QAbstractItemView.rowsInserted(self, parent, start, end)
        self._changed()

    def rowsAboutToBeRemoved(self, parent: _Index, start: int, end: int) -> None:
        """Remove the heights of rows."""
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)
        for row in range(end, start - 1, -1):
            self._heights.remove(row)
        QTimer.singleShot(0, self, self._changed)

    def dataChanged(
        self, top_left: _Index, bottom_right: _Index, roles: Sequence[int] = ()
    ) -> None:
        """Estimate the changed rows again."""
        first = top_left.row()
        for row, height in enumerate(self._estimates(first, bottom_right.row()), first):
            self._heights.set(row, height)
        QAbstractItemView.dataChanged(self, top_left, bottom_right, roles)
        self._changed()

    def reset(self) -> None:
        """Start again with other lines."""
        QAbstractItemView.reset(self)
        if hasattr(self, "_heights"):
            self._set_following(True)
            self._measure_all()

    def _fit_editor(self) -> None:
        self._changed()
        self.updateEditorGeometries()

    def _changed(self) -> None:
        self._set_range()
        self._measure_visible()
        self.viewport().update()

    def _settle(self, line: Line) -> None:
        self.delegate.fade(line)
        if self.delegate.is_fading:
            self._fade_timer.start()

    def _update_fade(self) -> None:
        if not self.delegate.is_fading:
            self._fade_timer.stop()
        self.viewport().update()

    # -- Qt view interface --------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        """Lay out; only visible rows are measured."""
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Set the scroll bar's range."""
        if hasattr(self, "_heights"):
            self._set_range()
            self._measure_visible()

    def visualRect(self, index: _Index) -> QRect:
        """Return the rectangle of a row in the viewport."""
        if not index.isValid() or not 0 <= index.row() < len(self._heights):
            return QRect()
        top = self._heights.top(index.row()) + _MARGIN_PX - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._heights[index.row()])

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the row at a point."""
        y = point.y() + self.verticalScrollBar().value() - _MARGIN_PX
        if not len(self._heights) or not 0 <= y < self._heights.total:
            return QModelIndex()
        return self._lines.index(self._heights.row_at(y))

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll a row into view."""
        if not index.isValid():
            return
        # Twice: the rows around it may be higher than estimated.
        for _ in range(2):
            rect, page = self.visualRect(index), self.viewport().height()
            bar = self.verticalScrollBar()
            if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
                bar.setValue(bar.value() + rect.center().y() - page // 2)
            elif rect.top() < 0 or rect.height() > page:
                bar.setValue(bar.value() + rect.top() - GRID_PX)
            elif rect.bottom() > page:
                bar.setValue(bar.value() + rect.bottom() - page + GRID_PX)
            self._measure_visible()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Return the row that a key leads to."""
        count = len(self._heights)
        if not count:
            return QModelIndex()
        action_of = QAbstractItemView.CursorAction
        at = self.currentIndex().row()
        page = max(1, self.viewport().height() // round(self._heights.total / count + 1))
        steps = {
            action_of.MoveUp: -1,
            action_of.MovePrevious: -1,
            action_of.MoveDown: 1,
            action_of.MoveNext: 1,
            action_of.MovePageUp: -page,
            action_of.MovePageDown: page,
            action_of.MoveHome: -count,
            action_of.MoveEnd: count,
        }
        wanted = at + steps.get(action, 0) if at >= 0 else count - 1
        return self._lines.index(max(0, min(count - 1, wanted)))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the rows that a rectangle touches."""
        selection = QItemSelection()
        if len(self._heights):
            shift = self.verticalScrollBar().value() - _MARGIN_PX
            rect = rect.normalized()
            first = self._heights.row_at(rect.top() + shift)
            last = self._heights.row_at(rect.bottom() + shift)
            selection.select(self._lines.index(first), self._lines.index(last))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return the whole viewport: repaint everything when the selection changes."""
        return QRegion(self.viewport().rect())

    def verticalOffset(self) -> int:
        """Return the scroll position."""
        return self.verticalScrollBar().value()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Measure the rows that become visible, and repaint."""
        if not self._is_scrolling_itself:
            # Qt calls this before `valueChanged`: leave follow mode first, or the view jumps back.
            self._scrolled(self.verticalScrollBar().value())
            self._measure_visible()
        self.updateEditorGeometries()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        QAbstractItemView.resizeEvent(self, event)
        if self.viewport().width() != self.delegate.layouts.metrics.width:
            self._measure_all()
        else:
            self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Space, which starts and stops, and digits, which name speakers, to the window."""
        is_space = event.key() == Qt.Key.Key_Space and not event.modifiers()
        if is_space or speaker_key(event):
            event.ignore()
            return
        self._shows_focus = True
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring if the focus came from the keyboard."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._shows_focus = event.reason() in keys
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102
        QAbstractItemView.wheelEvent(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible rows."""
        if not len(self._heights):
            return
        painter = QPainter(self.viewport())
        shift = self.verticalScrollBar().value() - _MARGIN_PX
        area = event.rect()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        has_focus = self.hasFocus()
        first, last = (self._heights.row_at(y + shift) for y in (area.top(), area.bottom()))
        for row in range(first, last + 1):
            index = self._lines.index(row)
            option.rect = self.visualRect(index)
            state = QStyle.StateFlag.State_Enabled
            if self.selectionModel().isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            if has_focus and self._shows_focus and index == self.currentIndex():
                state |= QStyle.StateFlag.State_HasFocus
            option.state = state
            self.delegate.paint(painter, option, index)
        painter.end()
