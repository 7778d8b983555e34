"""The user's own spelling, and capitals where the model writes none. Pure functions.

A transcript comes in and a transcript goes out: words that nothing applies to are the same
objects, replaced ones have the times of those they replace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from granite_live.transcript.model import Transcript, Word
from granite_live.transcript.retiming import shared_out, timed_words

# A word, and the punctuation before and behind it. Signs such as + and # are part of a word.
_MARKS = r"""[\s.,;:!?…"'()\[\]{}«»“”„‘’‚¿¡—–-]"""  # noqa: RUF001 - all of them are meant
_PARTS = re.compile(rf"({_MARKS}*)(.*?)({_MARKS}*)", re.DOTALL)
_SENTENCE_END = re.compile(r"""[.!?]["'”’»)\]]*$""")  # noqa: RUF001 - so are these
_NO_END = re.compile(r"(\.\.\.|^\W*\w\.|\w\.\w.*\.|^\W*(mr|mrs|ms|dr|st|vs|no)\.)$")
_I = re.compile(r"i(['’](m|ll|ve|d|s|re))?")  # noqa: RUF001 - and this


@dataclass(frozen=True, slots=True)
class Polish:
    """What the user wants done to every text.

    Attributes:
        replacements: (heard, written) pairs; see `replaced`.
        sentence_case: See `with_capitals`.
    """

    replacements: tuple[tuple[str, str], ...] = ()
    sentence_case: bool = False

    def __call__(self, transcript: Transcript) -> Transcript:
        """Return the transcript, polished; itself if there is nothing to do."""
        if self.sentence_case:
            transcript = with_capitals(transcript)
        return replaced(transcript, self.replacements)


def with_capitals(transcript: Transcript) -> Transcript:
    """Return the transcript in sentence case if it is all lower case, else as it is.

    The first word and those behind a full stop, an exclamation or question mark get a
    capital, and so does the English I.
    """
    if not transcript.text or transcript.text != transcript.text.lower():
        return transcript
    words, begins = [], True
    for word in _words(transcript):
        text = _capital(word.text) if begins or _is_i(word.text) else word.text
        words.append(word if text == word.text else replace(word, text=text))
        begins = _ends_sentence(word.text)
    return _with_words(transcript, words)


def replaced(transcript: Transcript, replacements: Sequence[tuple[str, str]]) -> Transcript:
    """Return the transcript with what is written for what was heard.

    Whole words only, one or several in a row; case does not count, and punctuation around
    them stays. Where several fit the longest is taken, and what was written is not looked at
    again. Case is kept where both sides of the pair are lower case: heard -> written,
    Heard -> Written, HEARD -> WRITTEN. A pair with capitals is written as it stands.
    """
    rules = _rules(replacements)
    if not rules:
        return transcript
    words = _words(transcript)
    parts = [_parts(word.text) for word in words]
    longest = max(map(len, rules))
    made: list[Word] = []
    at = 0
    while at < len(words):
        count = _match(parts, at, longest, rules)
        if count:
            key = tuple(core.casefold() for _, core, _ in parts[at : at + count])
            made.extend(_written(words[at : at + count], parts[at : at + count], *rules[key]))
        else:
            made.append(words[at])
        at += count or 1
    return _with_words(transcript, made)


Rules = dict[tuple[str, ...], tuple[str, str]]
Parts = tuple[str, str, str]


def _rules(replacements: Sequence[tuple[str, str]]) -> Rules:
    """Return (heard, written) by the folded words of what is heard."""
    rules: Rules = {}
    for heard, written in replacements:
        key = tuple(_parts(word)[1].casefold() for word in heard.split())
        if all(key) and key and written.strip():
            rules.setdefault(key, (heard, " ".join(written.split())))
    return rules


def _parts(text: str) -> Parts:
    """Return what stands before the word, the word, and what stands behind it."""
    found = _PARTS.fullmatch(text)
    return (found[1], found[2], found[3]) if found else ("", text, "")


def _match(parts: Sequence[Parts], at: int, longest: int, rules: Rules) -> int:
    """Return how many words from `at` on a rule replaces, 0 if none does."""
    for count in range(min(longest, len(parts) - at), 0, -1):
        run = parts[at : at + count]
        if any(tail for _, _, tail in run[:-1]) or any(head for head, _, _ in run[1:]):
            continue  # a comma between them: they do not belong together
        if tuple(core.casefold() for _, core, _ in run) in rules:
            return count
    return 0


def _written(words: Sequence[Word], parts: Sequence[Parts], heard: str, written: str) -> list[Word]:
    found = " ".join(core for _, core, _ in parts)
    text = parts[0][0] + _in_case_of(found, heard, written) + parts[-1][2]
    texts = text.split()
    if len(texts) == len(words):
        return [replace(word, text=new) for word, new in zip(words, texts, strict=True)]
    confidence = min(word.confidence for word in words)
    made = shared_out(texts, words[0].start_s, words[-1].end_s)
    return [replace(word, confidence=confidence) for word in made]


def _in_case_of(found: str, heard: str, written: str) -> str:
    if heard != heard.lower() or written != written.lower():
        return written
    letters = [one for one in found if one.isalpha()]
    if len(letters) > 1 and found == found.upper():
        return written.upper()
    if letters and letters[0].isupper():
        return _capital(written)
    return written


def _capital(text: str) -> str:
    """Return the text with a capital, if it begins with a letter (behind punctuation)."""
    for index, one in enumerate(text):
        if one.isalnum():
            # A few letters have no capital that is one letter too.
            capital = one.title()
            return text[:index] + (capital if len(capital) == 1 else one) + text[index + 1 :]
    return text


def _is_i(text: str) -> bool:
    return _I.fullmatch(_parts(text)[1]) is not None


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None and _NO_END.search(text) is None


def _words(transcript: Transcript) -> tuple[Word, ...]:
    return timed_words(transcript.text, transcript.words, transcript.start_s, transcript.end_s)


def _with_words(transcript: Transcript, words: Sequence[Word]) -> Transcript:
    text = " ".join(word.text for word in words)
    if text.split() == transcript.text.split():
        return transcript
    # A text without words, as of a failed alignment, stays one.
    return replace(transcript, text=text, words=tuple(words) if transcript.words else ())
