"""Dictated texts with their delivery status."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from granite_live.desktop.text_input import FocusedWindow

KEPT = 50
"""The number of texts kept; the session's transcript has all."""


class DeliveryStatus(Enum):
    """The delivery status of a text."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    IN_CLIPBOARD = "aside"
    """In the clipboard, but not in its target window."""
    FAILED = "failed"
    SCRATCHED = "scratched"


@dataclass(slots=True)
class DictatedText:
    """A dictated text.

    `piece` is the delivered text with its leading space. `before` is the piece before it in the
    same window, or the clipboard text that it was appended to, "" if it is the first. `note`
    explains the status, "" if there is nothing to say.
    """

    number: int
    text: str
    piece: str = ""
    before: str = ""
    target: FocusedWindow | None = None
    status: DeliveryStatus = DeliveryStatus.WAITING
    note: str = ""


class DictatedTexts:
    """The newest texts, oldest first. Failed ones are forgotten last."""

    def __init__(self) -> None:
        self._all: deque[DictatedText] = deque()
        self.forgotten = 0
        """The number of failed texts that were forgotten."""

    def add(self, entry: DictatedText) -> None:
        """Add a text and forget the oldest beyond the limit."""
        self._all.append(entry)
        while len(self._all) > KEPT:
            settled = (one for one in self._all if one.status is not DeliveryStatus.FAILED)
            oldest = next(settled, self._all[0])
            self._all.remove(oldest)
            self.forgotten += oldest.status is DeliveryStatus.FAILED

    def find(self, number: int) -> DictatedText | None:
        """Return the text with this number, None if there is none."""
        return next((one for one in self._all if one.number == number), None)

    def remove(self, number: int) -> None:
        """Remove a text that the user has dealt with."""
        self._all = deque(one for one in self._all if one.number != number)

    def last(self) -> DictatedText | None:
        """Return the newest text that was not scratched."""
        return next(
            (one for one in reversed(self._all) if one.status is not DeliveryStatus.SCRATCHED), None
        )

    def visible(self, delivered: int) -> list[DictatedText]:
        """Return the texts to show, oldest first: all failed and the newest others."""
        others = [one for one in self._all if one.status is not DeliveryStatus.FAILED]
        newest = {one.number for one in others[-delivered:]}
        return [
            one for one in self._all if one.status is DeliveryStatus.FAILED or one.number in newest
        ]


_NO_SPACE_BEFORE = ".,;:!?…)"


def spaced(before: str, text: str) -> str:
    """Return a text with the space needed before it.

    `before` is the text delivered last to the same place, "" for none.
    """
    if (
        not before
        or not text
        or before[-1].isspace()
        or text[0].isspace()
        or text[0] in _NO_SPACE_BEFORE
    ):
        return text
    return f" {text}"
