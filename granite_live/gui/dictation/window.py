"""The dictation window: small, above other programs, never with the keyboard focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.dictation import status_text
from granite_live.gui.dictation.deliveries import DeliveryStatus, DictatedText
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.dictation.indicator import UnfocusedWindow
from granite_live.gui.level_meters import LevelBar
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import (
    ElidedLabel,
    icon_button,
    pixmap,
    set_icon,
    set_role,
    text_label,
)


class DictatedTextRow(QWidget):
    """One text, with a button that copies it. Emits `dismissed` on the other one."""

    dismissed = Signal()

    def __init__(self, entry: DictatedText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role = "" if entry.status is DeliveryStatus.DELIVERED else "soft"
        self.text = text_label(self, _shown(entry.text), role=role)
        struck = self.text.font()
        struck.setStrikeOut(entry.status is DeliveryStatus.SCRATCHED)
        self.text.setFont(struck)
        self.note = text_label(self, entry.note, role="small")
        self.note.setVisible(bool(entry.note))
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.text)
        said.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addLayout(said, 1)
        self.copy = self._button("copy", self.tr("Copy the text"))
        self.close_button = self._button("close", self.tr("Remove from the list"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(entry.text.strip()))
        self.close_button.clicked.connect(self.dismissed)
        for button in (self.copy, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            button.setVisible(entry.status is DeliveryStatus.FAILED)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = icon_button(self, tip)
        set_icon(button, name, 16, "text")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button


class DictatedTextList(QWidget):
    """The rows, newest last. Emits `dismissed` with the number of an entry to remove."""

    dismissed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[DictatedTextRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)

    def show_entries(self, entries: Sequence[DictatedText]) -> None:
        """Show these entries in place of the old ones."""
        for old in self.rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [DictatedTextRow(entry, self) for entry in entries]
        for row, entry in zip(self.rows, entries, strict=True):
            row.dismissed.connect(lambda number=entry.number: self.dismissed.emit(number))
            self._column.addWidget(row)
            row.show()
        self.setVisible(bool(self.rows))


def _shown(text: str) -> str:
    """Return a text with visible line breaks."""
    return text.replace("\n", " ⏎").strip()


_WIDTH_PX = 368
_MAX_ROWS_PX = 200


class DictationWindow(UnfocusedWindow):
    """Emits the user's actions.

    `pressed` and `released` come from the talk button, `closed` from the window.
    """

    pressed = Signal()
    released = Signal()
    closed = Signal()

    def __init__(self, ui_state: QSettings) -> None:
        """Create the window; `ui_state` stores its position."""
        super().__init__()
        self._ui_state = ui_state
        self._state, self._is_hold = DictationState.OFF, True
        self._entries: Sequence[DictatedText] = ()
        self._make()
        self._lay_out()
        set_icon(self.close_button, "close", 16)
        follow_theme(self._apply_theme)

    def _make(self) -> None:
        self._state_icon = QLabel(self)
        self.state = QLabel(self)
        self.state.setAccessibleDescription(self.tr("State"))
        self.close_button = icon_button(
            self,
            self.tr("Close the pad"),
            self.close,
            tip=self.tr("Close (releases the microphone)"),
        )
        self.button = QPushButton(self)
        self.button.setObjectName("talk")
        self.button.pressed.connect(self.pressed)
        self.button.released.connect(self.released)
        self.meter = LevelBar(self)
        self.target = ElidedLabel(self, role="soft")
        self.draft = self._make_label("draft")
        self.problem = self._make_label("danger")
        self.message = self._make_label("soft")
        self.key = self._make_label("small")
        self.older = self._make_label("small")
        self.rows = DictatedTextList(self)
        for button in (self.close_button, self.button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _make_label(self, role: str) -> QLabel:
        label = text_label(self, role=role)
        label.hide()
        return label

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self._state_icon)
        head.addWidget(self.state, 1)
        head.addWidget(self.close_button)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID_PX)
        middle.addWidget(self.button)
        middle.addWidget(self.meter)
        middle.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.rows)
        self._scroll.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addLayout(middle)
        for part in (
            self.target,
            self.older,
            self._scroll,
            self.draft,
            self.message,
            self.problem,
            self.key,
        ):
            column.addWidget(part)

    def _apply_theme(self) -> None:
        colors, px = current_theme().colors, current_theme().px
        self.setStyleSheet(
            f"#pad {{ background: {colors.page}; border: 1px solid {colors.edge}; }}"
            f"QLabel[role='draft'] {{ color: {colors.draft}; }}"
            f"#talk {{ border-radius: {px(17)}px; min-height: {px(24)}px; font-weight: 600;"
            f" padding: {px(5)}px {px(18)}px; }}"
        )
        self.show_entries(self._entries)
        self.show_state(self._state, self.state.text(), is_hold=self._is_hold)

    # -- display ------------------------------------------------------------------------------

    def show_state(self, stage: DictationState, told: str, *, is_hold: bool) -> None:
        """Show the state in these words, and the talk button for it."""
        self._state, self._is_hold = stage, is_hold
        colors = current_theme().colors
        is_down = stage is DictationState.LISTENING
        self.state.setText(told)
        self.setAccessibleDescription(told)
        ink = {
            DictationState.LISTENING: colors.danger,
            DictationState.READY: colors.good,
            DictationState.FINISHING: colors.accent_ink,
        }.get(stage, colors.quiet)
        self._state_icon.setPixmap(pixmap("microphone", ink, current_theme().px(18)))
        self.button.setText(status_text.button(is_hold=is_hold, is_down=is_down))
        set_icon(self.button, "microphone", 18, "danger" if is_down else "on_accent")
        set_role(self.button, "" if is_down else "primary")
        self.meter.set_active(is_down)
        self._fit_height()

    def set_label_text(self, label: QLabel, text: str) -> None:
        """Set a label's text; hide it if empty."""
        if label.text() == text and label.isVisibleTo(self) == bool(text):
            return
        label.setText(text)
        label.setVisible(bool(text))
        self._fit_height()

    def show_entries(self, entries: Sequence[DictatedText]) -> None:
        """Show the dictated texts, oldest first."""
        self._entries = entries
        self.rows.show_entries(entries)
        self._scroll.setVisible(bool(entries))
        self._fit_height()
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _fit_height(self) -> None:
        """Resize to the content; keep the edge that is nearer to the edge of the screen."""
        layout = self.layout()
        assert layout is not None
        width = current_theme().px(_WIDTH_PX)
        margins = layout.contentsMargins()
        inside = width - margins.left() - margins.right() - current_theme().px(2)
        rows = self.rows.layout()
        if rows is not None and not self._scroll.isHidden():
            needed = max(rows.totalHeightForWidth(inside), rows.totalMinimumSize().height())
            self._scroll.setFixedHeight(min(current_theme().px(_MAX_ROWS_PX), needed))
        layout.activate()
        height = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        bottom, is_low = self.geometry().bottom(), self._is_in_lower_half()
        self.setFixedSize(width, height)
        if is_low:
            self.move(self.x(), bottom - height + 1)

    def _is_in_lower_half(self) -> bool:
        return self.geometry().center().y() > self.screen().availableGeometry().center().y()

    # -- position -----------------------------------------------------------------------------

    def show_unfocused(self) -> None:
        """Show the window where it was, or in the corner, without taking the focus."""
        self._fit_height()
        room = self.screen().availableGeometry()
        corner = QPoint(room.right() - self.width() - 3 * GRID_PX, room.bottom() - 3 * GRID_PX)
        place = self._ui_state.value("pad")
        foot = place if isinstance(place, QPoint) else corner
        x = min(max(room.left(), foot.x()), room.right() - self.width())
        y = min(max(room.top() + self.height(), foot.y()), room.bottom())
        self.move(x, y - self.height())
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Drag the window outside of its buttons."""
        window = self.windowHandle()
        if event.button() is Qt.MouseButton.LeftButton and window is not None:
            window.startSystemMove()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store the position of the lower edge, from which the window grows.

        Qt also closes a window that was never shown, and that has no position.
        """
        if self.isVisible():
            self._ui_state.setValue("pad", QPoint(self.x(), self.y() + self.height()))
            self.closed.emit()
        event.accept()
