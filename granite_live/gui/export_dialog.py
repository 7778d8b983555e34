"""A session as a file: the format, how it will look, where it goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.errors import GraniteError
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.transcript.export import FORMATS, render
from granite_live.transcript.files import write_whole
from granite_live.transcript.model import RecordingTranscript

# Enough to judge by; hours of text would only make the dialog slow.
_PREVIEW_CHARS = 20_000


class ExportDialog(QDialog):
    """Writes a session. `saved` tells the path."""

    saved = Signal(str)

    def __init__(
        self, recording: RecordingTranscript, name: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self._recording, self._name = recording, name
        self.formats = QButtonGroup(self)
        self._names = tuple(FORMATS)
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName(self.tr("Preview"))
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.problem = QLabel(self)
        self.problem.setProperty("role", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.save_button = QPushButton(self.tr("Save…"), self)
        self.save_button.setProperty("role", "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._ask)
        self.copy_button = QPushButton(self.tr("Copy"), self)
        self.copy_button.clicked.connect(self._copy)
        self.cancel_button = QPushButton(self.tr("Close"), self)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out(theme)
        self.formats.idToggled.connect(lambda _id, is_on: self._show() if is_on else None)
        self.formats.buttons()[0].setChecked(True)
        self.resize(theme.px(760), theme.px(520))

    def _lay_out(self, theme: Theme) -> None:
        labels = {
            "txt": self.tr("Plain text"),
            "md": self.tr("Markdown"),
            "srt": self.tr("SubRip subtitles"),
            "vtt": self.tr("WebVTT subtitles"),
            "json": self.tr("JSON, with every word"),
        }
        choices = QVBoxLayout()
        choices.setSpacing(GRID_PX)
        heading = QLabel(self.tr("Format"), self)
        heading.setProperty("role", "section")
        choices.addWidget(heading)
        for number, name in enumerate(self._names):
            choice = QRadioButton(f"{labels.get(name, name)} (.{name})", self)
            self.formats.addButton(choice, number)
            choices.addWidget(choice)
        choices.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(3 * GRID_PX)
        top.addLayout(choices)
        top.addWidget(self.preview, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.copy_button)
        bottom.addStretch(1)
        bottom.addWidget(self.cancel_button)
        bottom.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addLayout(top, 1)
        column.addWidget(self.problem)
        column.addLayout(bottom)

    @property
    def format_name(self) -> str:
        """The chosen format, which is also the file's ending."""
        return self._names[self.formats.checkedId()]

    def choose(self, format_name: str) -> None:
        """Choose a format."""
        self.formats.button(self._names.index(format_name)).setChecked(True)

    def save(self, path: Path) -> None:
        """Write the file; what goes wrong is shown in the dialog."""
        try:
            write_whole(path, render(self._recording, self.format_name))
        except GraniteError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.saved.emit(str(path))
        self.accept()

    def _ask(self) -> None:
        folder = Path.home() / f"{_file_name(self._name)}.{self.format_name}"
        kind = f"{self.format_name} (*.{self.format_name})"
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save"), str(folder), kind)
        if path:
            self.save(Path(path))

    def _show(self) -> None:
        text = render(self._recording, self.format_name)
        if len(text) > _PREVIEW_CHARS:
            text = text[:_PREVIEW_CHARS] + "\n…"
        self.preview.setPlainText(text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(render(self._recording, self.format_name))


def _file_name(title: str) -> str:
    """Return the title without what no file name may hold."""
    name = "".join(
        "-" if char in '/\\:*?"<>|' or not char.isprintable() else char for char in title
    )
    return name.strip(" .…")[:80] or "transcript"
