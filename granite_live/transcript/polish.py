"""Apply the user's replacements and sentence case to transcripts. Pure functions.

Unchanged words are the same objects; replaced ones get the times of those they replace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from granite_live.transcript.model import Transcript, Word, align_words, distribute_time

# A word with the punctuation before and after it. Signs such as + and # belong to the word.
_MARKS = r"""[\s.,;:!?…"'()\[\]{}«»“”„‘’‚¿¡—–-]"""  # noqa: RUF001 - typographic marks
_PARTS = re.compile(rf"({_MARKS}*)(.*?)({_MARKS}*)", re.DOTALL)
# Marks that follow a word without a space, and marks that precede one.
_ENDERS = ".!?…"
_CLOSERS = ")]}»”’"  # noqa: RUF001 - typographic quotes
_PAUSES = ",;:"
_CLOSING = _ENDERS + _CLOSERS + _PAUSES
_OPENING = "([{«“„‚‘¿¡"  # noqa: RUF001 - typographic quotes
_ENDED = re.compile(f"[{re.escape(_ENDERS)}][{re.escape(_CLOSERS)}]*$")
_SENTENCE_END = re.compile(r"""[.!?]["'”’»)\]]*$""")  # noqa: RUF001 - typographic quotes
_NO_END = re.compile(r"(\.\.\.|^\W*\w\.|\w\.\w.*\.|^\W*(mr|mrs|ms|dr|st|vs|no)\.)$")
_I = re.compile(r"i(['’](m|ll|ve|d|s|re))?")  # noqa: RUF001 - typographic apostrophe


@dataclass(frozen=True, slots=True)
class Polish:
    """The rules that apply to every text.

    Attributes:
        replacements: Pairs (heard, written), "" to delete what is heard; see `apply_replacements`.
        sentence_case: See `apply_sentence_case`.
    """

    replacements: tuple[tuple[str, str], ...] = ()
    sentence_case: bool = False

    def __call__(self, transcript: Transcript) -> Transcript:
        """Return the polished transcript; the same object if nothing changes."""
        if self.sentence_case:
            transcript = apply_sentence_case(transcript)
        return apply_replacements(transcript, self.replacements)


def apply_sentence_case(transcript: Transcript) -> Transcript:
    """Return an all-lower-case transcript in sentence case; others unchanged.

    The first word of each sentence and the English "I" are capitalized.
    """
    if not transcript.text or transcript.text != transcript.text.lower():
        return transcript
    words, begins = [], True
    for word in _words(transcript):
        text = _capitalize(word.text) if begins or _is_i(word.text) else word.text
        words.append(word if text == word.text else replace(word, text=text))
        begins = _ends_sentence(word.text)
    return _with_words(transcript, words)


def apply_replacements(
    transcript: Transcript, replacements: Sequence[tuple[str, str]]
) -> Transcript:
    """Return the transcript with the replacements applied.

    Matches whole words, one or several in a row, ignoring case and keeping the punctuation around
    them. The longest match wins, and results are not matched again. If both sides of a pair are
    lower case, the case is kept: heard -> written, Heard -> Written, HEARD -> WRITTEN; otherwise
    the pair is written as it is.

    If "" is written, the words and the comma after them are deleted: "Um, so" -> "So". A written
    mark, as "." for "full stop", is attached to the word beside it.
    """
    rules = _rules(replacements)
    if not rules:
        return transcript
    words = _words(transcript)
    parts = [_parts(word.text) for word in words]
    longest = max(map(len, rules))
    made = _TextBuilder()
    at = 0
    while at < len(words):
        count = _match(parts, at, longest, rules)
        if count:
            key = tuple(core.casefold() for _, core, _ in parts[at : at + count])
            _write_replacement(made, words[at : at + count], parts[at : at + count], *rules[key])
        else:
            made.add(words[at])
        at += count or 1
    return _with_words(transcript, made.build())


Rules = dict[tuple[str, ...], tuple[str, str]]
Parts = tuple[str, str, str]


def _rules(replacements: Sequence[tuple[str, str]]) -> Rules:
    """Return (heard, written) by the case-folded words of what is heard."""
    rules: Rules = {}
    for heard, written in replacements:
        key = tuple(_parts(word)[1].casefold() for word in heard.split())
        if all(key) and key:
            rules.setdefault(key, (heard, " ".join(written.split())))
    return rules


def _parts(text: str) -> Parts:
    """Return the punctuation before the word, the word, and the punctuation after it."""
    found = _PARTS.fullmatch(text)
    return (found[1], found[2], found[3]) if found else ("", text, "")


def _match(parts: Sequence[Parts], at: int, longest: int, rules: Rules) -> int:
    """Return how many words from `at` on a rule replaces, 0 for none."""
    for count in range(min(longest, len(parts) - at), 0, -1):
        run = parts[at : at + count]
        if any(tail for _, _, tail in run[:-1]) or any(head for head, _, _ in run[1:]):
            continue  # words with punctuation between them do not match
        if tuple(core.casefold() for _, core, _ in run) in rules:
            return count
    return 0


class _TextBuilder:
    """The words written so far. Attaches marks to adjacent words."""

    def __init__(self) -> None:
        self._words: list[Word] = []
        self._opening = ""
        self._opened: Word | None = None
        self._wants_capital = False

    @property
    def begins_sentence(self) -> bool:
        """Whether the next word starts a sentence."""
        return not self._words or _ends_sentence(self._words[-1].text)

    def add(self, word: Word) -> None:
        """Append a word with its pending opening marks."""
        text = _capitalize(word.text) if self._wants_capital else word.text
        text = self._opening + text
        self._words.append(word if text == word.text else replace(word, text=text))
        self._opening, self._opened, self._wants_capital = "", None, False

    def append_marks(self, marks: str, word: Word | None = None) -> None:
        """Append marks to the last word; if there is none, to `word`, if given."""
        if not marks:
            return
        if not self._words:
            if word is not None:
                self.add(replace(word, text=marks))
            return
        last = self._words[-1]
        text = last.text
        if marks[0] in _ENDERS:
            text = text.rstrip(_PAUSES)
            if _ENDED.search(text):
                marks = marks.lstrip(_ENDERS)
        elif text[-1] in _PAUSES:
            marks = marks.lstrip(_PAUSES)
        self._words[-1] = replace(last, text=text + marks)

    def prepend_marks(self, marks: str, word: Word | None = None) -> None:
        """Put marks before the next word; if none follows, use `word`, if given."""
        self._opening += marks
        self._opened = self._opened or word

    def capitalize_next(self) -> None:
        """Capitalize the next word."""
        self._wants_capital = True

    def build(self) -> list[Word]:
        """Return the words."""
        if self._opening and self._opened is not None:
            self._words.append(replace(self._opened, text=self._opening))
        return self._words


def _write_replacement(
    made: _TextBuilder, words: Sequence[Word], parts: Sequence[Parts], heard: str, written: str
) -> None:
    """Append the replacement of the words; nothing if `written` is empty."""
    head, tail = parts[0][0], parts[-1][2]
    found = " ".join(core for _, core, _ in parts)
    if not written:
        # Keep sentence ends and closing quotes; delete the comma after a filler word.
        if made.begins_sentence and found[:1].isupper():
            made.capitalize_next()
        made.append_marks("".join(mark for mark in tail if mark in _ENDERS + _CLOSERS))
        made.prepend_marks(head)
        return
    text = _match_case(found, heard, written)
    if text[-1] in _ENDERS:
        tail = tail.lstrip(_ENDERS)
    texts = (head + text + tail).split()
    while texts and all(mark in _CLOSING for mark in texts[0]):
        made.append_marks(texts.pop(0), words[0])
    opening: list[str] = []
    while texts and all(mark in _OPENING for mark in texts[-1]):
        opening.insert(0, texts.pop())
    if len(texts) == len(words):
        for word, new in zip(words, texts, strict=True):
            made.add(replace(word, text=new))
    elif texts:
        confidence = min(word.confidence for word in words)
        for word in distribute_time(texts, words[0].start_s, words[-1].end_s):
            made.add(replace(word, confidence=confidence))
    made.prepend_marks("".join(opening), words[-1])


def _match_case(found: str, heard: str, written: str) -> str:
    if heard != heard.lower() or written != written.lower():
        return written
    letters = [one for one in found if one.isalpha()]
    if len(letters) > 1 and found == found.upper():
        return written.upper()
    if letters and letters[0].isupper():
        return _capitalize(written)
    return written


def _capitalize(text: str) -> str:
    """Return the text with its first letter capitalized, after any punctuation."""
    for index, one in enumerate(text):
        if one.isalnum():
            # A few letters have no single-letter capital.
            capital = one.title()
            return text[:index] + (capital if len(capital) == 1 else one) + text[index + 1 :]
    return text


def _is_i(text: str) -> bool:
    return _I.fullmatch(_parts(text)[1]) is not None


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None and _NO_END.search(text) is None


def _words(transcript: Transcript) -> tuple[Word, ...]:
    return align_words(transcript.text, transcript.words, transcript.start_s, transcript.end_s)


def _with_words(transcript: Transcript, words: Sequence[Word]) -> Transcript:
    text = " ".join(word.text for word in words)
    if text.split() == transcript.text.split():
        return transcript
    # A text without words, as after a failed alignment, gets none.
    return replace(transcript, text=text, words=tuple(words) if transcript.words else ())
