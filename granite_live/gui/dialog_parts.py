"""What dialogs have in common: the line that says what is wrong, and the answer of Enter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def problem_label(parent: QWidget) -> QLabel:
    """Return a line for what is wrong, hidden until there is something to say."""
    label = QLabel(parent)
    label.setProperty("role", "danger")
    label.setWordWrap(True)
    label.hide()
    return label


def default_button(text: str, act: Callable[[], object], parent: QWidget) -> QPushButton:
    """Return the button that does what the dialog is for, also on Enter."""
    button = QPushButton(text, parent)
    button.setProperty("role", "primary")
    button.setDefault(True)
    button.clicked.connect(act)
    return button
