"""A progress line: bar, text, pause and cancel buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from granite_live.app.fetching import Phase, Progress
from granite_live.gui.icon_button import icon_button
from granite_live.gui.icons import icon
from granite_live.gui.models import words
from granite_live.gui.theme import GRID_PX, Theme

_STEPS = 1000


class TaskLine(QWidget):
    """Emits the user's actions."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_paused = False
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.text = QLabel(self)
        self.text.setProperty("role", "small")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.pause_button = icon_button(self, act=self._toggle)
        self.cancel_button = icon_button(self, act=self.cancel_wanted.emit)
        self.cancel_button.setAccessibleName(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Cancel"))
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        left.addStretch(1)
        left.addWidget(self.bar)
        left.addWidget(self.text)
        left.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addLayout(left, 1)
        row.addWidget(self.pause_button)
        row.addWidget(self.cancel_button)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        size = theme.px(18)
        self.cancel_button.setIcon(icon("close", theme.colors.soft, size))
        for button in (self.pause_button, self.cancel_button):
            button.setIconSize(QSize(size, size))
        self._show_pause()

    def show_download(self, now: Progress) -> None:
        """Show the progress of a download."""
        self._is_paused = now.phase is Phase.PAUSED
        self.pause_button.show()
        self.cancel_button.show()
        self._show_pause()
        self._show(words.progress(now), now.done_bytes, now.total_bytes)

    def show_task(self, text: str, done: int, total: int, *, can_cancel: bool = True) -> None:
        """Show the progress of another task; `total` is 0 if unknown."""
        self.pause_button.hide()
        self.cancel_button.setVisible(can_cancel)
        self._show(text, done, total)

    def _show(self, text: str, done: int, total: int) -> None:
        # Without a total the bar shows only that the task runs.
        self.bar.setRange(0, _STEPS if total else 0)
        self.bar.setValue(round(_STEPS * done / total) if total else 0)
        self.text.setText(text)

    def _show_pause(self) -> None:
        label = self.tr("Go on") if self._is_paused else self.tr("Pause")
        name = "play" if self._is_paused else "pause"
        self.pause_button.setIcon(icon(name, self._theme.colors.soft, self._theme.px(18)))
        self.pause_button.setAccessibleName(label)
        self.pause_button.setToolTip(label)

    def _toggle(self) -> None:
        if self._is_paused:
            self.resume_wanted.emit()
        else:
            self.pause_wanted.emit()
