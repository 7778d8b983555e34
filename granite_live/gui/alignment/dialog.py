"""A dialog that aligns a text with its recording, and lists where the two differ."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.alignment_task import TEXT_SUFFIXES
from granite_live.app.engine import Engine
from granite_live.app.text_alignment import AlignedText
from granite_live.gui.background import Background
from granite_live.gui.dialog_task import DialogTask
from granite_live.gui.messages import translate_message
from granite_live.gui.settings_dialog.form import hint
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.widgets import problem_label, resize_within_screen
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import RecordingTranscript

_FOLDER = "align/folder"


class AlignmentDialog(QDialog):
    """Emits `save_requested` with the aligned text and a name for its file.

    Emits `session_saved` with the id of a session that it has saved.
    """

    save_requested = Signal(object, str)
    session_saved = Signal(int)

    def __init__(
        self,
        engine: Engine,
        background: Background,
        theme: Theme,
        ui_state: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Align a text"))
        self._engine, self._ui_state = engine, ui_state
        self._task = DialogTask(background, self._show_progress, self)
        self._transcript: RecordingTranscript | None = None
        self.recording = QLineEdit(self)
        self.text = QLineEdit(self)
        self.align_button = QPushButton(self.tr("Align"), self)
        self.align_button.setDefault(True)
        self.align_button.clicked.connect(self._align_or_cancel)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.hide()
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.problem = problem_label(self)
        self.differences = QListWidget(self)
        self.differences.setObjectName("places")
        self.differences.setAccessibleName(self.tr("Differences"))
        self.differences.setWordWrap(True)
        self.save_button = QPushButton(self.tr("Save as subtitles…"), self)
        self.save_button.setAutoDefault(False)
        self.save_button.clicked.connect(self._save)
        self.session_button = QPushButton(self.tr("Save as a session"), self)
        self.session_button.setToolTip(
            self.tr("With the sound of the recording, to play, search and edit it")
        )
        self.session_button.setAutoDefault(False)
        self.session_button.clicked.connect(self._save_session)
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        for field in (self.recording, self.text):
            field.textChanged.connect(self._forget_result)
        self.finished.connect(self._stop)
        self._inputs: tuple[QWidget, ...] = ()
        self._lay_out()
        self._forget_result()
        resize_within_screen(self, theme.px(600), theme.px(480))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        texts = f"*{' *'.join(sorted(TEXT_SUFFIXES))}"
        rows = (
            (self.recording, self.tr("Recording"), self.tr("All files (*)")),
            (self.text, self.tr("Text"), self.tr("Texts and subtitles ({0})").format(texts)),
        )
        for row, (field, name, name_filter) in enumerate(rows):
            label = QLabel(name, self)
            label.setBuddy(field)
            field.setAccessibleName(name)
            button = QPushButton(self.tr("Choose…"), self)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{name}: {button.text()}")
            button.clicked.connect(partial(self._choose, field, name, name_filter))
            self._inputs += (field, button)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(button, row, 2)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.progress, 1)
        top.addStretch(0)
        top.addWidget(self.align_button, 0, Qt.AlignmentFlag.AlignRight)
        bottom.addWidget(self.save_button)
        bottom.addWidget(self.session_button)
        bottom.addStretch(1)
        bottom.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * GRID_PX] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(
            hint(
                self.tr(
                    "Finds when each word of a text is said in its recording. The words stay "
                    "those of the text."
                )
            )
        )
        column.addLayout(grid)
        column.addLayout(top)
        column.addWidget(self.status)
        column.addWidget(self.problem)
        column.addWidget(self.differences, 1)
        column.addLayout(bottom)
        # The keyboard goes through the parts as they are laid out, not as they were created.
        buttons = (self.save_button, self.session_button, self.close_button)
        parts = (*self._inputs, self.align_button, self.differences, *buttons)
        for one, following in pairwise(parts):
            self.setTabOrder(one, following)

    def align(self, recording: Path, text: Path) -> None:
        """Align these files."""
        self.recording.setText(str(recording))
        self.text.setText(str(text))
        self._align_or_cancel()

    def _choose(self, field: QLineEdit, name: str, name_filter: str) -> None:
        place = Path(field.text()).parent if field.text() else self._folder()
        dialog = QFileDialog(self, name, str(place))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if field is self.text:
            dialog.setNameFilters([name_filter, self.tr("All files (*)")])
        dialog.fileSelected.connect(field.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _folder(self) -> Path:
        stored = Path(str(self._ui_state.value(_FOLDER, "")))
        return stored if stored.is_absolute() and stored.is_dir() else Path.home()

    # -- work ---------------------------------------------------------------------------------

    def _align_or_cancel(self) -> None:
        if self._task.current is not None:
            self._stop()
            self.status.setText(self.tr("Canceled."))
            return
        for field in (self.recording, self.text):
            if not field.text().strip():
                field.setFocus()
                return
        recording, text = Path(self.recording.text().strip()), Path(self.text.text().strip())
        self._ui_state.setValue(_FOLDER, str(recording.parent))
        self._forget_result()
        self._begin(self.tr("Listening to the recording…"))
        task = self._engine.alignment(recording, text)
        self._task.start(task, self._show_result, self._show_failure)

    def _begin(self, status: str) -> None:
        self.align_button.setText(self.tr("Cancel"))
        self.progress.setValue(0)
        self.progress.show()
        self.problem.hide()
        self.status.setText(status)
        for part in (*self._inputs, self.save_button, self.session_button):
            part.setEnabled(False)

    def _stop(self) -> None:
        if self._task.current is not None:
            self._task.drop()
            self._end()

    def _end(self) -> None:
        self.progress.hide()
        self.align_button.setText(self.tr("Align"))
        for part in self._inputs:
            part.setEnabled(True)
        for part in (self.save_button, self.session_button):
            part.setEnabled(self._transcript is not None)

    def _forget_result(self) -> None:
        self._transcript = None
        self.save_button.setEnabled(False)
        self.session_button.setEnabled(False)
        self.differences.clear()
        self.status.clear()
        self.problem.hide()
        is_complete = bool(self.recording.text().strip() and self.text.text().strip())
        self.align_button.setEnabled(is_complete)

    def _show_progress(self, share: float) -> None:
        self.progress.setValue(round(100 * share))

    def _show_failure(self, sentence: str) -> None:
        self._end()
        self.status.clear()
        self.problem.setText(translate_message(sentence))
        self.problem.show()

    def _show_result(self, aligned: AlignedText) -> None:
        self._transcript = aligned.transcript if aligned.transcript.utterances else None
        self._end()
        for sentence in self._sentences(aligned):
            self.differences.addItem(sentence)
        count = self.differences.count()
        agrees = self.tr("Recording and text agree.")
        differs = self.tr("Places where recording and text differ: {0}")
        nothing = self.tr("Nothing of the text was heard in the recording.")
        text = differs.format(count) if count else agrees
        self.status.setText(text if self._transcript is not None else nothing)
        if self._transcript is not None:
            self.save_button.setFocus()

    def _sentences(self, aligned: AlignedText) -> list[str]:
        """Return what was not said, and what is not written, in the order of the recording."""
        unsaid = self.tr("Not said, after {0}: {1}")
        found = [
            (one.after_s, unsaid.format(format_clock(one.after_s), one.text))
            for one in aligned.unspoken
        ]
        unwritten = self.tr("Not in the text, {0} to {1}: {2}")
        for one in aligned.unwritten:
            start, end = format_clock(one.start_s), format_clock(one.end_s)
            found.append((one.start_s, unwritten.format(start, end, one.text)))
        return [sentence for _, sentence in sorted(found)]

    def _save(self) -> None:
        if self._transcript is not None:
            self.save_requested.emit(self._transcript, Path(self.text.text()).stem)

    def _save_session(self) -> None:
        if self._transcript is not None:
            self._begin(self.tr("Saving the session…"))
            task = self._engine.aligned_session(self._transcript)
            self._task.start(task, self._show_saved, self._show_failure)

    def _show_saved(self, session_id: int) -> None:
        self._end()
        self.session_button.setEnabled(False)
        self.status.setText(self.tr("The session is saved."))
        self.session_saved.emit(session_id)
