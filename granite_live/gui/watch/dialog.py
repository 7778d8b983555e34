"""The dialog of a watched folder: start, state, stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from granite_live.gui.dialogs import ask_for_folder, button_row, dialog_column
from granite_live.gui.export_dialog import format_labels
from granite_live.gui.messages import translate_message
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.watch.controller import WatchChoice, is_resumed, set_resumed
from granite_live.gui.widgets import ProblemLabel, default_button, hint, push_button, text_label
from granite_live.gui.wrapping import fit_to_text

if TYPE_CHECKING:
    from granite_live.gui.watch.controller import WatchController, WatchState


class WatchDialog(QDialog):
    """Starts and stops the watch of a controller. Closing the dialog leaves it running."""

    def __init__(
        self,
        controller: WatchController,
        ui_state: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Watch a folder"))
        self._controller = controller
        chosen = WatchChoice.load(ui_state)
        self.folder = QLineEdit(chosen.folder, self)
        self.folder.setAccessibleName(self.tr("Folder"))
        self.choose_button = push_button(
            self.tr("Choose…"), self, self._choose, name=self.tr("Choose the folder")
        )
        self.formats = QComboBox(self)
        for name, label in format_labels().items():
            self.formats.addItem(f"{label} (.{name})", name)
        self.formats.setCurrentIndex(self.formats.findData(chosen.format_name))
        self.recursive = QCheckBox(self.tr("Folders in it, too"), self)
        self.recursive.setChecked(chosen.is_recursive)
        self.at_start = QCheckBox(self.tr("Watch again when the program starts"), self)
        self.at_start.setToolTip(self.tr("Until you stop it"))
        self.at_start.setChecked(is_resumed(ui_state))
        self.at_start.toggled.connect(lambda is_on: set_resumed(ui_state, is_resumed=is_on))
        self.status = text_label(self)
        self.problem = ProblemLabel(self)
        self.start_button = default_button("", self._start_or_stop, self)
        self.close_button = push_button(self.tr("Close"), self, self.reject)
        self.folder.textChanged.connect(lambda _text: self._show(controller.state))
        self._width_px = current_theme().px(560)
        self._lay_out()
        self._show(controller.state)
        controller.changed.connect(self._show)
        fit_to_text(self, self._width_px)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for row, (name, field) in enumerate(
            ((self.tr("Folder"), self.folder), (self.tr("Format"), self.formats))
        ):
            label = QLabel(name, self)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.choose_button, 0, 2)
        grid.addWidget(self.recursive, 2, 1)
        grid.addWidget(self.at_start, 3, 1)
        column = dialog_column(self)
        column.addWidget(
            hint(
                self.tr(
                    "Each recording that arrives in the folder is transcribed, and its text is "
                    "written beside it. Recordings that have a text are left alone."
                )
            )
        )
        column.addLayout(grid)
        column.addWidget(self.status)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addLayout(button_row((), (self.close_button, self.start_button)))

    def _choose(self) -> None:
        place = self.folder.text().strip() or str(Path.home())
        ask_for_folder(
            self,
            self.tr("Choose the folder"),
            lambda path: self.folder.setText(str(path)),
            folder=place,
        )

    def _start_or_stop(self) -> None:
        if self._controller.state.folder is not None:
            self._controller.stop()
            return
        folder, name = self.folder.text().strip(), str(self.formats.currentData())
        self._controller.start(WatchChoice(folder, name, self.recursive.isChecked()))

    def _show(self, state: WatchState) -> None:
        is_on = state.folder is not None
        self.start_button.setText(self.tr("Stop watching") if is_on else self.tr("Watch"))
        self.start_button.setEnabled(is_on or bool(self.folder.text().strip()))
        for field in (self.folder, self.choose_button, self.formats, self.recursive):
            field.setEnabled(not is_on)
        parts = [
            self.tr("Texts written: {0}").format(state.written),
            self.tr("recordings in the queue: {0}").format(state.waiting),
        ]
        if state.failed:
            parts.append(self.tr("failed: {0}").format(state.failed))
        head = (
            self.tr("Watching. You can close this dialog.") if is_on else self.tr("Not watching.")
        )
        self.status.setText(f"{head}\n{', '.join(parts)}.")
        problem = translate_message(state.problem)
        if problem != self.problem.text():
            self.problem.show_problem(problem)
            fit_to_text(self, self._width_px)
