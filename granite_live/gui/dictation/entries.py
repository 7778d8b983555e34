"""The texts that were dictated, and what became of them. No Qt."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from granite_live.delivery.protocol import Target

KEPT = 50
"""So many are kept at hand; the session's transcript has them all."""


class Fate(Enum):
    """What became of a text."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    ASIDE = "aside"
    """It is at hand, in the clipboard, but not where it was to go."""
    FAILED = "failed"
    SCRATCHED = "scratched"


@dataclass(slots=True)
class Entry:
    """A dictated text.

    `piece` is what was delivered, with the space before it; `before` is the piece before it in the
    same place, or all that it was added to in the clipboard, "" if it is the first; `note` says in
    words what became of it, "" where all is well.
    """

    number: int
    text: str
    piece: str = ""
    before: str = ""
    target: Target | None = None
    fate: Fate = Fate.WAITING
    note: str = ""


class Entries:
    """The newest texts, oldest first. What is not delivered is the last to be forgotten."""

    def __init__(self) -> None:
        self._all: deque[Entry] = deque()
        self.forgotten = 0
        """How many undelivered texts are not at hand any more."""

    def add(self, entry: Entry) -> None:
        """Remember a text."""
        self._all.append(entry)
        while len(self._all) > KEPT:
            settled = (one for one in self._all if one.fate is not Fate.FAILED)
            oldest = next(settled, self._all[0])
            self._all.remove(oldest)
            self.forgotten += oldest.fate is Fate.FAILED

    def find(self, number: int) -> Entry | None:
        """Return the text of this number, None if it is forgotten or not one."""
        return next((one for one in self._all if one.number == number), None)

    def remove(self, number: int) -> None:
        """Forget a text that the user has dealt with."""
        self._all = deque(one for one in self._all if one.number != number)

    def last(self) -> Entry | None:
        """Return the newest text that was not scratched."""
        return next((one for one in reversed(self._all) if one.fate is not Fate.SCRATCHED), None)

    def shown(self, delivered: int) -> list[Entry]:
        """Return what a user shall see, oldest first: what failed, and the newest others."""
        others = [one for one in self._all if one.fate is not Fate.FAILED]
        newest = {one.number for one in others[-delivered:]}
        return [one for one in self._all if one.fate is Fate.FAILED or one.number in newest]
