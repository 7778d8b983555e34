"""The keycodes and modifier masks of a hotkey on X11."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from granite_live.desktop.hotkeys import KEYSYM_NAMES, HotkeyError, KeyCombination
from granite_live.messages.desktop import HotkeyMessage

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
        self.escape: int = screen.keysym_to_keycode(keysym_of("Esc"))
        """The keycode of Escape, 0 if the keyboard has none."""
        ends = (screen.keysym_to_keycode(keysym_of(name)) for name in ("Return", "Enter"))
        self.line_ends = frozenset(ends) - {0}
        """The keycodes of Return and Enter."""
        self.modifiers = frozenset(code for row in self._mapping for code in row) - {0}
        """The keycodes of all modifiers."""

    def find(self, combination: KeyCombination) -> tuple[int, int]:
        """Return the keycode and the modifier mask.

        Raises:
            HotkeyError: The keyboard has no such key.
        """
        keysym = keysym_of(combination.key)
        keycode = self._screen.keysym_to_keycode(keysym) if keysym else 0
        if not keycode:
            msg = HotkeyMessage.KEY_NOT_ON_KEYBOARD(key=combination.key)
            raise HotkeyError(msg)
        return keycode, sum(self.masks[one] for one in combination.modifiers)

    def _mask_of(self, name: str) -> int:
        keycode = self._screen.keysym_to_keycode(keysym_of(name))
        for index, row in enumerate(self._mapping):
            if keycode and keycode in row:
                return 1 << index
        return 0


def keysym_of(key: str) -> int:
    """Return the keysym of a key by its Qt name or character, 0 if there is none."""
    from Xlib import XK

    if len(key) == 1:
        code = ord(key.lower())
        return code if code <= 0xFF else 0x0100_0000 | code
    return int(XK.string_to_keysym(KEYSYM_NAMES.get(key, key)))
