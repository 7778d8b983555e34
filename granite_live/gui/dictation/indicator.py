"""The indicator of a dictation without the dictation window: a small bar low on the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from granite_live.gui.captions.positions import beside
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.level_meters import LevelBar
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, pixmap, text_label

_WIDTH_PX = 300
_ABOVE_EDGE_PX = 6 * GRID_PX
_PROBLEM_MS = 8000
"""How long a problem stays after the dictation."""


class UnfocusedWindow(QWidget):
    """A small window above all others that never takes the keyboard's focus."""

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setObjectName("pad")
        self.setWindowTitle(self.tr("Granite Live: dictation"))
        for attribute in (
            Qt.WidgetAttribute.WA_StyledBackground,
            Qt.WidgetAttribute.WA_ShowWithoutActivating,
            Qt.WidgetAttribute.WA_X11DoNotAcceptFocus,
            Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow,
        ):
            self.setAttribute(attribute)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)


class DictationIndicator(UnfocusedWindow):
    """Shows that the microphone listens, how loud it is, and which key cancels.

    It never takes the focus, and clicks go through it to the program below.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.keep_free: Callable[[], QRect] = QRect
        """Returns the area of the screen that the indicator must not cover."""
        self._state = DictationState.OFF
        self._icon = QLabel(self)
        self.state = text_label(self)
        self.hint = text_label(self, self.tr("Esc cancels"), role="small", wraps=False)
        self.problem = ProblemLabel(self)
        self.meter = LevelBar(self)
        self._hiding = QTimer(self, singleShot=True, interval=_PROBLEM_MS)
        self._hiding.timeout.connect(self.hide)
        self._lay_out()
        follow_theme(self._apply_theme)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self._icon)
        row.addWidget(self.state, 1)
        row.addWidget(self.meter)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(self.hint)

    def _apply_theme(self) -> None:
        colors = current_theme().colors
        self.setStyleSheet(
            f"#pad {{ background: {colors.page}; border: 1px solid {colors.edge}; }}"
        )
        self._show_icon()

    def show_state(self, state: DictationState, told: str) -> None:
        """Show the state in these words, on the screen with the pointer."""
        self._state = state
        self._hiding.stop()
        self.state.setText(told)
        self.setAccessibleDescription(told)
        self.hint.setVisible(state is DictationState.LISTENING)
        self.meter.set_active(state is DictationState.LISTENING)
        self._show_icon()
        self._place()

    def show_problem(self, sentence: str) -> None:
        """Show a problem, "" for none; it stays for a while after the dictation."""
        self.problem.show_problem(sentence)
        if sentence and self.isVisible():
            self._place()

    def dismiss(self) -> None:
        """Hide the indicator, at once or when the problem was shown for a while."""
        if self.isVisible() and self.problem.text():
            self.hint.hide()
            if not self._hiding.isActive():
                self._hiding.start()
        else:
            self.hide()

    def _show_icon(self) -> None:
        colors = current_theme().colors
        ink = colors.danger if self._state is DictationState.LISTENING else colors.accent_ink
        self._icon.setPixmap(pixmap("microphone", ink, current_theme().px(18)))

    def _place(self) -> None:
        """Show the indicator in the lower middle of the screen."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or self.screen()
        room = screen.availableGeometry()
        width = min(current_theme().px(_WIDTH_PX), room.width())
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        self.setFixedSize(width, height)
        left, top = (room.width() - width) // 2, room.height() - 1 - height - _ABOVE_EDGE_PX
        place = QRect(room.left() + left, room.top() + top, width, height)
        self.move(beside(place, self.keep_free(), room).topLeft())
        self.show()
        self.raise_()
