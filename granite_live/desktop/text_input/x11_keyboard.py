"""The keyboard of an X server: held keys, keyboard mapping and XTEST input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from granite_live.desktop.text_input.x11_keymap import Keymap, Stroke, given_row

_SHIFT, _CAPS_LOCK = 0xFFE1, 0xFFE5
_XINPUT, _RAW_EVENTS_DESPITE_GRABS = "XInputExtension", (2, 2)


class Keyboard:
    """The keyboard as seen by one connection. Not thread-safe."""

    def __init__(self, screen: Any) -> None:
        """Use a connection (`Xlib.display.Display`) that the caller closes."""
        self._screen = screen
        self._root = screen.screen().root
        self._given: set[int] = set()

    @property
    def has_given(self) -> bool:
        """Whether keys are temporarily remapped."""
        return bool(self._given)

    def is_held(self) -> bool:
        """Return whether any key is down."""
        return any(self._screen.query_keymap())

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Receive an event for every key release while the block runs, despite grabs.

        No events arrive if the server lacks XInput 2.
        """
        if not self._screen.has_extension(_XINPUT):
            yield
            return
        from Xlib.ext import xinput

        major, minor = _RAW_EVENTS_DESPITE_GRABS
        opcode = self._screen.display.get_extension_major(_XINPUT)
        xinput.XIQueryVersion(
            display=self._screen.display, opcode=opcode, major_version=major, minor_version=minor
        )
        self._root.xinput_select_events([(xinput.AllMasterDevices, xinput.RawKeyReleaseMask)])
        self._screen.sync()
        try:
            yield
        finally:
            self._root.xinput_select_events([(xinput.AllMasterDevices, 0)])

    def read(self) -> Keymap:
        """Return the keyboard mapping that applies to XTEST."""
        first = self._screen.display.info.min_keycode
        count = self._screen.display.info.max_keycode - first + 1
        modifiers = [code for row in self._screen.get_modifier_mapping() for code in row if code]
        rows = self._screen.get_keyboard_mapping(first, count)
        unused = [code for code, row in enumerate(rows, first) if not any(row)]
        if unused:
            # The XTEST device adopts the screen's layout on its first key press. The key used for
            # this is never remapped: a slow program would type its new letter.
            self.press([Stroke(unused[-1], is_shifted=False)], None)
            rows = self._screen.get_keyboard_mapping(first, count)
        return Keymap(first, rows, (self._state() >> 13) & 3, [*modifiers, *unused[-1:]])

    def give(self, letters: Mapping[int, int]) -> None:
        """Map keycodes to other keysyms."""
        for keycode, keysym in letters.items():
            self._screen.change_keyboard_mapping(keycode, [given_row(keysym)])
        self._given.update(letters)
        self._screen.sync()

    def take_back(self) -> None:
        """Restore the unused keys that were remapped."""
        self.give(dict.fromkeys(self._given, 0))

    def press(self, strokes: Sequence[Stroke], keymap: Keymap | None) -> None:
        """Press keys one after the other; the keymap has the Shift key."""
        shift = keymap.find(_SHIFT) if keymap is not None else None
        for stroke in strokes:
            held = [shift.keycode] if stroke.is_shifted and shift is not None else []
            self._move([*held, stroke.keycode])
        self._screen.sync()

    def press_together(self, keycodes: Sequence[int]) -> None:
        """Press keys as a chord."""
        self._move(keycodes)
        self._screen.sync()

    @contextmanager
    def without_caps_lock(self, keymap: Keymap) -> Iterator[None]:
        """Turn Caps Lock off while the block runs."""
        from Xlib import X

        lock = keymap.find(_CAPS_LOCK)
        is_on = lock is not None and bool(self._state() & X.LockMask)
        if lock is not None and is_on:
            self.press([lock], keymap)
        try:
            yield
        finally:
            if lock is not None and is_on:
                self.press([lock], keymap)

    def _state(self) -> int:
        return int(self._root.query_pointer().mask)

    def _move(self, keycodes: Sequence[int]) -> None:
        from Xlib import X

        for keycode in keycodes:
            self._screen.xtest_fake_input(X.KeyPress, keycode)
        for keycode in reversed(keycodes):
            self._screen.xtest_fake_input(X.KeyRelease, keycode)
