"""Translate messages of the packages without Qt into the window's language.

These packages produce English sentences, also for terminal and log. The modules here list them,
with `{0}` for each argument; a test compares the lists with the source code.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from granite_live.gui.messages.models import DICTATION_SENTENCES, MODEL_SENTENCES
from granite_live.gui.messages.recordings import RECORDING_SENTENCES
from granite_live.gui.messages.sessions import SESSION_SENTENCES, SOUND_SENTENCES

SENTENCES = tuple(
    map(
        str,
        (
            *SOUND_SENTENCES,
            *SESSION_SENTENCES,
            *RECORDING_SENTENCES,
            *MODEL_SENTENCES,
            *DICTATION_SENTENCES,
        ),
    )
)
_CONTEXT = "Told"
_DEPTH = 6
"""The maximum depth of reasons within reasons."""
_GAP = re.compile(r"\{\d\}")


def in_words(sentence: str) -> str:
    """Return the sentence in the window's language, unchanged if it is not listed.

    Arguments that are listed sentences themselves are translated too.
    """
    if QCoreApplication.translate(_CONTEXT, SENTENCES[0]) == SENTENCES[0]:
        return sentence
    return _translated(sentence, _DEPTH)


def each_in_words(sentences: str) -> str:
    """Return sentences that stand one after the other in the window's language.

    Unlike `in_words` it takes several. Unchanged if one of them is not listed.
    """
    if QCoreApplication.translate(_CONTEXT, SENTENCES[0]) == SENTENCES[0]:
        return sentences
    parts = _split(sentences)
    return in_words(sentences) if parts is None else " ".join(map(in_words, parts))


def _split(text: str) -> list[str] | None:
    """Return the listed sentences that `text` consists of, None if it does not."""
    if not text:
        return []
    for end in (*(found.start() + 1 for found in re.finditer(r"\. ", text)), len(text)):
        if any(pattern.fullmatch(text, 0, end) for _source, pattern in _patterns()):
            rest = _split(text[end:].removeprefix(" "))
            if rest is not None:
                return [text[:end], *rest]
    return None


def _translated(text: str, depth: int) -> str:
    if depth == 0:
        return text
    for source, pattern in _patterns():
        if found := pattern.fullmatch(text):
            filled = (_translated(part, depth - 1) for part in found.groups())
            return QCoreApplication.translate(_CONTEXT, source).format(*filled)
    parts = text.split("; ")  # several reasons
    return text if len(parts) == 1 else "; ".join(_translated(one, depth - 1) for one in parts)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (sentence, regex) pairs, those with the most fixed text first."""
    by_words = sorted(SENTENCES, key=lambda source: -len(_GAP.sub("", source)))
    return tuple((source, _pattern(source)) for source in by_words)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, _GAP.split(source))), re.DOTALL)
