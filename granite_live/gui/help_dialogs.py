"""Help, the list of shortcuts, and the dialog about the program."""

from __future__ import annotations

import html
import platform
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata

from PySide6.QtCore import QCoreApplication, Qt, Signal, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from granite_live import __version__
from granite_live.gui import shortcuts
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import text_label
from granite_live.gui.wrapping import resize_within_screen

_MARGINS = (3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX)
_LIBRARIES = {
    "Qt (PySide6)": ("PySide6-Essentials", "LGPL-3.0"),
    "ONNX Runtime": ("onnxruntime", "MIT"),
    "NumPy": ("numpy", "BSD-3-Clause"),
    "tokenizers": ("tokenizers", "Apache-2.0"),
    "PyAV, FFmpeg": ("av", "BSD-3-Clause, LGPL-2.1"),
    "soxr": ("soxr", "LGPL-2.1"),
    "sounddevice, PortAudio": ("sounddevice", "MIT"),
}
"""The package and the license of the larger libraries."""


def _topics() -> dict[str, str]:
    """Return what the help explains: headings with their texts."""
    translate = QCoreApplication.translate
    return {
        translate("Help", "Transcribe live speech"): translate(
            "Help",
            "Choose the microphone below the text and press Start. Gray words are a "
            "draft; the final text follows at each pause. Speech is transcribed on "
            "this computer only.",
        ),
        translate("Help", "Transcribe audio and video files"): translate(
            "Help", "Choose File > Open files, or drop files on the window."
        ),
        translate("Help", "Correct and export"): translate(
            "Help",
            "Press Enter to edit a line. Underlined words are uncertain. Export writes plain text, "
            "subtitles, Markdown, JSON or Word.",
        ),
        translate("Help", "Captions"): translate(
            "Help",
            "View > Captions overlay shows live captions above all windows. Choose "
            "the computer's sound as the input to caption a video or a call.",
        ),
        translate("Help", "Dictate into other programs"): translate(
            "Help",
            "Open View > Dictation pad, click into the other program, hold the shortcut shown on "
            "the pad and speak.",
        ),
        translate("Help", "Models"): translate(
            "Help",
            "The demo model makes many mistakes. File > Models downloads the full model once.",
        ),
    }


def help_text() -> str:
    """Return the help as HTML."""
    return "".join(
        f"<h3>{html.escape(title)}</h3><p>{html.escape(text)}</p>"
        for title, text in _topics().items()
    )


def shortcut_rows(keys: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return what shortcuts do and their keys; `keys` returns those of an action."""
    translate = QCoreApplication.translate
    rows = [(label, keys(name)) for name, label in shortcuts.labels().items() if keys(name)]
    rows += [
        (
            translate("Help", "Start or stop, if the focused control does not use the key"),
            translate("Help", "Space"),
        ),
        (translate("Help", "Edit the line"), translate("Help", "Enter")),
        (translate("Help", "Rename the selected session"), "F2"),
        (translate("Help", "Delete the selection"), translate("Help", "Del")),
    ]
    return rows


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td>{html.escape(name)}&nbsp;&nbsp;&nbsp;</td><td><b>{html.escape(value)}</b></td></tr>"
        for name, value in rows
    )
    return f"<table>{cells}</table>"


class HelpDialog(QDialog):
    """Explains the window, and lists the shortcuts on a second page."""

    def __init__(self, keys: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        self.pages = QTabWidget(self)
        self.topics, self.keys = QTextBrowser(self), QTextBrowser(self)
        self.topics.setHtml(help_text())
        self.keys.setHtml(_table(shortcut_rows(keys)))
        self.pages.addTab(self.topics, self.tr("First steps"))
        self.pages.addTab(self.keys, self.tr("Keyboard shortcuts"))
        for page, name in (
            (self.topics, self.tr("First steps")),
            (self.keys, self.tr("Keyboard shortcuts")),
        ):
            page.setAccessibleName(name)
            page.setFrameShape(QTextBrowser.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.addWidget(self.pages)
        column.addWidget(buttons)
        height = self.fontMetrics().height()
        resize_within_screen(self, 34 * height, 30 * height)

    def show_shortcuts(self) -> None:
        """Turn to the list of shortcuts."""
        self.pages.setCurrentWidget(self.keys)


def library_versions() -> dict[str, str]:
    """Return the versions and licenses of the larger libraries by their names."""
    found = {}
    for name, (package, license_name) in _LIBRARIES.items():
        try:
            found[name] = f"{metadata.version(package)} · {license_name}"
        except metadata.PackageNotFoundError:
            continue  # built in, or replaced by the package for another device
    return found


class AboutDialog(QDialog):
    """Shows versions and licenses. Emits `diagnostics_requested`."""

    diagnostics_requested = Signal()

    def __init__(self, libraries: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Granite Live"))
        name = text_label(
            self, self.tr("Granite Live {0}").format(__version__), role="title", wraps=False
        )
        what = text_label(
            self,
            self.tr("Private live captions, dictation and transcription on your own computer."),
        )
        self.versions = QLabel(self)
        self.versions.setTextFormat(Qt.TextFormat.RichText)
        self.versions.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.versions.setAccessibleName(self.tr("Versions and licenses"))
        rows = [
            (self.tr("License"), "Apache-2.0"),
            (self.tr("Speech model"), "IBM Granite Speech · Apache-2.0"),
            ("Python", f"{platform.python_version()} · PSF-2.0"),
            ("Qt", qVersion()),
            *libraries.items(),
        ]
        self.versions.setText(_table(rows))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        buttons.rejected.connect(self.reject)
        self.copy_button = QPushButton(self.tr("Copy diagnostic information"), self)
        self.copy_button.clicked.connect(self.diagnostics_requested)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(2 * GRID_PX)
        for widget in (name, what, self.versions, buttons):
            column.addWidget(widget)
