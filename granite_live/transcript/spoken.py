"""Find spoken editing commands in an utterance. Pure functions.

A command must be a sentence of its own: the whole utterance, or its end after a mark that ends a
sentence ("That is all. New line."). Inside a sentence the words are text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class SpokenCommand(StrEnum):
    """A spoken editing command."""

    NEW_LINE = "new line"
    NEW_PARAGRAPH = "new paragraph"
    SCRATCH = "scratch that"


@dataclass(frozen=True, slots=True)
class SpokenEdit:
    """An utterance with its commands carried out.

    First `scratches` earlier utterances are erased, then `text` is delivered, which may be empty or
    end in line breaks. `commands` lists the recognized commands in order.
    """

    text: str
    scratches: int = 0
    commands: tuple[SpokenCommand, ...] = ()


PHRASES: dict[str, SpokenCommand] = {
    "new line": SpokenCommand.NEW_LINE,
    "new paragraph": SpokenCommand.NEW_PARAGRAPH,
    "scratch that": SpokenCommand.SCRATCH,
    "neue zeile": SpokenCommand.NEW_LINE,
    "neuer absatz": SpokenCommand.NEW_PARAGRAPH,
    "streich das": SpokenCommand.SCRATCH,
}
"""Phrase (lower case, single spaces) to command. English and German do not collide."""

_BREAKS = {SpokenCommand.NEW_LINE: "\n", SpokenCommand.NEW_PARAGRAPH: "\n\n"}
_PHRASE = "|".join(phrase.replace(" ", r"\s+") for phrase in PHRASES)
# A question mark or quotation mark after the phrase makes it text.
_BEHIND = r"[\s.,!…]*"
_END = re.compile(
    rf"(?:^|(?<=[.!?…]))\s*(?P<said>(?:(?:{_PHRASE})\b{_BEHIND})+)$",
    re.IGNORECASE,
)
_ONE = re.compile(_PHRASE, re.IGNORECASE)


def apply_spoken_commands(text: str) -> SpokenEdit:
    """Return the utterance with its commands carried out."""
    found = _END.search(text)
    if found is None:
        return SpokenEdit(text)
    said = [" ".join(one.lower().split()) for one in _ONE.findall(found["said"])]
    commands = tuple(PHRASES[one] for one in said)
    before = text[: found.start("said")].strip()
    pieces = [before] if before else []
    scratches = 0
    for command in commands:
        if command is not SpokenCommand.SCRATCH:
            pieces.append(_BREAKS[command])
        elif pieces:
            pieces.pop()
        else:
            scratches += 1
    return SpokenEdit("".join(pieces), scratches, commands)


def count_backspaces(text: str) -> int | None:
    """Return how often Backspace must be pressed to erase a text, None if editors differ.

    Every editor erases a single code point with one press: letters, composed ones such as "ü",
    signs, line breaks and simple emoji. Sequences of code points (combining accents, families,
    flags, skin tones) take one press in some programs and several in others.
    """
    if any(_combines_with_neighbor(one) for one in text):
        return None
    return len(text)


def _combines_with_neighbor(character: str) -> bool:
    """Return whether a code point is displayed together with a neighbor."""
    code = ord(character)
    # Flags, skin tones and Korean jamo.
    joins = (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0x1100, 0x11FF)
    if any(low <= code <= high for low, high in joins):
        return True
    # Combining marks and invisible characters: joiners, directions, tags.
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
