"""Assigns times to words that a user or a rule wrote in place of the machine's."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from granite_live.transcript.model import Word


def timed_words(text: str, words: Sequence[Word], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Return a word with times for each of `text.split()`.

    Words that `words` contains in the same order are taken from there. The others share the time of
    those they replace, by length; if they replace none, the time between their neighbors, which may
    be zero. Their confidence is 1.

    Args:
        text: The text to display.
        words: The recognized words, in order.
        start_s: The utterance's start, for words before the first of `words`.
        end_s: The utterance's end.
    """
    wanted = text.split()
    heard = [word.text for word in words]
    if wanted == heard:
        return tuple(words)
    found: list[Word] = []
    matcher = SequenceMatcher(None, heard, wanted, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            found.extend(words[first:last])
        elif first < last:
            found.extend(shared_out(wanted[begin:end], words[first].start_s, words[last - 1].end_s))
        else:
            before_s = words[first - 1].end_s if first else start_s
            after_s = words[first].start_s if first < len(words) else end_s
            found.extend(shared_out(wanted[begin:end], before_s, max(before_s, after_s)))
    return tuple(found)


def shared_out(texts: Sequence[str], start_s: float, end_s: float) -> list[Word]:
    """Return the texts as words that share the time by length."""
    total = sum(map(len, texts))
    words = []
    before = 0
    for text in texts:
        after = before + len(text)
        begin_s = start_s + (end_s - start_s) * before / total
        words.append(Word(text, begin_s, start_s + (end_s - start_s) * after / total, 1.0))
        before = after
    return words
