"""Save a session as a file: format, rules of subtitles, preview, destination."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLocale, QSettings, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from granite_live.app.session_export import file_name
from granite_live.gui.background import Background
from granite_live.gui.dialogs import ask_where_to_save, button_row, dialog_column, stored_folder
from granite_live.gui.messages import translate_message
from granite_live.gui.pdf import write_pdf
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, default_button, text_label
from granite_live.gui.wrapping import resize_within_screen
from granite_live.settings import load_settings
from granite_live.transcript.export import BINARY_FORMATS, FORMATS, render, render_file
from granite_live.transcript.export.options import (
    DEFAULT_OPTIONS,
    DOCUMENT_FORMATS,
    PDF,
    PRESETS,
    SUBTITLE_FORMATS,
    WORD_TIME_FORMATS,
    ExportOptions,
    SubtitleRules,
)
from granite_live.transcript.model import RecordingTranscript
from granite_live.util.files import write_output

_CHOSEN, _SETTING = "export/subtitles", "export/subtitle_rules"
"""Where the window's state has the rules of the last export, and the setting at that time."""


def rules_labels() -> dict[str, str]:
    """Return what each preset is called."""
    translate = QCoreApplication.translate
    return {
        "standard": translate("SubtitleRules", "Standard"),
        "bbc": translate("SubtitleRules", "As the BBC does"),
        "netflix": translate("SubtitleRules", "As Netflix does"),
        "phone": translate("SubtitleRules", "Short, for phones"),
    }


def rules_description(name: str) -> str:
    """Return the limits of a preset as a sentence."""
    translate, rules = QCoreApplication.translate, PRESETS[name]
    head = translate(
        "SubtitleRules", "At most {0} lines of {1} characters, shown for {2} to {3} seconds"
    ).format(
        rules.max_lines,
        rules.max_line_chars,
        _seconds(rules.min_cue_ms),
        _seconds(rules.max_cue_ms),
    )
    return f"{head}, {_pace(rules)}."


def _pace(rules: SubtitleRules) -> str:
    translate = QCoreApplication.translate
    if rules.min_word_ms:
        told = translate("SubtitleRules", "at least {0} seconds for each word")
        return told.format(_seconds(rules.min_word_ms))
    told = translate("SubtitleRules", "at most {0} characters a second")
    return told.format(rules.reading_speed_cps)


def _seconds(time_ms: int) -> str:
    text = QLocale().toString(time_ms / 1000, "f", 2)
    return text.rstrip("0").rstrip(QLocale().decimalPoint())


def rules_choice(ui_state: QSettings, parent: QWidget) -> QComboBox:
    """Return the choice of an export: that of the last export, or the setting if it is newer."""
    choice = QComboBox(parent)
    for name, label in rules_labels().items():
        choice.addItem(label, name)
    setting = load_settings().subtitle_rules
    is_newer = ui_state.value(_SETTING, setting) != setting
    remembered = -1 if is_newer else choice.findData(ui_state.value(_CHOSEN, ""))
    choice.setCurrentIndex(remembered if remembered >= 0 else choice.findData(setting))
    return choice


def remember_rules(ui_state: QSettings, name: str) -> None:
    """Remember the rules of an export for the next one."""
    ui_state.setValue(_CHOSEN, name)
    ui_state.setValue(_SETTING, load_settings().subtitle_rules)


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Enough for a preview; hours of text would slow the dialog down.
_SHOWN_CHARS = 20_000


def preview(
    recording: RecordingTranscript,
    format_name: str,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> str:
    """Return the beginning of the file, or of its text if the format is binary.

    Raises:
        KeyError: There is no such format.
    """
    text = as_text(recording, format_name, options)
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "\n…"


def as_text(
    recording: RecordingTranscript,
    format_name: str,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> str:
    """Return the whole file, or its text if the format is binary.

    Raises:
        KeyError: There is no such format.
    """
    if format_name not in (*BINARY_FORMATS, PDF):
        return render(recording, format_name, options)
    # A PDF file has the text of the Word document.
    return _document_text(render_file(recording, "docx", options))


def file_content(recording: RecordingTranscript, format_name: str, options: ExportOptions) -> bytes:
    """Return the bytes of the file.

    Raises:
        KeyError: There is no such format.
    """
    if format_name == PDF:
        return write_pdf(recording, options)
    return render_file(recording, format_name, options)


def _document_text(document: bytes) -> str:
    """Return the paragraphs of a .docx file that this program has written."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    paragraphs = (
        "".join(piece.text or "" for piece in paragraph.iter(f"{_WORD}t"))
        for paragraph in body.iter(f"{_WORD}p")
    )
    return "\n\n".join(paragraphs) + "\n"


def format_labels() -> dict[str, str]:
    """Return what each format is called."""
    translate = QCoreApplication.translate
    return {
        "txt": translate("ExportDialog", "Plain text"),
        "md": translate("ExportDialog", "Markdown"),
        "srt": translate("ExportDialog", "SubRip subtitles"),
        "vtt": translate("ExportDialog", "WebVTT subtitles"),
        "ass": translate("ExportDialog", "SubStation Alpha subtitles"),
        "lrc": translate("ExportDialog", "Lyrics"),
        "json": translate("ExportDialog", "JSON (word timings)"),
        "csv": translate("ExportDialog", "Table"),
        "docx": translate("ExportDialog", "Word document"),
        PDF: translate("ExportDialog", "PDF document"),
    }


FOLDER, FORMAT = "export/folder", "export/format"
"""Where the window's state has the folder and format of the last export."""
_WORD_TIMES = "export/word_times"
_TIMES, _DIGITS = "export/times", "export/digits"


class ExportDialog(QDialog):
    """Writes a session. Emits `saved` with the path; keeps folder and format in `ui_state`."""

    saved = Signal(str)

    def __init__(
        self,
        recording: RecordingTranscript,
        name: str,
        background: Background,
        ui_state: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self._recording, self._name = recording, name
        self._background, self._ui_state = background, ui_state
        # Results that arrive after the dialog has closed are ignored: it may be deleted.
        self._is_over = False
        self.finished.connect(self._set_over)
        self.formats = QButtonGroup(self)
        self._names = (*FORMATS, *BINARY_FORMATS, PDF)
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName(self.tr("Preview"))
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.presets = rules_choice(ui_state, self)
        self.word_times = QCheckBox(self.tr("Time of each word"), self)
        self.times = QCheckBox(self.tr("Times of paragraphs"), self)
        self.digits = QCheckBox(self.tr("Numbers as digits"), self)
        self.problem = ProblemLabel(self)
        self.save_button = default_button(self.tr("Save…"), self._ask, self)
        self.copy_button = QPushButton(self.tr("Copy"), self)
        self.copy_button.clicked.connect(self._copy)
        self.cancel_button = QPushButton(self.tr("Close"), self)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()
        self.formats.idToggled.connect(lambda _id, is_on: self._show() if is_on else None)
        remembered = str(ui_state.value(FORMAT, ""))
        self.choose(remembered if remembered in self._names else self._names[0])
        self.word_times.setChecked(bool(ui_state.value(_WORD_TIMES, False, bool)))
        self.times.setChecked(bool(ui_state.value(_TIMES, True, bool)))
        self.times.toggled.connect(self._show)
        self.digits.setChecked(bool(ui_state.value(_DIGITS, True, bool)))
        self.digits.toggled.connect(self._show)
        self.presets.currentIndexChanged.connect(self._show)
        self.word_times.toggled.connect(self._show)
        self.formats.button(self.formats.checkedId()).setFocus()
        resize_within_screen(self, current_theme().px(760), current_theme().px(520))

    def _lay_out(self) -> None:
        labels = format_labels()
        choices = QVBoxLayout()
        choices.setSpacing(GRID_PX)
        choices.addWidget(text_label(self, self.tr("Format"), role="section"))
        for number, name in enumerate(self._names):
            choice = QRadioButton(f"{labels.get(name, name)} (.{name})", self)
            self.formats.addButton(choice, number)
            choices.addWidget(choice)
        choices.addSpacing(GRID_PX)
        rules = QLabel(self.tr("Rules for subtitles"), self)
        rules.setBuddy(self.presets)
        for widget in (self.times, self.digits, rules, self.presets, self.word_times):
            choices.addWidget(widget)
        choices.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(3 * GRID_PX)
        top.addLayout(choices)
        top.addWidget(self.preview, 1)
        column = dialog_column(self)
        column.addLayout(top, 1)
        column.addWidget(self.problem)
        buttons = button_row((self.copy_button,), (self.cancel_button, self.save_button))
        column.addLayout(buttons)

    @property
    def format_name(self) -> str:
        """The chosen format, which is also the file name extension."""
        return self._names[self.formats.checkedId()]

    @property
    def options(self) -> ExportOptions:
        """The chosen options, as far as the format has them."""
        return ExportOptions(
            PRESETS[self.presets.currentData()],
            word_times=self.word_times.isChecked() and self.format_name in WORD_TIME_FORMATS,
            times=self.times.isChecked() or self.format_name not in DOCUMENT_FORMATS,
            digits=self.digits.isChecked() if self.format_name in DOCUMENT_FORMATS else None,
            translate=translate_message,
        )

    def choose(self, format_name: str) -> None:
        """Select a format."""
        self.formats.button(self._names.index(format_name)).setChecked(True)

    def save(self, path: Path) -> None:
        """Write the file atomically; show a failure in the dialog."""
        name, recording, options = self.format_name, self._recording, self.options
        # The dialog may be closed, and its boxes deleted, before the file is written.
        remembered = {
            FOLDER: str(path.parent),
            FORMAT: name,
            _WORD_TIMES: self.word_times.isChecked(),
            _TIMES: self.times.isChecked(),
            _DIGITS: self.digits.isChecked(),
        }
        self.save_button.setEnabled(False)
        self.save_button.setText(self.tr("Saving…"))

        def write() -> None:
            write_output(path, file_content(recording, name, options))

        def done(_none: object) -> None:
            for key, value in remembered.items():
                self._ui_state.setValue(key, value)
            remember_rules(self._ui_state, options.rules.name)
            if not self._is_gone():
                self.saved.emit(str(path))
                self.accept()

        self._background.run(write, done, self._failed)

    def _set_over(self, _result: int) -> None:
        self._is_over = True

    def _is_gone(self) -> bool:
        return self._is_over or not isValid(self)

    def _failed(self, sentence: str) -> None:
        if self._is_gone():
            return
        self.save_button.setEnabled(True)
        self.save_button.setText(self.tr("Save…"))
        self.problem.show_problem(sentence)

    def _ask(self) -> None:
        suffix = self.format_name
        ask_where_to_save(
            self,
            self.tr("Save"),
            self.save,
            name=f"{file_name(self._name)}.{suffix}",
            suffix=suffix,
            folder=stored_folder(self._ui_state, FOLDER),
            name_filter=f"{suffix} (*.{suffix})",
        )

    def _show(self) -> None:
        name, recording, options = self.format_name, self._recording, self.options
        self.presets.setEnabled(name in SUBTITLE_FORMATS)
        self.word_times.setEnabled(name in WORD_TIME_FORMATS)
        self.times.setEnabled(name in DOCUMENT_FORMATS)
        self.digits.setEnabled(name in DOCUMENT_FORMATS)

        def show(text: str) -> None:
            if not self._is_gone() and (name, options) == (self.format_name, self.options):
                self.preview.setPlainText(text)

        self._background.run(lambda: preview(recording, name, options), show, self._failed)

    def _copy(self) -> None:
        name, recording, options = self.format_name, self._recording, self.options
        copy = QGuiApplication.clipboard().setText
        self._background.run(lambda: as_text(recording, name, options), copy, self._failed)
