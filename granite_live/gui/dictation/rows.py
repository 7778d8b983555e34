"""The list of dictated texts with their status and buttons for failed ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from granite_live.gui.dictation.entries import Entry, Fate
from granite_live.gui.icon_button import icon_button
from granite_live.gui.icons import icon
from granite_live.gui.theme import GRID_PX, Theme


class Row(QWidget):
    """One text. Emits `copied` and `dismissed` on its buttons."""

    copied = Signal(str)
    dismissed = Signal()

    def __init__(self, entry: Entry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel(_shown(entry.text), self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        struck = self.text.font()
        struck.setStrikeOut(entry.fate is Fate.SCRATCHED)
        self.text.setFont(struck)
        if entry.fate is not Fate.DELIVERED:
            self.text.setProperty("role", "soft")
        self.note = QLabel(entry.note, self)
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("role", "small")
        self.note.setVisible(bool(entry.note))
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.text)
        said.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addLayout(said, 1)
        self.copy = self._button("copy", self.tr("Copy the text"), theme)
        self.close_button = self._button("close", self.tr("Take it off the list"), theme)
        self.copy.clicked.connect(lambda: self.copied.emit(entry.text.strip()))
        self.close_button.clicked.connect(self.dismissed)
        for button in (self.copy, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            button.setVisible(entry.fate is Fate.FAILED)

    def _button(self, name: str, tip: str, theme: Theme) -> QToolButton:
        button = icon_button(self, tip)
        size = theme.px(16)
        button.setIcon(icon(name, theme.colors.text, size))
        button.setIconSize(QSize(size, size))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button


class Rows(QWidget):
    """The rows, newest last."""

    copied = Signal(str)
    dismissed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)

    def show_entries(self, entries: Sequence[Entry], theme: Theme) -> None:
        """Show these entries in place of the old ones."""
        for old in self.rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [Row(entry, theme, self) for entry in entries]
        for row, entry in zip(self.rows, entries, strict=True):
            row.copied.connect(self.copied)
            row.dismissed.connect(lambda number=entry.number: self.dismissed.emit(number))
            self._column.addWidget(row)
            row.show()
        self.setVisible(bool(self.rows))


def _shown(text: str) -> str:
    """Return a text with visible line breaks."""
    return text.replace("\n", " ⏎").strip()
