"""A session's words as one stream, in the order of speech. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from granite_live.session import events

KEPT = 64
"""The number of utterances kept; older ones have left the screen."""
NO_TEXT = "…"
"""Shown for speech that has no text."""


class _Stage(IntEnum):
    """The progress of an utterance, which never goes back."""

    OPEN = 0
    PROVISIONAL = 1
    FAILED = 2
    FINAL = 3


@dataclass(frozen=True, slots=True)
class Said:
    """The known words of an utterance."""

    utterance: int
    words: tuple[str, ...]
    is_final: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    stage: _Stage
    words: tuple[str, ...]


class Flow:
    """Collects a session's events into the newest utterances, oldest first."""

    def __init__(self, kept: int = KEPT) -> None:
        """Start empty.

        Args:
            kept: The number of utterances kept, at least 1.
        """
        self._kept = kept
        self._by_number: dict[int, _Kept] = {}
        self._forgotten = -1

    def clear(self) -> None:
        """Forget everything for a new session."""
        self._by_number.clear()
        self._forgotten = -1

    def apply(self, event: events.Event) -> bool:
        """Apply an event; return whether the display changes."""
        match event:
            case events.Draft(utterance=number, text=text):
                return self._put(number, _Stage.OPEN, text)
            case events.Provisional(utterance=number, text=text):
                return self._put(number, _Stage.PROVISIONAL, text)
            case events.Final(utterance=number, text=text):
                return self._put(number, _Stage.FINAL, text)
            case events.Failed(utterance=number):
                return self._put(number, _Stage.FAILED, self._left_of(number))
        return False

    @property
    def said(self) -> tuple[Said, ...]:
        """All utterances that have words, in the order of speech."""
        return tuple(
            Said(number, one.words, one.stage is _Stage.FINAL)
            for number, one in sorted(self._by_number.items())
            if one.words
        )

    def _put(self, number: int, stage: _Stage, text: str) -> bool:
        old = self._by_number.get(number)
        if number <= self._forgotten or (old is not None and stage < old.stage):
            return False  # late: it was replaced or has left the screen
        new = _Kept(stage, tuple(text.split()))
        if new == old:
            return False
        self._by_number[number] = new
        if len(self._by_number) > self._kept:
            self._forgotten = min(self._by_number)
            del self._by_number[self._forgotten]
        return True

    def _left_of(self, number: int) -> str:
        """Return the text of a failed utterance: its draft, or NO_TEXT."""
        old = self._by_number.get(number)
        return " ".join(old.words) if old is not None and old.words else NO_TEXT
