"""Ctrl+F: highlights what is typed and steps through it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from granite_live.gui.icons import icon
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.transcript.layout import occurrences
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import ColumnView


class FindBar(QWidget):
    """A field with the number of finds; Enter goes to the next, Shift+Enter back, Escape away."""

    closed = Signal()

    def __init__(self, view: ColumnView, model: TranscriptModel, theme: Theme) -> None:
        super().__init__(view)
        self.setObjectName("findBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._model = view, model
        self._at = -1
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find in this session"))
        self.field.setAccessibleName(self.tr("Find in this session"))
        self.field.setClearButtonEnabled(False)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "small")
        self.previous = self._button("up", self.tr("Previous find"), lambda: self.step(-1))
        self.next = self._button("down", self.tr("Next find"), lambda: self.step(1))
        self.close_button = self._button("close", self.tr("Close the search"), self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX // 2)
        for widget in (self.field, self.count, self.previous, self.next, self.close_button):
            row.addWidget(widget)
        self.set_theme(theme)
        for signal in (model.rowsInserted, model.rowsRemoved, model.dataChanged, model.modelReset):
            signal.connect(self._renew)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        size = theme.px(18)
        names = {self.previous: "up", self.next: "down", self.close_button: "close"}
        for button, name in names.items():
            button.setIcon(icon(name, theme.colors.soft, size))
            button.setIconSize(QSize(size, size))
        self.field.setMinimumWidth(theme.px(220))
        self.count.setMinimumWidth(theme.px(72))
        self.adjustSize()

    def enter(self, text: str = "") -> None:
        """Open it, with something to look for."""
        self.show()
        self.raise_()
        self.place()
        if text:
            self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus()
        self._search()

    def leave(self) -> None:
        """Close it and forget."""
        self.hide()
        self._highlight("", None)
        self._view.setFocus()
        self.closed.emit()

    def place(self) -> None:
        """Stand at the top of the view."""
        self.adjustSize()
        margin = 2 * GRID_PX
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = margin if is_mirrored else self._view.width() - self.width() - margin
        self.move(max(0, x), GRID_PX)

    def step(self, by: int) -> None:
        """Go to the next or the previous find, around the end."""
        finds = self._finds()
        if finds:
            self._at = (self._at + by) % len(finds)
            self._go(finds)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let Enter step and Escape close."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.step(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        return super().eventFilter(watched, event)

    def _button(self, name: str, label: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("role", "icon")
        button.setToolTip(label)
        button.setAccessibleName(label)
        button.clicked.connect(act)
        return button

    def _finds(self) -> list[tuple[int, int]]:
        needle = self.field.text()
        lines = enumerate(self._model.lines)
        return [(row, at) for row, line in lines for at in occurrences(line.text, needle)]

    def _search(self) -> None:
        finds = self._finds()
        seen = self._view.indexAt(self._view.viewport().rect().topLeft()).row()
        after = (i for i, (row, _) in enumerate(finds) if row >= seen)
        self._at = next(after, 0) if finds else -1
        self._go(finds)

    def _renew(self) -> None:
        if not self.isVisible():
            return
        finds = self._finds()
        if self._at < 0 and finds:
            self._search()
        else:
            self._at = min(self._at, len(finds) - 1)
            self._tell(finds)

    def _go(self, finds: list[tuple[int, int]]) -> None:
        self._tell(finds)
        if 0 <= self._at < len(finds):
            row, place = finds[self._at]
            line = self._model.line(row)
            self._highlight(self.field.text(), (line.key, place))
            self._view.scrollTo(self._model.index(row))
        else:
            self._highlight(self.field.text(), None)

    def _tell(self, finds: list[tuple[int, int]]) -> None:
        if not self.field.text():
            self.count.setText("")
        elif finds:
            self.count.setText(self.tr("{0} of {1}").format(self._at + 1, len(finds)))
        else:
            self.count.setText(self.tr("Not found"))

    def _highlight(self, needle: str, now: tuple[int, int] | None) -> None:
        self._view.delegate.needle, self._view.delegate.found_now = needle, now
        self._view.viewport().update()
