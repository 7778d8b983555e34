"""The stored form of words: a JSON array of arrays, compact and fast to parse."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import starmap

from granite_live.library.cleaning import clean
from granite_live.transcript.model import Word


def packed(words: Iterable[Word]) -> str:
    """Return the words as JSON: times with three decimals, confidences with four."""
    rows = [
        [
            clean(word.text),
            round(word.start_s, 3),
            round(word.end_s, 3),
            round(word.confidence, 4),
            None if word.draft is None else clean(word.draft),
        ]
        for word in words
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> tuple[Word, ...]:
    """Return the words in a JSON text made by `packed`."""
    return tuple(starmap(Word, json.loads(text)))
