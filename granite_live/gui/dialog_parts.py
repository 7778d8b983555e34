"""Widgets that several dialogs share: the problem line and the default button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def problem_label(parent: QWidget) -> QLabel:
    """Return a label for problems, hidden until it has text."""
    label = QLabel(parent)
    label.setProperty("role", "danger")
    label.setWordWrap(True)
    label.hide()
    return label


def default_button(text: str, act: Callable[[], object], parent: QWidget) -> QPushButton:
    """Return the dialog's default button, which Enter presses too."""
    button = QPushButton(text, parent)
    button.setProperty("role", "primary")
    button.setDefault(True)
    button.clicked.connect(act)
    return button
