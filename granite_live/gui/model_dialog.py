"""How to get the real model in place of the demo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from granite_live import paths
from granite_live.engine.models import PUBLISHED_BUNDLE
from granite_live.gui.theme import GRID_PX


class ModelDialog(QDialog):
    """Says what the demo model is, and the two commands that bring the real one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("The real model"))
        folder = paths.models_dir() / "granite-nar"
        title = QLabel(self.tr("Get Granite Speech"), self)
        title.setProperty("role", "title")
        text = QLabel(
            self.tr(
                "The demo model is small and makes many mistakes. Granite Speech 4.1 knows "
                "English, French, German, Spanish and Portuguese, and needs 2.5 GB. Download it "
                "once with these commands; the next session uses it."
            ),
            self,
        )
        text.setWordWrap(True)
        text.setProperty("role", "soft")
        self.commands = QPlainTextEdit(self)
        self.commands.setReadOnly(True)
        self.commands.setAccessibleName(self.tr("Commands"))
        self.commands.setPlainText(
            "pip install huggingface_hub\n"
            f'hf download {PUBLISHED_BUNDLE} --local-dir "{folder}" '
            '--include "int8/*" "*.json" "test_fixtures/*"'
        )
        copy = QPushButton(self.tr("Copy"), self)
        copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.commands.toPlainText())
        )
        close = QPushButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(title)
        column.addWidget(text)
        column.addWidget(self.commands)
        column.addLayout(buttons)
        line = self.fontMetrics().height()  # grows with the user's text
        self.resize(36 * line, 22 * line)
