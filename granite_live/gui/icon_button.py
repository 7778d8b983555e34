"""Buttons that are an icon and nothing else. Which icon, their owners say with each theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QToolButton, QWidget


def icon_button(parent: QWidget, label: str = "", act: Any = None, *, tip: str = "") -> QToolButton:
    """Return a new one.

    Args:
        parent: The widget that it is in.
        label: What it does, for those who do not see it; "" where that changes.
        act: The signal or function that a click leads to.
        tip: What is shown beside the pointer, if that is not the label.
    """
    button = QToolButton(parent)
    button.setProperty("role", "icon")
    button.setAccessibleName(label)
    button.setToolTip(tip or label)
    if act is not None:
        button.clicked.connect(act)
    return button
