"""What stands between two texts that are delivered one after the other. No Qt."""

from __future__ import annotations

_CLINGING = ".,;:!?…)"


def spaced(before: str, text: str) -> str:
    """Return a text with the space that belongs before it.

    `before` is what was delivered to the same place last, "" at its beginning.
    """
    if not before or not text or before[-1].isspace() or text[0].isspace() or text[0] in _CLINGING:
        return text
    return f" {text}"
