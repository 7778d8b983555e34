"""The offer of the real model, a progress line with buttons, and the result table of a check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.model_inventory import InventorySnapshot, InventoryTier
from granite_live.app.model_tasks import (
    CheckResult,
    DownloadPhase,
    DownloadStatus,
    VerificationResult,
)
from granite_live.gui.dialogs import ask_for_file
from granite_live.gui.messages import translate_message
from granite_live.gui.models import words
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import (
    icon_button,
    link_button,
    name_button,
    set_icon,
    set_role,
    style_table,
    text_label,
)
from granite_live.gui.wrapping import ShrinkingArea, TransientWidget

_STEPS = 1000


class ProgressLine(QWidget):
    """Emits the user's actions."""

    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_paused = False
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.text = text_label(self, role="small")
        self.pause_button = icon_button(self, act=self._toggle)
        self.cancel_button = icon_button(self, self.tr("Cancel"), self.cancel_requested.emit)
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
        set_icon(self.cancel_button, "close", 18)
        self._show_pause()

    def show_download(self, now: DownloadStatus) -> None:
        """Show the progress of a download."""
        self._is_paused = now.phase is DownloadPhase.PAUSED
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
        label = self.tr("Resume") if self._is_paused else self.tr("Pause")
        name = "play" if self._is_paused else "pause"
        set_icon(self.pause_button, name, 18)
        name_button(self.pause_button, label)

    def _toggle(self) -> None:
        if self._is_paused:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()


class ModelOffer(TransientWidget):
    """Shows the offer, the progress of the download, or why it failed.

    Emits `accepted` or `declined`; `models_requested` opens the model dialog, and
    `archive_requested` asks for a file with the model.
    """

    can_shrink = True
    accepted = Signal()
    declined = Signal()
    models_requested = Signal()
    archive_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._number = self._named = ""
        self._is_brief = False
        self.title = text_label(self, role="title")
        self.text = text_label(self, role="soft")
        self.reason = text_label(self, role="small")
        self.problem = text_label(self, role="danger")
        self.task = ProgressLine(self)
        self.accept_button = QPushButton(self)
        # Not the accent color: a new user should first press the start button.
        self.accept_button.clicked.connect(self.accepted)
        self.decline_button = QPushButton(self.tr("Not now"), self)
        self.decline_button.clicked.connect(self.declined)
        self.archive_button = QPushButton(self.tr("From a file…"), self)
        self.archive_button.clicked.connect(self.archive_requested)
        self.models_button = link_button(self.tr("Other models…"), self, self.models_requested)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self._buttons = TransientWidget(self)
        self._buttons.focus_lost.connect(self.focus_lost)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, GRID_PX // 2, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.accept_button)
        row.addWidget(self.archive_button)
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
        self._column = column = QVBoxLayout(self)
        for widget in (self.title, self._told, self.task, self._buttons):
            column.addWidget(widget)
        self._set_spacing()

    def _set_spacing(self) -> None:
        half = GRID_PX // 2
        # A step has the margins of the steps above it.
        top, bottom, between = GRID_PX + half, 2 * GRID_PX, GRID_PX
        if self._number:
            top, bottom, between = GRID_PX, GRID_PX + half, half
        self._column.setContentsMargins(2 * GRID_PX, top, 2 * GRID_PX, bottom)
        self._column.setSpacing(between)

    def offer(self, tier: InventoryTier, shelf: InventorySnapshot, problem: str = "") -> None:
        """Offer a model, or the rest of it; `problem` says why the last download failed."""
        self._set_title(words.offer_title(tier))
        self.text.setText(words.offer_text(tier, shelf, is_brief=bool(problem)))
        self.reason.setText(words.offer_reason(tier, shelf))
        self.problem.setText(problem)
        is_begun = bool(tier.downloaded_bytes)
        self.accept_button.setText(self._accept_text(is_begun=is_begun, is_retry=bool(problem)))
        self.archive_button.setVisible(bool(problem))
        self._present(is_busy=False, problem=problem)

    def set_brief(self, is_brief: bool) -> None:
        """Show only the title and the buttons, because the transcript needs the room."""
        self._is_brief = is_brief
        is_told = not self._buttons.isHidden() and not (is_brief and self.problem.isHidden())
        self._told.setVisible(is_told)

    def set_number(self, number: str) -> None:
        """Show the offer as a step with a number such as "3. ", or alone if that is ""."""
        self._number = number
        self._set_spacing()
        self._set_title(self._named)

    def _set_title(self, title: str) -> None:
        self._named = title
        self.title.setText(f"{self._number}{title}")

    def _accept_text(self, *, is_begun: bool, is_retry: bool) -> str:
        if is_retry:
            return self.tr("Retry")
        return self.tr("Resume") if is_begun else self.tr("Download")

    def show_download(self, tier: InventoryTier, now: DownloadStatus) -> None:
        """Show the progress of a download."""
        self._set_title(self.tr("Downloading {0}").format(words.name(tier)))
        self.task.show_download(now)
        self._present(is_busy=True)

    def show_check(self, tier: InventoryTier, done: int, total: int) -> None:
        """Show the progress of a check."""
        self._set_title(self.tr("Checking {0}").format(words.name(tier)))
        text = self.tr("Verifying files and testing the model")
        self.task.show_task(text, done, total)
        self._present(is_busy=True)

    def show_preparing(self, tier: InventoryTier) -> None:
        """Show that the model is being optimized for this computer."""
        self._set_title(words.preparing(tier))
        self.task.show_task(self.tr("One-time optimization, a few minutes (optional)"), 0, 0)
        self._present(is_busy=True)

    def _present(self, *, is_busy: bool, problem: str = "") -> None:
        self.reason.setVisible(not is_busy and not problem)
        self._told.setVisible(not is_busy and not (self._is_brief and not problem))
        self._buttons.setVisible(not is_busy)
        self.problem.setVisible(bool(problem))
        self.task.setVisible(is_busy)
        self.setAccessibleName(self.title.text())
        self.show()


_ROWS_HIGH = 5


class CheckResultTable(QWidget):
    """A sentence with a table of all checked items below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = text_label(self)
        self.table = QTableWidget(0, 3, self)
        self.table.setAccessibleName(self.tr("What was checked"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Checked"), self.tr("Result"), self.tr("Detail")]
        )
        style_table(self.table)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setWordWrap(False)
        # The row height is set below; keep the side padding of all tables.
        self.table.setStyleSheet("QTableWidget::item { padding-top: 0; padding-bottom: 0; }")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.sentence)
        column.addWidget(self.table)
        self.hide()

    def show_verdict(self, tier: InventoryTier, verdict: VerificationResult) -> None:
        """Show the result, or nothing if the user stopped the check."""
        if verdict.was_stopped:
            self.hide()
            return
        self.sentence.setText(check_result_sentence(words.name(tier), verdict))
        set_role(self.sentence, "danger" if verdict.failed else "")
        row_px = self.table.fontMetrics().height() + 2 * GRID_PX
        self.table.verticalHeader().setDefaultSectionSize(row_px)
        self.table.setRowCount(len(verdict.checks))
        for row, one in enumerate(verdict.checks):
            texts = (self._item(one), self._result(one), translate_message(one.detail))
            for place, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(text)
                self.table.setItem(row, place, item)
        rows = min(_ROWS_HIGH, len(verdict.checks))
        height = self.table.horizontalHeader().sizeHint().height() + 2 * GRID_PX
        self.table.setFixedHeight(height + rows * row_px)
        self.show()

    def _item(self, one: CheckResult) -> str:
        names = {"files": self.tr("files"), "transcript": self.tr("text")}
        return names.get(one.item) or translate_message(one.item)

    def _result(self, one: CheckResult) -> str:
        if one.is_good is None:
            return self.tr("Not checked")
        return self.tr("OK") if one.is_good else self.tr("Failed")


def ask_for_archive(parent: QWidget, chosen: Callable[[Path], object]) -> None:
    """Ask for a file with a model, and call `chosen` with it."""
    translate = QCoreApplication.translate
    kinds = translate("Models", "Archives (*.zip *.tar *.tar.gz *.tgz)")
    title = translate("Models", "Archive of a model")
    ask_for_file(parent, title, chosen, folder=Path.home(), filters=[kinds])


def check_result_sentence(name: str, verdict: VerificationResult) -> str:
    """Return the result of a check as a sentence, with advice."""
    translate = QCoreApplication.translate
    if verdict.failed:
        text = translate(
            "Models", "{0}: {1} of {2} checks failed. Remove this model and download it again."
        )
        return text.format(name, verdict.failed, len(verdict.checks))
    return translate("Models", "{0}: no problems found.").format(name)
