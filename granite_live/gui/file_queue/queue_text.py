"""Sentences with a count, and with a separate form for one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def interrupted(count: int) -> str:
    """Return the sentence about interrupted sessions."""
    translate = QCoreApplication.translate
    if count == 1:
        return translate("Work", "A session was interrupted. Its audio is safe.")
    return translate("Work", "%n sessions were interrupted. Their audio is safe.", None, count)


def failed(count: int) -> str:
    """Return the sentence about several files that could not be transcribed."""
    translate = QCoreApplication.translate
    return translate("Work", "%n items failed. The list of files says why.", None, count)


def taken_over(count: int) -> str:
    """Return the sentence about corrected lines that a new transcript keeps."""
    translate = QCoreApplication.translate
    if count == 1:
        return translate("Work", "One corrected line was kept.")
    return translate("Work", "%n corrected lines were kept.", None, count)


def without_text(count: int) -> str:
    """Return the sentence about parts that could not be transcribed."""
    translate = QCoreApplication.translate
    if count == 1:
        return translate("Work", "A part has no text; its sound is kept.")
    return translate("Work", "%n parts have no text; their sound is kept.", None, count)
