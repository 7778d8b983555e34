"""Cleans texts before they are stored."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Return the text on one line, without control characters.

    A lone surrogate, which SQLite cannot store, becomes a question mark.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(
        " " if one.isspace() else one for one in text if one.isspace() or not _is_control(one)
    )
    return kept.encode("utf-8", errors="replace").decode("utf-8")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
