"""Press keys as the keyboard of a virtual screen, not as a program that sends keys."""

from __future__ import annotations

import ctypes
import time
from typing import Any

from helpers.waiting import WAIT_S
from helpers.x11_desktop import X11Desktop

_LOOK_EVERY_S = 0.01


class PhysicalKeyboard:
    """The keyboard that Xvfb has. Its keys repeat and can be grabbed like those of a real one."""

    def __init__(self, desktop: X11Desktop) -> None:
        from Xlib import display
        from Xlib.ext import xinput

        name = desktop.environment["DISPLAY"]
        self._screen: Any = display.Display(name)
        devices = self._screen.xinput_query_device(xinput.AllDevices).devices
        (number,) = [one.deviceid for one in devices if one.name == "Xvfb keyboard"]
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._connection = ctypes.c_void_p(self._x11.XOpenDisplay(name.encode()))
        xi = ctypes.CDLL("libXi.so.6")
        xi.XOpenDevice.restype = ctypes.c_void_p
        xi.XOpenDevice.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
        self._device = ctypes.c_void_p(xi.XOpenDevice(self._connection, number))
        # Python-xlib cannot name a device in its requests to XTEST.
        self._xtst = ctypes.CDLL("libXtst.so.6")

    def press(self, *names: str) -> None:
        """Press keys, given by keysym names, and hold them."""
        for name in names:
            self._send(name, is_press=True)

    def release(self, *names: str) -> None:
        """Let keys go."""
        for name in names:
            self._send(name, is_press=False)

    def close(self) -> None:
        """Disconnect."""
        self._screen.close()
        self._x11.XCloseDisplay(self._connection)

    def wait_until_all_are_up(self) -> None:
        """Wait until no key is down for programs. Polls, because no event tells it."""
        give_up_s = time.monotonic() + WAIT_S
        while any(self._screen.query_keymap()):
            assert time.monotonic() < give_up_s, "a key is down"
            time.sleep(_LOOK_EVERY_S)

    def _send(self, name: str, *, is_press: bool) -> None:
        from Xlib import XK

        keycode = self._screen.keysym_to_keycode(XK.string_to_keysym(name))
        self._xtst.XTestFakeDeviceKeyEvent(
            self._connection,
            self._device,
            ctypes.c_uint(keycode),
            ctypes.c_int(is_press),
            None,
            ctypes.c_int(0),
            ctypes.c_ulong(0),
        )
        self._x11.XSync(self._connection, ctypes.c_int(False))
