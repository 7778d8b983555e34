"""What rooms that know no Qt tell, such as the reasons of errors, in the window's language.

They tell English sentences, for the terminal and the log too. Here stands which sentences there
are, with `{0}` for what is filled in; a test holds them against the source.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from granite_live.gui.told import dictation, models, sessions, sound

_ROOMS = (sound, sessions, models, dictation)
SENTENCES = tuple(str(source) for room in _ROOMS for source in room.SENTENCES)
_CONTEXT = "Told"
_DEPTH = 4
"""How deep reasons stand within reasons."""
_GAP = re.compile(r"\{\d\}")


def in_words(sentence: str) -> str:
    """Return the sentence in the language of the window; as it came where nobody knows it.

    What is filled in is translated too, if it is itself one of the sentences.
    """
    if QCoreApplication.translate(_CONTEXT, SENTENCES[0]) == SENTENCES[0]:
        return sentence
    return _translated(sentence, _DEPTH)


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
    """Return each sentence and what finds it, those that say most by themselves first."""
    by_words = sorted(SENTENCES, key=lambda source: -len(_GAP.sub("", source)))
    return tuple((source, _pattern(source)) for source in by_words)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, _GAP.split(source))), re.DOTALL)
