"""Compare and split words by their letters."""

from __future__ import annotations

import unicodedata


def letters(text: str) -> str:
    """Return the letters and digits of a text without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if one.isalnum())


def split_marks(text: str) -> tuple[str, str, str]:
    """Return the marks before the first letter, the word, and the marks after its last letter."""
    places = [k for k, one in enumerate(text) if one.isalnum()]
    if not places:
        return "", "", text
    return text[: places[0]], text[places[0] : places[-1] + 1], text[places[-1] + 1 :]
