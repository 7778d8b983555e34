"""The notice bar: one line above the text, with an optional action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from granite_live.gui.messages import translate_message
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.widgets import TransientWidget, icon, icon_button, pixmap

_SHOWN_MS = 12_000


class NoticeBar(TransientWidget):
    """Shows the newest notice. A notice with an action stays until the user answers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._is_problem = False
        self._act: Callable[[], None] | None = None
        self._icon = QLabel(self)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.action = QPushButton(self)
        self.action.clicked.connect(self._do)
        self.close_button = icon_button(
            self, self.tr("Close the notice"), self.clear, tip=self.tr("Close")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX + GRID_PX // 2)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        size = theme.px(16)
        self.close_button.setIcon(icon("close", theme.colors.soft, size))
        self.close_button.setIconSize(QSize(size, size))
        self._show_icon()

    def show_message(self, sentence: str, *, is_problem: bool = False) -> None:
        """Show a sentence. A sentence that reports no problem disappears after a while."""
        self._present(sentence, is_problem)
        if not is_problem:
            self._timer.start()

    def offer(self, sentence: str, action: str, act: Callable[[], None]) -> None:
        """Show a sentence with a button."""
        self._present(sentence, is_problem=False)
        self._act = act
        self.action.setText(action)
        self.action.show()

    def clear(self) -> None:
        """Hide the notice."""
        self._timer.stop()
        self._act = None
        self.hide()

    def _present(self, sentence: str, is_problem: bool) -> None:
        self._timer.stop()
        self._act = None
        self._is_problem = is_problem
        self._show_icon()
        sentence = translate_message(sentence)
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.action.hide()
        self.show()
        # Screen readers announce the notice at once, wherever the focus is.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _do(self) -> None:
        act = self._act
        self.clear()
        if act is not None:
            act()

    def _show_icon(self) -> None:
        colors, size = self._theme.colors, self._theme.px(20)
        name, ink = ("warning", colors.warning) if self._is_problem else ("info", colors.accent_ink)
        self._icon.setPixmap(pixmap(name, ink, size))
