"""The find bar (Ctrl+F): highlights occurrences and steps through them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.transcript.editing import TranscriptEditing
from granite_live.gui.transcript.layout import occurrences
from granite_live.gui.transcript.lines import Line
from granite_live.gui.transcript.model import TranscriptModel, is_editable
from granite_live.gui.transcript.view import TranscriptListView
from granite_live.gui.widgets import icon_button, set_icon, text_label


class FindBar(QWidget):
    """A search field with a count, and a second row to replace matches.

    Enter finds the next, Shift+Enter the previous, Escape closes.
    """

    closed = Signal()

    def __init__(
        self,
        view: TranscriptListView,
        model: TranscriptModel,
        editing: TranscriptEditing | None = None,
    ) -> None:
        """Create the hidden bar; without `editing`, matches cannot be replaced."""
        super().__init__(view)
        self.setObjectName("findBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._model, self._editing = view, model, editing
        self._current: tuple[Line, int] | None = None
        self._pending_step: tuple[int, int] | None = None
        self.field = self._field(self.tr("Find in this session"))
        self.field.textChanged.connect(self._search)
        self.count = text_label(self, role="small", wraps=False)
        self.previous = icon_button(self, self.tr("Previous match"), lambda: self.step(-1))
        self.next = icon_button(self, self.tr("Next match"), lambda: self.step(1))
        self.close_button = icon_button(self, self.tr("Close the search"), self.dismiss)
        self.replacement = self._field(self.tr("Replace with"))
        self.replace_button = QPushButton(self.tr("Replace"), self)
        self.replace_button.clicked.connect(self.replace_current)
        self.replace_all_button = QPushButton(self.tr("Replace all"), self)
        self.replace_all_button.clicked.connect(self.replace_all)
        self.replace_row = QWidget(self)
        self._lay_out()
        names = {self.previous: "up", self.next: "down", self.close_button: "close"}
        for button, name in names.items():
            set_icon(button, name, 18)
        follow_theme(self._fit_fields)
        for signal in (model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self._update_count)
        model.modelReset.connect(self._restart)
        self.replace_row.hide()
        self.hide()

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.installEventFilter(self)
        return field

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout(self.replace_row)
        for row, widgets in (
            (first, (self.field, self.count, self.previous, self.next, self.close_button)),
            (second, (self.replacement, self.replace_button, self.replace_all_button)),
        ):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(GRID_PX // 2)
            for widget in widgets:
                row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(first)
        column.addWidget(self.replace_row)

    def _fit_fields(self) -> None:
        for field in (self.field, self.replacement):
            field.setMinimumWidth(current_theme().px(120))
        self.count.setMinimumWidth(current_theme().px(72))
        self.place()

    def open_with(self, text: str = "", *, replaces: bool = False) -> None:
        """Open the bar, with a search text if given; `replaces` shows the second row, too."""
        self.replace_row.setVisible(replaces and self._editing is not None)
        self.show()
        self.raise_()
        self.place()
        if text:
            self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus()
        self._search()

    def open_for_hit(self, searched: str) -> None:
        """Open the bar at a hit of a search in all sessions, closed if only the title matches.

        That search finds words anywhere in a line, so the first word that occurs is enough.
        """
        for text in (searched, *searched.split()):
            if any(occurrences(line.text, text) for line in self._model.lines):
                self.open_with(text)
                return
        if self.isVisible():
            self.dismiss()

    def dismiss(self) -> None:
        """Close the bar and clear the highlights."""
        self.hide()
        self.place()
        self._current = None
        self._highlight("", None)
        self._view.setFocus()
        self.closed.emit()

    def place(self) -> None:
        """Move the bar above the lines, so that it covers none."""
        height = self.sizeHint().height() if self.isVisibleTo(self._view) else 0
        self._view.set_top_margin(height)
        viewport = self._view.viewport().geometry()
        self.setGeometry(viewport.left(), 0, viewport.width(), height)

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

    # -- replacing ----------------------------------------------------------------------------

    def replace_current(self) -> None:
        """Replace the current match and go to the next one."""
        now = self._current_position()
        if self._editing is None or now is None or now not in self._results():
            self.step(1)
            return
        row, at = now
        text = self._model.line(row).text
        new = text[:at] + self.replacement.text() + text[at + len(self.field.text()) :]
        # Go on behind the new text, which may contain the searched one.
        self._pending_step = row, at + len(self.replacement.text())
        self._editing.set_texts({row: new}, self.tr("Replace"))

    def replace_all(self) -> None:
        """Replace every match as one step that can be undone."""
        if self._editing is None:
            return
        needle, new = self.field.text(), self.replacement.text()
        texts: dict[int, str] = {}
        for row, line in enumerate(self._model.lines):
            if (found := occurrences(line.text, needle)) and is_editable(line):
                texts[row] = _replaced(line.text, found, len(needle), new)
        self._editing.set_texts(texts, self.tr("Replace all"))

    def _step_after_replacing(self) -> None:
        after, self._pending_step = self._pending_step, None
        finds = self._results()
        if after is not None and finds:
            self._go(finds, bisect_left(finds, after) % len(finds))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step on Enter and close on Escape."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and watched is self.replacement:
                self.replace_current()
                return True
            if is_enter:
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
        if not self.isVisible():
            return
        self._show_count(self._results())
        if self._pending_step is not None:
            self._step_after_replacing()

    def _go(self, finds: list[tuple[int, int]], at: int) -> None:
        row, place = finds[at]
        line = self._model.line(row)
        self._current = line, place
        self._show_count(finds)
        self._highlight(self.field.text(), (line.key, place))
        self._view.scrollTo(self._model.index(row))

    def _show_count(self, finds: list[tuple[int, int]]) -> None:
        now = self._current_position()
        if not self.field.text():
            text = ""
        elif not finds:
            text = self.tr("No matches")
        elif now in finds:
            text = self.tr("{0} of {1}").format(finds.index(now) + 1, len(finds))
        else:
            text = self.tr("{0} matches").format(len(finds))
        self.count.setText(text)

    def _highlight(self, needle: str, now: tuple[int, int] | None) -> None:
        self._view.delegate.needle, self._view.delegate.current_match = needle, now
        self._view.viewport().update()


def _replaced(text: str, starts: Sequence[int], length: int, new: str) -> str:
    pieces, at = [], 0
    for start in starts:
        pieces += [text[at:start], new]
        at = start + length
    return "".join((*pieces, text[at:]))
