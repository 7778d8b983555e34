"""Buttons that show only an icon. Their owners set the icon with each theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QToolButton, QWidget


def icon_button(parent: QWidget, label: str = "", act: Any = None, *, tip: str = "") -> QToolButton:
    """Return a new icon button.

    Args:
        parent: The parent widget.
        label: The accessible name; "" if it changes.
        act: The signal or function that a click triggers.
        tip: The tool tip, if it differs from the label.
    """
    button = QToolButton(parent)
    button.setProperty("role", "icon")
    button.setAccessibleName(label)
    button.setToolTip(tip or label)
    if act is not None:
        button.clicked.connect(act)
    return button
