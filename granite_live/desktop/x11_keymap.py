"""Plan the keys for a text, and say which unused keys must be remapped first.

Most characters have no key in a layout, so unused keys are mapped to them, many at a time. A
program that looks up a key late must not see its next mapping, so a mapping is kept until no unused
key is left.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from granite_live.desktop.hotkeys import KEYSYM_NAMES, HotkeyError, KeyCombination
from granite_live.messages.desktop import HotkeyMessage

NO_SYMBOL = 0
_CONTROLS = {"\n": 0xFF0D, "\t": 0xFF09}  # Return and Tab
_UNICODE = 0x0100_0000
_FUNCTION_KEYS = 0xFF00
_GIVEN_COLUMNS = 4
"""The number of equal columns of a remapped key: two groups of two levels."""


class Stroke(NamedTuple):
    """A key to press and release."""

    keycode: int
    is_shifted: bool


@dataclass(slots=True)
class KeyBatch:
    """Keys to remap, followed by keys to press."""

    remapped: dict[int, int] = field(default_factory=dict)
    """Keycode to keysym."""
    reuses_key: bool = False
    """Whether a remapped key loses a letter that a window may not have read yet."""
    strokes: list[Stroke] = field(default_factory=list)
    characters: int = 0


def keysym_of(character: str) -> int:
    """Return the X11 keysym of a character."""
    if character in _CONTROLS:
        return _CONTROLS[character]
    code = ord(character)
    return code if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF else _UNICODE | code


def is_typable(character: str) -> bool:
    """Return whether a character can have a key; most control characters cannot."""
    return character in _CONTROLS or (ord(character) >= 0x20 and not 0x7F <= ord(character) < 0xA0)


class Keymap:
    """The keyboard mapping of the active layout."""

    def __init__(
        self,
        first_keycode: int,
        rows: Sequence[Sequence[int]],
        group: int = 0,
        untouched: Sequence[int] = (),
    ) -> None:
        """Read the mapping.

        Args:
            first_keycode: The keycode of the first row.
            rows: The keysyms of each key in X11 order: two groups of two levels.
            group: The active group.
            untouched: Keycodes that must not be remapped.
        """
        self._strokes: dict[int, Stroke] = {}
        self.unused_keys: list[int] = []
        """Unused keys, then remapped ones, least recently used first."""
        given = []
        for keycode, row in enumerate(rows, first_keycode):
            if any(row):
                self._add_levels(keycode, _group_levels(row, group))
            if keycode in untouched:
                continue
            if not any(row):
                self.unused_keys.append(keycode)
            elif _is_remapped(row):
                given.append(keycode)
        self.unused_keys += given
        self._remapped = dict.fromkeys(given)

    def __contains__(self, character: str) -> bool:
        return keysym_of(character) in self._strokes

    def find(self, keysym: int) -> Stroke | None:
        """Return the stroke for this keysym."""
        return self._strokes.get(keysym)

    def plan(self, text: str) -> list[KeyBatch]:
        """Return the batches for a text of typable characters; remember the remapped keys.

        Raises:
            ValueError: A character has no key and no key is unused.
        """
        batches = [KeyBatch()]
        used: set[int] = set()
        for character in text:
            stroke = self._strokes.get(keysym_of(character))
            if stroke is None:
                if all(keycode in used for keycode in self.unused_keys):
                    if not used:
                        raise ValueError(character)
                    batches.append(KeyBatch())
                    used.clear()
                stroke = self._remap(character, batches[-1], used)
            batch = batches[-1]
            batch.strokes.append(stroke)
            batch.characters += 1
            if stroke.keycode in self._remapped:
                used.add(stroke.keycode)
                self._mark_used(stroke.keycode)
        return batches

    def _remap(self, character: str, batch: KeyBatch, used: set[int]) -> Stroke:
        keycode = next(one for one in self.unused_keys if one not in used)
        if keycode in self._remapped:
            batch.reuses_key = True
            self._strokes = {
                keysym: stroke
                for keysym, stroke in self._strokes.items()
                if stroke.keycode != keycode
            }
        self._remapped[keycode] = None
        stroke = Stroke(keycode, is_shifted=False)
        self._strokes[keysym_of(character)] = stroke
        batch.remapped[keycode] = keysym_of(character)
        return stroke

    def _mark_used(self, keycode: int) -> None:
        """Mark the key as most recently used."""
        self.unused_keys.remove(keycode)
        self.unused_keys.append(keycode)

    def _add_levels(self, keycode: int, levels: tuple[int, int]) -> None:
        for level, keysym in enumerate(levels):
            if keysym != NO_SYMBOL:
                self._strokes.setdefault(keysym, Stroke(keycode, is_shifted=level == 1))


def remapped_row(keysym: int) -> tuple[int, ...]:
    """Return the row of a key that is mapped to one keysym in all groups and levels."""
    return (keysym,) * _GIVEN_COLUMNS


def _is_remapped(row: Sequence[int]) -> bool:
    """Return whether a row looks like `remapped_row`, also from an earlier killed run."""
    first = row[0]
    is_letter = 0xA0 <= first <= 0xFF or first >= _UNICODE
    return is_letter and list(row[:_GIVEN_COLUMNS]) == list(remapped_row(first))


def _group_levels(row: Sequence[int], group: int) -> tuple[int, int]:
    """Return the key's keysyms without and with Shift."""
    padded = [*row, *([NO_SYMBOL] * _GIVEN_COLUMNS)]
    if group > 1:
        # The protocol does not separate third groups from third levels, so use only keys that are
        # the same in all.
        is_same = padded[0] >= _FUNCTION_KEYS or _is_remapped(row)
        return (padded[0], NO_SYMBOL) if is_same else (NO_SYMBOL, NO_SYMBOL)
    plain, shifted = padded[2 * group : 2 * group + 2]
    if plain == shifted == NO_SYMBOL:
        # A key without keysyms in a group uses those of the first group.
        plain, shifted = padded[:2]
    if shifted == NO_SYMBOL and 0x20 < plain <= 0xFF:
        upper = chr(plain).upper()
        shifted = keysym_of(upper) if len(upper) == 1 else plain
    return plain, shifted


_ALT, _META, _NUM_LOCK, _SCROLL_LOCK = "Alt_L", "Super_L", "Num_Lock", "Scroll_Lock"


class X11KeyCodes:
    """The keycodes and modifier masks of the current layout."""

    def __init__(self, screen: Any) -> None:
        """Query the server of this connection (`Xlib.display.Display`)."""
        from Xlib import XK, X

        XK.load_keysym_group("xf86")
        self._screen = screen
        self._mapping: list[Sequence[int]] = screen.get_modifier_mapping()
        self.masks = {
            "Ctrl": X.ControlMask,
            "Shift": X.ShiftMask,
            "Alt": self._mask_of(_ALT) or X.Mod1Mask,
            "Meta": self._mask_of(_META) or X.Mod4Mask,
        }
        locks = {X.LockMask, self._mask_of(_NUM_LOCK), self._mask_of(_SCROLL_LOCK)} - {0}
        some = (itertools.combinations(locks, count) for count in range(len(locks) + 1))
        self.locks = [sum(one) for one in itertools.chain.from_iterable(some)]
        """All combinations of Caps Lock, Num Lock and Scroll Lock."""
        self.escape: int = screen.keysym_to_keycode(keysym_of_key("Esc"))
        """The keycode of Escape, 0 if the keyboard has none."""
        ends = (screen.keysym_to_keycode(keysym_of_key(name)) for name in ("Return", "Enter"))
        self.line_ends = frozenset(ends) - {0}
        """The keycodes of Return and Enter."""
        self.modifiers = frozenset(code for row in self._mapping for code in row) - {0}
        """The keycodes of all modifiers."""

    def find(self, combination: KeyCombination) -> tuple[int, int]:
        """Return the keycode and the modifier mask.

        Raises:
            HotkeyError: The keyboard has no such key.
        """
        keysym = keysym_of_key(combination.key)
        keycode = self._screen.keysym_to_keycode(keysym) if keysym else 0
        if not keycode:
            msg = HotkeyMessage.KEY_NOT_ON_KEYBOARD(key=combination.key)
            raise HotkeyError(msg)
        return keycode, sum(self.masks[one] for one in combination.modifiers)

    def _mask_of(self, name: str) -> int:
        keycode = self._screen.keysym_to_keycode(keysym_of_key(name))
        for index, row in enumerate(self._mapping):
            if keycode and keycode in row:
                return 1 << index
        return 0


def keysym_of_key(key: str) -> int:
    """Return the keysym of a key by its Qt name or character, 0 if there is none."""
    from Xlib import XK

    if len(key) == 1:
        code = ord(key.lower())
        return code if code <= 0xFF else 0x0100_0000 | code
    return int(XK.string_to_keysym(KEYSYM_NAMES.get(key, key)))
