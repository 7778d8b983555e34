"""Release the keys of a hotkey for other programs while the user still holds them, on X11."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

from granite_live.desktop.x11_keyboard import has_raw_key_events

# After the fields that python-xlib reads, a raw event has the device (2 bytes), the time (4 bytes),
# the keycode (4 bytes) and the source device (2 bytes).
_RAW_KEY = struct.Struct("=6xIH")
_VIRTUAL_KEYBOARD = "XTEST keyboard"
"""The end of the name of the devices through which programs send keys."""


class RawKey(NamedTuple):
    """A key event as the device sent it, whatever is grabbed."""

    keycode: int
    is_press: bool
    source: int
    """The number of the device."""


def read_raw_key(event: Any) -> RawKey:
    """Parse a generic event of the X Input extension."""
    from Xlib.ext import xinput

    keycode, source = _RAW_KEY.unpack_from(event.data)
    return RawKey(keycode, event.evtype == xinput.RawKeyPress, source)


class X11HeldKeys:
    """The keys of one held hotkey. Not thread-safe.

    The key press of a hotkey begins a grab that sends every key to this program, and a held key
    repeats, so no text could be delivered before the user lets the key go. Therefore the keys are
    released through XTEST: the server then ends the grab and the repetition, and sees no key held.
    Raw events tell when the user lets them go. While the grab lasts, the server sends none to the
    program that has it, so the keyboards are asked once, as soon as the grab has ended.

    Modifiers that the user holds for the next press of the hotkey are pressed again through XTEST.
    """

    def __init__(self, screen: Any) -> None:
        """Query the server of this connection (`Xlib.display.Display`)."""
        self._screen = screen
        self.can_release = has_raw_key_events(screen) and bool(screen.has_extension("XTEST"))
        """Whether the server can release held keys and report raw events."""
        self._virtual = self._find_virtual_keyboards() if self.can_release else frozenset()
        self._trigger = 0
        self._modifiers: set[int] = set()
        self._pressed_again: set[int] = set()
        self.is_let_go = False
        """Whether the user has let the hotkey go since `release`."""

    @property
    def is_released(self) -> bool:
        """Whether the user holds a hotkey that is released for other programs."""
        return bool(self._trigger)

    def is_virtual(self, source: int) -> bool:
        """Return whether a program sends this device's keys, as remote desktops do.

        A release through XTEST would release such a key for its sender, too.
        """
        return source in self._virtual

    def release(self, trigger: int, modifiers: set[int]) -> None:
        """Release the hotkey's keycode and these keycodes of modifiers for all programs."""
        self._pressed_again.clear()
        self._send([trigger, *modifiers], is_press=False)
        held = self._held_by_user()
        self._trigger, self._modifiers = trigger, modifiers & held
        self.is_let_go = trigger not in held

    def follow(self, raw: RawKey) -> None:
        """Follow what the user does with the keys."""
        if raw.is_press or self.is_virtual(raw.source):
            return
        if raw.keycode in self._pressed_again:
            # The device of XTEST still has the key down, else its next press would be ignored.
            self._pressed_again.discard(raw.keycode)
            self._send([raw.keycode], is_press=False)
        self._modifiers.discard(raw.keycode)
        if raw.keycode == self._trigger:
            self.is_let_go = True

    def end_hold(self) -> None:
        """Press the modifiers that the user still holds, so that the hotkey works again.

        Call this when all raw events are followed: most users let all keys go at once.
        """
        self._trigger, self.is_let_go = 0, False
        # A key that is let go after this query is released again by its raw event.
        self._pressed_again, self._modifiers = self._modifiers & self._held_by_user(), set()
        self._send(self._pressed_again, is_press=True)

    def forget(self) -> None:
        """End following; keys that were pressed through XTEST are released."""
        self._trigger = 0
        self._modifiers.clear()
        self._send(self._pressed_again, is_press=False)
        self._pressed_again.clear()

    def _send(self, keycodes: Iterable[int], *, is_press: bool) -> None:
        from Xlib import X

        for keycode in keycodes:
            self._screen.xtest_fake_input(X.KeyPress if is_press else X.KeyRelease, keycode)
        self._screen.flush()

    def _held_by_user(self) -> set[int]:
        """Return the keycodes that are down on any keyboard, whatever XTEST has released."""
        from Xlib.ext import xinput

        from granite_live.desktop.x11_devices import pressed_keycodes

        devices = self._screen.xinput_query_device(xinput.AllDevices).devices
        keyboards = (one.deviceid for one in devices if one.use == xinput.SlaveKeyboard)
        down = [
            pressed_keycodes(self._screen, one) for one in keyboards if not self.is_virtual(one)
        ]
        return set().union(*down)

    def _find_virtual_keyboards(self) -> frozenset[int]:
        from Xlib.ext import xinput

        devices = self._screen.xinput_query_device(xinput.AllDevices).devices
        return frozenset(one.deviceid for one in devices if one.name.endswith(_VIRTUAL_KEYBOARD))
