"""A row of the model dialog: one model with its actions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from granite_live.app.shelf_tiers import ShelfTier
from granite_live.gui.models import words
from granite_live.gui.theme import GRID_PX
from granite_live.gui.told import in_words
from granite_live.gui.wrapping import Wrapping


class ModelRow(Wrapping):
    """Emits the user's actions."""

    use_wanted = Signal()
    download_wanted = Signal()
    check_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, tier: ShelfTier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tier = tier
        is_usable = tier.is_here and not tier.problem
        begun = self.tr("Go on") if tier.fetched_bytes else self.tr("Download")
        if tier.is_here:
            begun = self.tr("Fetch again")
        self.use = self._button(self.tr("Use"), self.use_wanted)
        self.use.setVisible(is_usable and not tier.fault and not tier.is_in_use)
        self.download = self._button(begun, self.download_wanted)
        self.download.setVisible(not tier.is_here or (bool(tier.fault) and tier.can_come_again))
        self.check = self._button(self.tr("Check"), self.check_wanted)
        self.check.setVisible(is_usable)
        self.remove = self._button(self.tr("Remove…"), self.remove_wanted)
        self.remove.setVisible(tier.can_go)
        self._lay_out()

    def set_busy(self, is_busy: bool) -> None:
        """Disable the actions that would have to wait for the running task."""
        for button in (self.download, self.check, self.remove):
            button.setEnabled(not is_busy)

    def _lay_out(self) -> None:
        name = self._label(words.name(self.tier), "")
        state = self._label(words.state(self.tier), "small")
        state.setWordWrap(False)
        state.setVisible(bool(state.text()))
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(name, 1)
        head.addWidget(state)
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        foot.addWidget(self._label(words.about(self.tier), "small"), 1)
        for button in (self.use, self.download, self.check, self.remove):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        column.addLayout(foot)
        if self.tier.reason:
            column.addWidget(self._label(in_words(self.tier.reason), "small"))
        if trouble := words.trouble(self.tier):
            column.addWidget(self._label(trouble, "danger"))

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("role", role)
        return label

    def _button(self, text: str, signal: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{text.rstrip('…')}: {words.name(self.tier)}")
        button.clicked.connect(signal)
        return button
