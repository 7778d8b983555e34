"""A dialog that aligns a text with its recording, and lists where the two differ."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QWidget,
)

from granite_live.app.alignment_tasks import TEXT_SUFFIXES
from granite_live.app.engine import Engine
from granite_live.app.text_alignment import AlignedText
from granite_live.gui.background import Background
from granite_live.gui.dialogs import (
    TaskDialog,
    ask_for_file,
    button_row,
    dialog_column,
    stored_folder,
)
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.widgets import hint, push_button
from granite_live.gui.wrapping import resize_within_screen
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import RecordingTranscript

_FOLDER = "align/folder"


class AlignmentDialog(TaskDialog):
    """Emits `save_requested` with the aligned text and a name for its file.

    Emits `session_saved` with the id of a session that it has saved.
    """

    save_requested = Signal(object, str)
    session_saved = Signal(int)

    def __init__(
        self,
        engine: Engine,
        background: Background,
        ui_state: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(background, parent)
        self.setWindowTitle(self.tr("Align a text"))
        self._engine, self._ui_state = engine, ui_state
        self._transcript: RecordingTranscript | None = None
        self.recording = QLineEdit(self)
        self.text = QLineEdit(self)
        self.align_button = QPushButton(self.tr("Align"), self)
        self.align_button.setDefault(True)
        self.align_button.clicked.connect(self._align_or_cancel)
        self.differences = QListWidget(self)
        self.differences.setObjectName("places")
        self.differences.setAccessibleName(self.tr("Differences"))
        self.differences.setWordWrap(True)
        self.save_button = push_button(self.tr("Save as subtitles…"), self, self._save)
        self.session_button = push_button(
            self.tr("Save as a session"),
            self,
            self._save_session,
            tip=self.tr("With the sound of the recording, to play, search and edit it"),
        )
        self.close_button = push_button(self.tr("Close"), self, self.reject)
        for field in (self.recording, self.text):
            field.textChanged.connect(self._forget_result)
        self._inputs: tuple[QWidget, ...] = ()
        self._lay_out()
        self._forget_result()
        resize_within_screen(self, current_theme().px(600), current_theme().px(480))

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
            choose = self.tr("Choose…")
            act = partial(self._choose, field, name, name_filter)
            button = push_button(choose, self, act, name=f"{name}: {choose}")
            self._inputs += (field, button)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(button, row, 2)
        top = QHBoxLayout()
        top.addWidget(self.progress, 1)
        top.addStretch(0)
        top.addWidget(self.align_button, 0, Qt.AlignmentFlag.AlignRight)
        column = dialog_column(self, is_dense=True)
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
        column.addLayout(button_row((self.save_button, self.session_button), (self.close_button,)))
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
        stored = stored_folder(self._ui_state, _FOLDER)
        place = Path(field.text()).parent if field.text() else stored
        filters = [name_filter, self.tr("All files (*)")] if field is self.text else []
        ask_for_file(
            self, name, lambda path: field.setText(str(path)), folder=place, filters=filters
        )

    # -- work ---------------------------------------------------------------------------------

    def _align_or_cancel(self) -> None:
        if self.task is not None:
            self.drop_task()
            self.status.setText(self.tr("Canceled."))
            return
        for field in (self.recording, self.text):
            if not field.text().strip():
                field.setFocus()
                return
        recording, text = Path(self.recording.text().strip()), Path(self.text.text().strip())
        self._ui_state.setValue(_FOLDER, str(recording.parent))
        self._forget_result()
        self.status.setText(self.tr("Listening to the recording…"))
        self.run_task(self._engine.alignment(recording, text), self._show_result)

    def show_running(self, is_running: bool) -> None:
        """Let the button cancel a task, or begin one."""
        self.align_button.setText(self.tr("Cancel") if is_running else self.tr("Align"))
        for part in self._inputs:
            part.setEnabled(not is_running)
        self._enable_saving(not is_running and self._transcript is not None)

    def _enable_saving(self, is_possible: bool) -> None:
        for button in (self.save_button, self.session_button):
            button.setEnabled(is_possible)

    def _forget_result(self) -> None:
        self._transcript = None
        self._enable_saving(False)
        self.differences.clear()
        self.status.clear()
        self.problem.hide()
        is_complete = bool(self.recording.text().strip() and self.text.text().strip())
        self.align_button.setEnabled(is_complete)

    def _show_result(self, aligned: AlignedText) -> None:
        self._transcript = aligned.transcript if aligned.transcript.utterances else None
        self._enable_saving(self._transcript is not None)
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
            self.status.setText(self.tr("Saving the session…"))
            self.run_task(self._engine.aligned_session(self._transcript), self._show_saved)

    def _show_saved(self, session_id: int) -> None:
        self.session_button.setEnabled(False)
        self.status.setText(self.tr("The session is saved."))
        self.session_saved.emit(session_id)
