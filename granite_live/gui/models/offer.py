"""The offer to download the real model, as a card above the transcript."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from granite_live.app.fetching import Progress
from granite_live.app.shelf_tiers import Shelf, ShelfTier
from granite_live.gui.models import words
from granite_live.gui.models.task_line import TaskLine
from granite_live.gui.shrinking import ShrinkingArea
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.wrapping import Passing


class ModelOffer(Passing):
    """Shows the offer, the progress of the download, or why it failed.

    Emits `accepted` or `declined`; `models_wanted` opens the model dialog.
    """

    gives_way = True
    accepted = Signal()
    declined = Signal()
    models_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = QLabel(self)
        self.title.setProperty("role", "title")
        self.text = QLabel(self)
        self.text.setProperty("role", "soft")
        self.reason = QLabel(self)
        self.reason.setProperty("role", "small")
        self.problem = QLabel(self)
        self.problem.setProperty("role", "danger")
        for label in (self.title, self.text, self.reason, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.task = TaskLine(theme, self)
        self.accept_button = QPushButton(self)
        # Not the accent color: a new user should first press the start button.
        self.accept_button.clicked.connect(self.accepted)
        self.decline_button = QPushButton(self.tr("Not now"), self)
        self.decline_button.clicked.connect(self.declined)
        self.models_button = QPushButton(self.tr("Other models…"), self)
        self.models_button.setProperty("role", "link")
        self.models_button.clicked.connect(self.models_wanted)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, GRID_PX // 2, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.accept_button)
        row.addWidget(self.decline_button)
        row.addStretch(1)
        row.addWidget(self.models_button)
        inside = QWidget(self)
        told = QVBoxLayout(inside)
        told.setContentsMargins(0, 0, GRID_PX // 2, 0)
        told.setSpacing(GRID_PX)
        for label in (self.problem, self.text, self.reason):
            told.addWidget(label)
        # In a low window the buttons stay visible and the text can be scrolled.
        self._told = ShrinkingArea(inside, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX + GRID_PX // 2, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        for widget in (self.title, self._told, self.task, self._buttons):
            column.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self.task.set_theme(theme)

    def offer(self, tier: ShelfTier, shelf: Shelf, problem: str = "") -> None:
        """Offer a model, or the rest of it; `problem` says why the last download failed."""
        self.title.setText(words.offer_title(tier))
        self.text.setText(words.offer_text(tier, shelf, is_brief=bool(problem)))
        self.reason.setText(words.offer_reason(tier, shelf))
        self.problem.setText(problem)
        is_begun = bool(tier.fetched_bytes)
        self.accept_button.setText(self.tr("Go on") if is_begun else self.tr("Download"))
        self._present(is_busy=False, problem=problem)

    def show_download(self, tier: ShelfTier, now: Progress) -> None:
        """Show the progress of a download."""
        self.title.setText(self.tr("Fetching {0}").format(words.name(tier)))
        self.task.show_download(now)
        self._present(is_busy=True)

    def show_check(self, tier: ShelfTier, done: int, total: int) -> None:
        """Show the progress of a check."""
        self.title.setText(self.tr("Checking {0}").format(words.name(tier)))
        text = self.tr("Reading every byte, then trying it on this computer")
        self.task.show_task(text, done, total)
        self._present(is_busy=True)

    def show_preparing(self, tier: ShelfTier) -> None:
        """Show that the model is being optimized for this computer."""
        self.title.setText(words.preparing(tier))
        self.task.show_task(self.tr("Once, some minutes; without it, it works too"), 0, 0)
        self._present(is_busy=True)

    def _present(self, *, is_busy: bool, problem: str = "") -> None:
        self.reason.setVisible(not is_busy and not problem)
        for widget in (self._told, self._buttons):
            widget.setVisible(not is_busy)
        self.problem.setVisible(bool(problem))
        self.task.setVisible(is_busy)
        self.setAccessibleName(self.title.text())
        self.show()
