"""A line of the transcript, which shows one utterance. No Qt."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum

from granite_live.library import SavedUtterance, UtteranceState
from granite_live.transcript.model import Track, Word

LOW_CONFIDENCE = 0.6
"""Words below this confidence are underlined."""

_keys = itertools.count(1)


class LineState(Enum):
    """The state of a line's text."""

    OPEN = "open"
    """Still being spoken."""
    PROVISIONAL = "provisional"
    FINAL = "final"
    FAILED = "failed"


@dataclass(slots=True)
class Line:
    """An utterance, maybe edited by the user. It is never changed; `dataclasses.replace` makes
    another. Like `SavedUtterance` it is not declared frozen, because thousands are made at once.

    Attributes:
        number: The utterance's number in the session, -1 for the second part of a split one.
        start_s: The start in seconds from the session's first sample.
        end_s: The end in seconds; the start while the utterance is open.
        state: The state of the text.
        text: The displayed text.
        live_words: The machine's words with times, for a line that is not from the library.
        stable_words: For an open line, the number of words that will hardly change.
        machine_text: The machine's text if the user changed it, else None.
        reason: Why it failed.
        track: The track on which it was recorded.
        speaker: The speaker's name, "" if the user has given none.
        stored: The library's record, if any.
        key: Identifies the line while the program runs.
    """

    number: int
    start_s: float
    end_s: float
    state: LineState
    text: str
    live_words: tuple[Word, ...] = ()
    stable_words: int = 0
    machine_text: str | None = None
    reason: str = ""
    track: int = Track.MICROPHONE
    speaker: str = ""
    stored: SavedUtterance | None = field(default=None, compare=False, repr=False)
    key: int = field(default_factory=lambda: next(_keys), compare=False)

    @property
    def words(self) -> tuple[Word, ...]:
        """The machine's words with times; unpacked on each call for a stored line."""
        return self.live_words if self.stored is None else self.stored.words

    @property
    def is_edited(self) -> bool:
        """Whether the user changed the text."""
        return self.machine_text is not None

    @classmethod
    def of(cls, stored: SavedUtterance) -> Line:
        """Return the line of a library record."""
        return cls(
            -1 if stored.number is None else stored.number,
            stored.start_s,
            stored.end_s,
            _PHASES[stored.state],
            stored.text,
            machine_text=stored.machine_text if stored.is_edited else None,
            reason=stored.reason,
            track=stored.track,
            speaker=stored.speaker,
            stored=stored,
        )


_PHASES = {
    UtteranceState.PROVISIONAL: LineState.PROVISIONAL,
    UtteranceState.FINAL: LineState.FINAL,
    UtteranceState.FAILED: LineState.FAILED,
}


@dataclass(frozen=True, slots=True)
class WordMark:
    """The position of a recognized word in a line's text."""

    start: int
    length: int
    word: Word

    @property
    def is_doubtful(self) -> bool:
        """Whether the word's confidence is low."""
        return self.word.confidence < LOW_CONFIDENCE


def word_marks(line: Line) -> tuple[WordMark, ...]:
    """Return the positions of the machine's words in the text, none for the user's words."""
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
    return tuple(WordMark(shown[a][0], len(shown[a][1]), words[b]) for a, b in pairs)


def word_at(found: tuple[WordMark, ...], position: int) -> WordMark | None:
    """Return the mark that covers this text position."""
    return next((m for m in found if m.start <= position < m.start + m.length), None)


def stable_chars(line: Line) -> int:
    """Return the number of leading characters of an open line that will hardly change."""
    tokens = _tokens(line.text)[: line.stable_words]
    return tokens[-1][0] + len(tokens[-1][1]) if tokens else 0


def _tokens(text: str) -> list[tuple[int, str]]:
    """Return (start, word) of each word in the text."""
    found = []
    at = 0
    for token in text.split():
        at = text.index(token, at)
        found.append((at, token))
        at += len(token)
    return found


def word_index(text: str, position: int) -> int:
    """Return the index of the word at a text position, or the number of words after the last."""
    return sum(1 for start, token in _tokens(text) if start + len(token) <= position)
