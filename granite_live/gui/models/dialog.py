"""The dialog with all models: installed and available."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.model_inventory import InventorySnapshot, InventoryTier
from granite_live.app.model_tasks import DownloadStatus
from granite_live.gui.dialogs import ask_for_folder, button_row, question_box, show_dialog
from granite_live.gui.messages import translate_message
from granite_live.gui.models import words
from granite_live.gui.models.tasks import ModelTasks
from granite_live.gui.models.widgets import CheckResultTable, ProgressLine, ask_for_archive
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import link_button, push_button, set_role, text_label
from granite_live.gui.wrapping import WrappingWidget


class ModelRow(WrappingWidget):
    """A model, with the buttons for what can be done with it."""

    def __init__(
        self,
        tier: InventoryTier,
        work: ModelTasks,
        ask_removal: Callable[[InventoryTier], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tier = tier
        is_usable = tier.is_installed and not tier.problem
        begun = self.tr("Resume") if tier.downloaded_bytes else self.tr("Download")
        if tier.is_installed:
            begun = self.tr("Download again")
        self.use = self._button(self.tr("Use"), work.use)
        self.use.setVisible(is_usable and not tier.fault and not tier.is_in_use)
        self.download = self._button(begun, work.download)
        self.download.setVisible(
            not tier.is_installed or (bool(tier.fault) and tier.is_downloadable)
        )
        self.check = self._button(self.tr("Verify"), work.check)
        self.check.setVisible(is_usable)
        self.remove = self._button(self.tr("Remove…"), ask_removal)
        self.remove.setVisible(tier.is_removable)
        self._lay_out()

    def set_busy(self, is_busy: bool) -> None:
        """Disable the actions that would have to wait for the running task."""
        for button in (self.download, self.check, self.remove):
            button.setEnabled(not is_busy)

    def _lay_out(self) -> None:
        name = text_label(self, words.name(self.tier))
        state = text_label(self, words.state(self.tier), role="small", wraps=False)
        state.setVisible(bool(state.text()))
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(name, 1)
        head.addWidget(state)
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        foot.addWidget(text_label(self, words.details(self.tier), role="small"), 1)
        for button in (self.use, self.download, self.check, self.remove):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        column.addLayout(foot)
        for sentence in (self.tier.speed, self.tier.reason):
            if sentence:
                column.addWidget(text_label(self, translate_message(sentence), role="small"))
        if trouble := words.problem(self.tier):
            column.addWidget(text_label(self, trouble, role="danger"))

    def _button(self, text: str, act: Callable[[InventoryTier], None]) -> QPushButton:
        name = f"{text.rstrip('…')}: {words.name(self.tier)}"
        return push_button(text, self, lambda: act(self.tier), name=name)


class ModelsDialog(QDialog):
    """Shows the models and what runs, and begins tasks. Emits `compare_requested`."""

    compare_requested = Signal()

    def __init__(self, work: ModelTasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self._work = work
        self.rows: list[ModelRow] = []
        self._is_busy = False
        self._inside = QWidget(self)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, GRID_PX, 0)
        self._list.setSpacing(GRID_PX)
        self._list.addStretch(1)
        self.task_label = text_label(self)
        self.task = ProgressLine(self)
        self.verdict = CheckResultTable(self)
        self.message = text_label(self)
        self.folder_label = text_label(self, role="small")
        self.folder_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setAccessibleDescription(self.tr("Details"))
        self.discard = link_button("", self, work.discard)
        self.import_button = QPushButton(self.tr("Import…"), self)
        self.import_button.setProperty("role", "menu")
        self.import_button.setAutoDefault(False)
        self.import_button.setMenu(self._import_menu())
        self.compare_button = push_button(
            self.tr("Compare…"),
            self,
            self.compare_requested,
            tip=self.tr("Count the wrong words of each model"),
        )
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        self._lay_out()
        self.show_idle()
        self.show_message("")
        self.discard.hide()
        self.close_button.setFocus()
        self.resize(current_theme().px(640), current_theme().px(560))

    def _lay_out(self) -> None:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._inside)
        where = QHBoxLayout()
        where.addWidget(self.folder_label, 1)
        where.addWidget(self.discard)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX + GRID_PX // 2)
        column.addWidget(area, 1)
        for widget in (self.task_label, self.task, self.message, self.verdict):
            column.addWidget(widget)
        column.addLayout(where)
        buttons = button_row((self.import_button, self.compare_button), (self.close_button,))
        column.addLayout(buttons)

    def _import_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("A folder…")).triggered.connect(self._choose_folder)
        menu.addAction(self.tr("An archive…")).triggered.connect(self._choose_archive)
        return menu

    # -- display ------------------------------------------------------------------------------

    def show_shelf(self, shelf: InventorySnapshot) -> None:
        """Show all models."""
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        here = [one for one in shelf.tiers if one.is_installed]
        others = [one for one in shelf.tiers if not one.is_installed]
        for title, tiers in (
            (self.tr("On this computer"), here),
            (self.tr("Available"), others),
        ):
            if tiers:
                self._add_section(title, tiers)
        self._list.addStretch(1)
        text = self.tr("Models are stored in {0} ({1} free).")
        self.folder_label.setText(text.format(shelf.folder, words.size(shelf.free_bytes)))
        left = self.tr("Remove unfinished downloads ({0})")
        self.discard.setText(left.format(words.size(shelf.unfinished_bytes)))
        self.discard.setVisible(bool(shelf.unfinished_bytes))
        self._show_busy()

    def show_download(self, tier: InventoryTier, now: DownloadStatus) -> None:
        """Show the progress of a download."""
        self.task.show_download(now)
        self._show_running(self.tr("Downloading {0}").format(words.name(tier)))

    def show_task(self, doing: str, done: int, total: int, *, can_cancel: bool) -> None:
        """Show the progress of a check or an import; `total` is 0 if unknown."""
        text = f"{words.size(done)} / {words.size(total)}" if total else ""
        self.task.show_task(text, done, total, can_cancel=can_cancel)
        self._show_running(doing)

    def show_idle(self) -> None:
        """Show that no task runs."""
        self._is_busy = False
        self.task_label.hide()
        self.task.hide()
        self._show_busy()

    def show_message(self, sentence: str, *, is_problem: bool = False) -> None:
        """Show a sentence, "" for none."""
        set_role(self.message, "danger" if is_problem else "soft")
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    def row(self, model: str, tier: str) -> ModelRow:
        """Return the row of a tier.

        Raises:
            StopIteration: There is none.
        """
        return next(one for one in self.rows if (one.tier.model, one.tier.tier) == (model, tier))

    def _add_section(self, title: str, tiers: list[InventoryTier]) -> None:
        self._list.addWidget(text_label(self._inside, title, role="section", wraps=False))
        for tier in tiers:
            row = ModelRow(tier, self._work, self._ask_removal, self._inside)
            self._list.addWidget(row)
            self.rows.append(row)

    def _show_running(self, doing: str) -> None:
        if not self._is_busy:
            self.show_message("")
            self.verdict.hide()
        self._is_busy = True
        self.task_label.setText(doing)
        self.task_label.show()
        self.task.show()
        self._show_busy()

    def _show_busy(self) -> None:
        for row in self.rows:
            row.set_busy(self._is_busy)
        self.import_button.setEnabled(not self._is_busy)
        self.compare_button.setEnabled(not self._is_busy)
        self.discard.setEnabled(not self._is_busy)

    # -- questions ----------------------------------------------------------------------------

    def _ask_removal(self, tier: InventoryTier) -> None:
        text = self.tr("Remove {0}? This frees {1}. You can download it again later.")
        box = question_box(
            self,
            text.format(words.name(tier), words.size(tier.size_bytes)),
            yes=self.tr("Remove"),
            no=self.tr("Keep"),
            act=lambda: self._work.remove(tier),
        )
        box.setWindowTitle(self.tr("Remove"))
        show_dialog(box)

    def _choose_folder(self) -> None:
        ask_for_folder(self, self.tr("Folder of a model"), self._work.import_model)

    def _choose_archive(self) -> None:
        ask_for_archive(self, self._work.import_model)
