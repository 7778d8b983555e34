"""What Windows says of the window in front. Whether it asks for a password it does not say."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from granite_live.delivery.protocol import Target


class WindowsDesk:
    """By user32; a window of an administrator's program takes no keys, and that is not told."""

    def __init__(self, user32: Any = None) -> None:
        """Prepare; the argument stands for the system's library."""
        self._user32 = _load() if user32 is None else user32

    def front(self) -> Target | None:
        """Return the window in front."""
        window = self._user32.GetForegroundWindow()
        if not window:
            return None
        process = ctypes.c_ulong()
        self._user32.GetWindowThreadProcessId(window, ctypes.byref(process))
        length = self._user32.GetWindowTextLengthW(window)
        title = ctypes.create_unicode_buffer(length + 1)
        self._user32.GetWindowTextW(window, title, length + 1)
        return Target(str(window), title.value, is_own=process.value == os.getpid())

    def refusal(self) -> str:
        """Return "": keys may always be pressed."""
        return ""


def _load() -> Any:
    library = ctypes.CDLL("user32")
    # A window's number is as long as a pointer.
    library.GetForegroundWindow.restype = ctypes.c_void_p
    library.GetWindowThreadProcessId.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    library.GetWindowTextLengthW.argtypes = (ctypes.c_void_p,)
    library.GetWindowTextW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_int)
    return library
