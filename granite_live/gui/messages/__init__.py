"""Messages of the packages without Qt, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from granite_live.gui.translations import MESSAGE_CONTEXT
from granite_live.messages import translated


def translate_message(message: str) -> str:
    """Return a message in the window's language. Plain strings stay as they are."""
    return translated(message, _sentence_of)


def _sentence_of(code: str) -> str | None:
    sentence = QCoreApplication.translate(MESSAGE_CONTEXT, code)
    return None if sentence == code else sentence
