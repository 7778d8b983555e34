"""Spoken editing: what of an utterance is text, and what is said to the editor. Pure functions.

A command counts where it is a sentence of its own: the whole utterance, or its end behind the
mark that ends a sentence ("That is all. New line."). A sentence that contains the words, even as
its last ones, is text like any other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Command(StrEnum):
    """What can be said to the editor."""

    NEW_LINE = "new line"
    NEW_PARAGRAPH = "new paragraph"
    SCRATCH = "scratch that"


@dataclass(frozen=True, slots=True)
class Edited:
    """What an utterance means once its commands are carried out.

    `scratches` of what was delivered before go first, one utterance each; then comes `text`,
    which may be empty, or end in line breaks. `commands` are those that were heard, in order.
    """

    text: str
    scratches: int = 0
    commands: tuple[Command, ...] = ()


PHRASES: dict[str, Command] = {
    "new line": Command.NEW_LINE,
    "new paragraph": Command.NEW_PARAGRAPH,
    "scratch that": Command.SCRATCH,
    "neue zeile": Command.NEW_LINE,
    "neuer absatz": Command.NEW_PARAGRAPH,
    "streich das": Command.SCRATCH,
}
"""What is said, in lower case with single spaces. English and German never meet."""

_BREAKS = {Command.NEW_LINE: "\n", Command.NEW_PARAGRAPH: "\n\n"}
_PHRASE = "|".join(phrase.replace(" ", r"\s+") for phrase in PHRASES)
# A question is no command, and words in quotation marks are quoted.
_BEHIND = r"[\s.,!…]*"
_END = re.compile(
    rf"(?:^|(?<=[.!?…]))\s*(?P<said>(?:(?:{_PHRASE})\b{_BEHIND})+)$",
    re.IGNORECASE,
)
_ONE = re.compile(_PHRASE, re.IGNORECASE)


def edited(text: str) -> Edited:
    """Return what the utterance means. Without a command its text is the same."""
    found = _END.search(text)
    if found is None:
        return Edited(text)
    said = [" ".join(one.lower().split()) for one in _ONE.findall(found["said"])]
    commands = tuple(PHRASES[one] for one in said)
    before = text[: found.start("said")].strip()
    pieces = [before] if before else []
    scratches = 0
    for command in commands:
        if command is not Command.SCRATCH:
            pieces.append(_BREAKS[command])
        elif pieces:
            pieces.pop()
        else:
            scratches += 1
    return Edited("".join(pieces), scratches, commands)


def backspaces(text: str) -> int | None:
    """Return how often Backspace must be pressed to erase a text, None where editors differ.

    Every editor takes a plain character with one press: letters, composed ones such as "ü", signs,
    line breaks, and emoji that are a single code point. What consists of several code points
    (accents on their own, families, flags, skin tones) goes as a whole in one program and piece by
    piece in another; so how many presses it takes cannot be known.
    """
    if any(_belongs_to_another(one) for one in text):
        return None
    return len(text)


def _belongs_to_another(character: str) -> bool:
    """Return whether a code point is shown together with a neighbour."""
    code = ord(character)
    # Flags, skin tones, and the letters of which Korean syllables may be made.
    joins = (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0x1100, 0x11FF)
    if any(low <= code <= high for low, high in joins):
        return True
    # Marks on other characters, and what is not seen itself: joiners, directions, tags.
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
