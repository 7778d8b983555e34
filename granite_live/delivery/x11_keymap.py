"""Which keys to press for a text, and which unused keys must be given a letter first.

A layout has no key for most characters. Unused keys are given those, many at once and for long: a
program that is slow to ask what a key means now must not hear of the next meaning. So a key that
was given a letter keeps it until there are no other keys left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

NO_SYMBOL = 0
_CONTROLS = {"\n": 0xFF0D, "\t": 0xFF09}  # Return and Tab
_UNICODE = 0x0100_0000
_FUNCTION_KEYS = 0xFF00
_GIVEN_COLUMNS = 4
"""So many columns say the same of a key that was given a letter: two groups, two levels."""


class Stroke(NamedTuple):
    """A key to be pressed and let go."""

    keycode: int
    is_shifted: bool


@dataclass(slots=True)
class Batch:
    """Keys to be given letters, then keys to be pressed."""

    given: dict[int, int] = field(default_factory=dict)
    """Keycode -> keysym."""
    takes_away: bool = False
    """One of the given keys has another letter by now, which may still be wanted."""
    strokes: list[Stroke] = field(default_factory=list)
    characters: int = 0


def keysym_of(character: str) -> int:
    """Return the X server's number for a character."""
    if character in _CONTROLS:
        return _CONTROLS[character]
    code = ord(character)
    return code if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF else _UNICODE | code


def is_typable(character: str) -> bool:
    """Return whether there can be a key for it: other control characters have none."""
    return character in _CONTROLS or (ord(character) >= 0x20 and not 0x7F <= ord(character) < 0xA0)


class Keymap:
    """What the keys mean, in the layout that is in use."""

    def __init__(
        self,
        first_keycode: int,
        rows: Sequence[Sequence[int]],
        group: int = 0,
        untouched: Sequence[int] = (),
    ) -> None:
        """Read it.

        Args:
            first_keycode: Of the first row.
            rows: For each key its keysyms, as the X protocol orders them: two groups of two levels.
            group: Which of the groups is in use.
            untouched: Keycodes that are never to be given a letter.
        """
        self._strokes: dict[int, Stroke] = {}
        self.spare: list[int] = []
        """Keys without a meaning; those that were given one, the one given first in front, last."""
        given = []
        for keycode, row in enumerate(rows, first_keycode):
            if any(row):
                self._learn(keycode, _levels(row, group))
            if keycode in untouched:
                continue
            if not any(row):
                self.spare.append(keycode)
            elif _was_given(row):
                given.append(keycode)
        self.spare += given
        self._given = dict.fromkeys(given)

    def __contains__(self, character: str) -> bool:
        return keysym_of(character) in self._strokes

    def find(self, keysym: int) -> Stroke | None:
        """Return how to press what has this number."""
        return self._strokes.get(keysym)

    def plan(self, text: str) -> list[Batch]:
        """Return what to do for a text whose characters are all typable; remember what was given.

        Raises:
            ValueError: A character is on no key, and no key is unused.
        """
        batches = [Batch()]
        used: set[int] = set()
        for character in text:
            stroke = self._strokes.get(keysym_of(character))
            if stroke is None:
                if all(keycode in used for keycode in self.spare):
                    if not used:
                        raise ValueError(character)
                    batches.append(Batch())
                    used.clear()
                stroke = self._give(character, batches[-1], used)
            batch = batches[-1]
            batch.strokes.append(stroke)
            batch.characters += 1
            if stroke.keycode in self._given:
                used.add(stroke.keycode)
                self._touch(stroke.keycode)
        return batches

    def _give(self, character: str, batch: Batch, used: set[int]) -> Stroke:
        keycode = next(one for one in self.spare if one not in used)
        if keycode in self._given:
            batch.takes_away = True
            self._strokes = {
                keysym: stroke
                for keysym, stroke in self._strokes.items()
                if stroke.keycode != keycode
            }
        self._given[keycode] = None
        stroke = Stroke(keycode, is_shifted=False)
        self._strokes[keysym_of(character)] = stroke
        batch.given[keycode] = keysym_of(character)
        return stroke

    def _touch(self, keycode: int) -> None:
        """Make it the last one to be given something else."""
        self.spare.remove(keycode)
        self.spare.append(keycode)

    def _learn(self, keycode: int, levels: tuple[int, int]) -> None:
        for level, keysym in enumerate(levels):
            if keysym != NO_SYMBOL:
                self._strokes.setdefault(keysym, Stroke(keycode, is_shifted=level == 1))


def given_row(keysym: int) -> tuple[int, ...]:
    """Return the row of a key that is given a letter, whatever the group and the level."""
    return (keysym,) * _GIVEN_COLUMNS


def _was_given(row: Sequence[int]) -> bool:
    """Return whether a row looks like `given_row`, now or in an earlier run that was killed."""
    first = row[0]
    is_letter = 0xA0 <= first <= 0xFF or first >= _UNICODE
    return is_letter and list(row[:_GIVEN_COLUMNS]) == list(given_row(first))


def _levels(row: Sequence[int], group: int) -> tuple[int, int]:
    """Return what a key means alone and with Shift."""
    padded = [*row, *([NO_SYMBOL] * _GIVEN_COLUMNS)]
    if group > 1:
        # The protocol does not tell third groups from third levels: only what is the same in all.
        is_same = padded[0] >= _FUNCTION_KEYS or _was_given(row)
        return (padded[0], NO_SYMBOL) if is_same else (NO_SYMBOL, NO_SYMBOL)
    plain, shifted = padded[2 * group : 2 * group + 2]
    if plain == shifted == NO_SYMBOL:
        # A key that a group says nothing of means what it means in the first.
        plain, shifted = padded[:2]
    if shifted == NO_SYMBOL and 0x20 < plain <= 0xFF:
        upper = chr(plain).upper()
        shifted = keysym_of(upper) if len(upper) == 1 else plain
    return plain, shifted
