"""The space between two texts delivered one after the other. No Qt."""

from __future__ import annotations

_CLINGING = ".,;:!?…)"


def spaced(before: str, text: str) -> str:
    """Return a text with the space needed before it.

    `before` is the text delivered last to the same place, "" for none.
    """
    if not before or not text or before[-1].isspace() or text[0].isspace() or text[0] in _CLINGING:
        return text
    return f" {text}"
