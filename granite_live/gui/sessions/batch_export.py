"""Save several sessions as files in one folder."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from granite_live.app.session_export import ExportSummary, export_sessions
from granite_live.gui.background import Background
from granite_live.gui.dialogs import ask_for_folder, button_row, dialog_column, stored_folder
from granite_live.gui.export_dialog import (
    FOLDER,
    FORMAT,
    file_content,
    format_labels,
    remember_rules,
    rules_choice,
)
from granite_live.gui.messages import translate_message
from granite_live.gui.sessions import session_list
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, default_button, text_label
from granite_live.gui.wrapping import fit_to_text
from granite_live.library import SavedSession
from granite_live.transcript.export import BINARY_FORMATS, FORMATS
from granite_live.transcript.export.options import PDF, PRESETS, SUBTITLE_FORMATS, ExportOptions

_SHOWN_PROBLEMS = 3


class BatchExportDialog(QDialog):
    """Asks for a format and a folder, and writes one file for each session.

    Emits `saved` with a sentence about what was written. Existing files stay as they are.
    """

    saved = Signal(str)
    _progressed = Signal(int)

    def __init__(
        self,
        sessions: Sequence[SavedSession],
        background: Background,
        ui_state: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export {0} sessions").format(len(sessions)))
        self._sessions = [(one, session_list.title(one)) for one in sessions]
        self._background, self._ui_state = background, ui_state
        self._canceled = threading.Event()
        self._is_running = False
        self.formats = QComboBox(self)
        labels = format_labels()
        for name in (*FORMATS, *BINARY_FORMATS, PDF):
            self.formats.addItem(f"{labels.get(name, name)} (.{name})", name)
        self.formats.setCurrentIndex(max(0, self.formats.findData(ui_state.value(FORMAT, ""))))
        self.rules = rules_choice(ui_state, self)
        self.formats.currentIndexChanged.connect(self._show_rules)
        self.folder = QLineEdit(str(stored_folder(ui_state, FOLDER)), self)
        self.browse = QPushButton(self.tr("Choose…"), self)
        self.browse.setAccessibleName(self.tr("Choose the folder"))
        self.browse.clicked.connect(self._choose)
        self.progress = text_label(self, role="small", wraps=False)
        self.problem = ProblemLabel(self)
        self.save_button = default_button(self.tr("Save"), self._save, self)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.reject)
        self._progressed.connect(self._show_progress)
        self._lay_out()
        self._show_rules()
        fit_to_text(self, 34 * self.fontMetrics().height())

    def _lay_out(self) -> None:
        about = self.tr(
            "Each session becomes a file of its own. Files that exist stay as they are."
        )
        folder = QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        form = QFormLayout()
        form.setSpacing(GRID_PX)
        form.addRow(self.tr("Format"), self.formats)
        form.addRow(self.tr("Rules for subtitles"), self.rules)
        form.addRow(self.tr("Folder"), folder)
        self.folder.setAccessibleName(self.tr("Folder"))
        column = dialog_column(self)
        column.addWidget(text_label(self, about, role="soft"))
        column.addLayout(form)
        column.addWidget(self.problem)
        buttons = button_row((self.progress,), (self.cancel_button, self.save_button))
        column.addLayout(buttons)

    def _choose(self) -> None:
        ask_for_folder(
            self,
            self.tr("Choose the folder"),
            lambda path: self.folder.setText(str(path)),
            folder=self.folder.text(),
        )

    def _save(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser()
        if not folder.is_absolute() or not folder.is_dir():
            told = self.tr("The folder '{0}' does not exist: create it or choose another.")
            self._show_problem(told.format(folder))
            return
        format_name = str(self.formats.currentData())
        self._ui_state.setValue(FOLDER, str(folder))
        self._ui_state.setValue(FORMAT, format_name)
        remember_rules(self._ui_state, self.rules.currentData())
        options = ExportOptions(PRESETS[self.rules.currentData()], translate=translate_message)
        self._show_problem("")
        self._set_running(True)
        self._show_progress(0)

        def write() -> ExportSummary:
            return export_sessions(
                self._sessions,
                folder,
                format_name,
                options,
                write=file_content,
                on_progress=self._report,
                is_canceled=self._canceled.is_set,
            )

        self._background.run(write, self._show_summary, self._failed)

    def _show_rules(self) -> None:
        """Enable the rules for formats that have some."""
        self.rules.setEnabled(self.formats.currentData() in SUBTITLE_FORMATS)

    def _report(self, done: int) -> None:
        """Show the progress; called in the thread that writes."""
        if isValid(self):
            self._progressed.emit(done)

    def _show_progress(self, done: int) -> None:
        text = self.tr("Saving {0} of {1}…").format(
            min(done + 1, len(self._sessions)), len(self._sessions)
        )
        self.progress.setText(text)

    def _show_summary(self, summary: ExportSummary) -> None:
        if not isValid(self):
            return
        self._set_running(False)
        told = self._sentence(summary)
        if summary.failed:
            reasons = [translate_message(one) for one in summary.failed[:_SHOWN_PROBLEMS]]
            self.progress.setText(told)
            self._show_problem("\n".join(reasons))
            self.cancel_button.setText(self.tr("Close"))
            return
        self.saved.emit(told)
        self.accept()

    def _sentence(self, summary: ExportSummary) -> str:
        folder = self._ui_state.value(FOLDER)
        parts = [self.tr("Files saved in {1}: {0}.").format(len(summary.written), folder)]
        if summary.empty:
            parts.append(self.tr("Sessions without text: {0}.").format(summary.empty))
        if summary.failed:
            parts.append(self.tr("Not saved: {0}.").format(len(summary.failed)))
        if summary.is_canceled:
            parts.append(self.tr("The rest was canceled."))
        return " ".join(parts)

    def _failed(self, sentence: str) -> None:
        if isValid(self):
            self._set_running(False)
            self._show_problem(sentence)

    def _show_problem(self, sentence: str) -> None:
        self.problem.show_problem(sentence)
        fit_to_text(self, self.width())

    def _set_running(self, is_running: bool) -> None:
        self._is_running = is_running
        for widget in (self.formats, self.rules, self.folder, self.browse, self.save_button):
            widget.setEnabled(not is_running)
        if not is_running:
            self.progress.clear()
            self._show_rules()

    def reject(self) -> None:
        """Cancel what is being written, or close."""
        if self._is_running:
            self._canceled.set()
        else:
            super().reject()
