"""A line of the transcript: what is shown of one utterance. Knows nothing of Qt."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum

from granite_live.transcript.history import Utterance, UtteranceState
from granite_live.transcript.model import Word

LOW_CONFIDENCE = 0.6
"""Words below this are underlined."""

_keys = itertools.count(1)


class Phase(Enum):
    """How certain a line's text is."""

    OPEN = "open"
    """It is being spoken."""
    PROVISIONAL = "provisional"
    FINAL = "final"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance, or what the user made of one.

    Attributes:
        number: The utterance's number in the session, -1 for the second part of a split one.
        start_s: Where it begins, from the session's first sample.
        end_s: Where it ends; for an open one, where it began.
        phase: How certain it is.
        text: What is shown.
        heard: The machine's words with times, of a line that did not come from the library.
        stable_words: Of an open line: how many will hardly change.
        machine_text: What the machine wrote, where the user changed it; else None.
        reason: Why it failed.
        stored: How it lies in the library, once it does.
        key: Names the line as long as the program runs.
    """

    number: int
    start_s: float
    end_s: float
    phase: Phase
    text: str
    heard: tuple[Word, ...] = ()
    stable_words: int = 0
    machine_text: str | None = None
    reason: str = ""
    stored: Utterance | None = field(default=None, compare=False, repr=False)
    key: int = field(default_factory=lambda: next(_keys), compare=False)

    @property
    def words(self) -> tuple[Word, ...]:
        """The machine's words with times. Those of a stored line are unpacked at each call."""
        return self.heard if self.stored is None else self.stored.words

    @property
    def is_edited(self) -> bool:
        """Whether the text is the user's."""
        return self.machine_text is not None

    @classmethod
    def of(cls, stored: Utterance) -> Line:
        """Return what is shown of a stored line."""
        return cls(
            -1 if stored.number is None else stored.number,
            stored.start_s,
            stored.end_s,
            _PHASES[stored.state],
            stored.text,
            machine_text=stored.machine_text if stored.is_edited else None,
            reason=stored.reason,
            stored=stored,
        )


_PHASES = {
    UtteranceState.PROVISIONAL: Phase.PROVISIONAL,
    UtteranceState.FINAL: Phase.FINAL,
    UtteranceState.FAILED: Phase.FAILED,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in a line's text a word of the machine stands."""

    start: int
    length: int
    word: Word

    @property
    def is_doubtful(self) -> bool:
        """Whether it is underlined."""
        return self.word.confidence < LOW_CONFIDENCE


def marks(line: Line) -> tuple[Mark, ...]:
    """Return where the machine's words stand in the text; the user's own words have none."""
    words = line.words
    if not words:
        return ()
    shown = _tokens(line.text)
    theirs = [token.casefold() for _, token in shown]
    ours = [word.text.strip().casefold() for word in words]
    if theirs == ours:
        pairs = list(zip(range(len(shown)), range(len(ours)), strict=True))
    else:
        pairs = [
            (block.a + step, block.b + step)
            for block in SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks()
            for step in range(block.size)
        ]
    return tuple(Mark(shown[a][0], len(shown[a][1]), words[b]) for a, b in pairs)


def word_at(found: tuple[Mark, ...], position: int) -> Mark | None:
    """Return the mark that covers this place in the text."""
    return next((m for m in found if m.start <= position < m.start + m.length), None)


def stable_chars(line: Line) -> int:
    """Return how many characters at the beginning of an open line will hardly change."""
    tokens = _tokens(line.text)[: line.stable_words]
    return tokens[-1][0] + len(tokens[-1][1]) if tokens else 0


def _tokens(text: str) -> list[tuple[int, str]]:
    """Return (where it starts, word) of each word in the text."""
    found = []
    at = 0
    for token in text.split():
        at = text.index(token, at)
        found.append((at, token))
        at += len(token)
    return found


def word_index(text: str, position: int) -> int:
    """Return which word of the text a place belongs to; behind the last one, their number."""
    return sum(1 for start, token in _tokens(text) if start + len(token) <= position)
