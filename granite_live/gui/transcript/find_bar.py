"""The find bar (Ctrl+F): highlights occurrences and steps through them."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.transcript.layout import occurrences
from granite_live.gui.transcript.lines import Line
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import TranscriptListView
from granite_live.gui.widgets import icon, icon_button


class FindBar(QWidget):
    """A search field with a count.

    Enter finds the next, Shift+Enter the previous, Escape closes.
    """

    closed = Signal()

    def __init__(self, view: TranscriptListView, model: TranscriptModel, theme: Theme) -> None:
        super().__init__(view)
        self.setObjectName("findBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._model = view, model
        self._current: tuple[Line, int] | None = None
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find in this session"))
        self.field.setAccessibleName(self.tr("Find in this session"))
        self.field.setClearButtonEnabled(False)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "small")
        self.previous = icon_button(self, self.tr("Previous find"), lambda: self.step(-1))
        self.next = icon_button(self, self.tr("Next find"), lambda: self.step(1))
        self.close_button = icon_button(self, self.tr("Close the search"), self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX // 2)
        for widget in (self.field, self.count, self.previous, self.next, self.close_button):
            row.addWidget(widget)
        self.set_theme(theme)
        for signal in (model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self._update_count)
        model.modelReset.connect(self._restart)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        size = theme.px(18)
        names = {self.previous: "up", self.next: "down", self.close_button: "close"}
        for button, name in names.items():
            button.setIcon(icon(name, theme.colors.soft, size))
            button.setIconSize(QSize(size, size))
        self.field.setMinimumWidth(theme.px(220))
        self.count.setMinimumWidth(theme.px(72))
        self.adjustSize()

    def open_with(self, text: str = "") -> None:
        """Open the bar, with a search text if given."""
        self.show()
        self.raise_()
        self.place()
        if text:
            self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus()
        self._search()

    def dismiss(self) -> None:
        """Close the bar and clear the highlights."""
        self.hide()
        self._current = None
        self._highlight("", None)
        self._view.setFocus()
        self.closed.emit()

    def place(self) -> None:
        """Move the bar to the top of the view."""
        self.adjustSize()
        margin = 2 * GRID_PX
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = margin if is_mirrored else self._view.width() - self.width() - margin
        self.move(max(0, x), GRID_PX)

    def step(self, by: int) -> None:
        """Go to the next or previous result, wrapping around."""
        finds = self._results()
        if not finds:
            return
        now = self._current_position()
        if now in finds and self._is_visible(now):
            at = finds.index(now) + by
        else:
            # The user has scrolled away: continue from there.
            at = bisect_left(finds, self._search_start()) - (by < 0)
        self._go(finds, at % len(finds))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Step on Enter and close on Escape."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.step(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
        return super().eventFilter(watched, event)

    def _results(self) -> list[tuple[int, int]]:
        needle = self.field.text()
        lines = enumerate(self._model.lines)
        return [(row, at) for row, line in lines for at in occurrences(line.text, needle)]

    def _search(self) -> None:
        """Go to the first result from the visible part on, wrapping around."""
        finds = self._results()
        if finds:
            self._go(finds, bisect_left(finds, self._search_start()) % len(finds))
        else:
            self._highlight(self.field.text(), None)
            self._show_count(finds)

    def _search_start(self) -> tuple[int, int]:
        """Return where to search from: the current result if visible, else the top of the view."""
        now = self._current_position()
        if now is not None and self._is_visible(now):
            return now
        return max(0, self._view.indexAt(self._view.viewport().rect().topLeft()).row()), 0

    def _current_position(self) -> tuple[int, int] | None:
        """Return (row, position) of the current result."""
        if self._current is None:
            return None
        line, place = self._current
        row = self._model.row_of(line)
        return None if row < 0 else (row, place)

    def _is_visible(self, place: tuple[int, int] | None) -> bool:
        if place is None:
            return False
        rect = self._view.visualRect(self._model.index(place[0]))
        return rect.intersects(self._view.viewport().rect())

    def _restart(self) -> None:
        # Another session is shown, maybe opened from a search in all sessions.
        self._current = None
        if self.isVisible():
            self._search()

    def _update_count(self) -> None:
        # Update the count without scrolling.
        if self.isVisible():
            self._show_count(self._results())

    def _go(self, finds: list[tuple[int, int]], at: int) -> None:
        row, place = finds[at]
        line = self._model.line(row)
        self._current = line, place
        self._show_count(finds)
        self._highlight(self.field.text(), (line.key, place))
        index = self._model.index(row)
        self._view.scrollTo(index)
        # The bar covers the first visible lines.
        hidden = self.geometry().bottom() + GRID_PX - self._view.visualRect(index).top()
        if self.isVisible() and hidden > 0:
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() - hidden)

    def _show_count(self, finds: list[tuple[int, int]]) -> None:
        now = self._current_position()
        if not self.field.text():
            text = ""
        elif not finds:
            text = self.tr("Not found")
        elif now in finds:
            text = self.tr("{0} of {1}").format(finds.index(now) + 1, len(finds))
        else:
            text = self.tr("{0} found").format(len(finds))
        self.count.setText(text)

    def _highlight(self, needle: str, now: tuple[int, int] | None) -> None:
        self._view.delegate.needle, self._view.delegate.current_match = needle, now
        self._view.viewport().update()
