"""Whether windows can be seen through: on X11 only where a compositor runs."""

from __future__ import annotations

import ctypes
import logging

from PySide6.QtGui import QGuiApplication

_log = logging.getLogger(__name__)


def can_see_through() -> bool:
    """Return whether what is behind a window shows where the window is not opaque.

    On X11 whoever composes the screen owns a selection of a known name; Qt does not tell.
    """
    if QGuiApplication.platformName() != "xcb":
        return True
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError as error:
        _log.info("whether a compositor runs cannot be found out: %s", error)
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return False
    try:
        name = f"_NET_WM_CM_S{x11.XDefaultScreen(display)}".encode()
        atom = ctypes.c_ulong(x11.XInternAtom(display, name, 0))
        return bool(x11.XGetSelectionOwner(display, atom))
    finally:
        x11.XCloseDisplay(display)
