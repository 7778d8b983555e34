"""Join texts that were recognized apart into one sentence."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"""[.?!…:]["'”“\u2019»)\]]*$""")
_FIRST_WORD = re.compile(r"\w+")
# Words that are never names, so that a capital only marks the start of a sentence. "I" and the
# German "Sie" keep theirs.
_SMALL_WORD_LIST = """
a an the this that these those my your his her its our their he she it we they you who which
what when where why how and or but nor so yet for if because although while since until than
as at by from in into of off on onto out over to under up with without about after before
between through is are was were be been am do does did has have had can could would should
shall must not no there here then now also only very some any many much more most all both der
die das ein eine einen einem einer eines dieser diese dieses und oder aber denn doch wenn weil
dass ob wie wo wer wann warum ich er es wir ihr mein dein sein unser im auf aus bei mit nach
von vom zu zum zur vor für durch über unter ohne um ist sind war waren hat haben hatte kann
nicht kein keine auch nur noch schon sehr dann da hier jetzt
"""
_SMALL_WORDS = frozenset(_SMALL_WORD_LIST.split())


def continued(before: str, text: str) -> str:
    """Return `text` as it is written after `before`.

    The capital of a first word that is no name becomes small, unless `before` ends a sentence.
    """
    first = _FIRST_WORD.search(text)
    if first is None or not before.strip() or _SENTENCE_END.search(before.strip()):
        return text
    word = first.group()
    if word.lower() not in _SMALL_WORDS or word[1:] != word[1:].lower():
        return text
    return text[: first.start()] + word.lower() + text[first.end() :]
