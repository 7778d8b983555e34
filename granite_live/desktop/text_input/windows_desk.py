"""The Windows queries for the foreground window. Password fields cannot be detected."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from granite_live.desktop.text_input.protocol import Target


class WindowsDesk:
    """Uses user32. Windows silently blocks keys for programs that run as administrator."""

    def __init__(self, user32: Any = None) -> None:
        """Load user32; tests pass a fake."""
        self._user32 = _load() if user32 is None else user32

    def front(self) -> Target | None:
        """Return the foreground window."""
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
        """Return "": keys may always be sent."""
        return ""


def _load() -> Any:
    library = ctypes.CDLL("user32")
    # A window handle has the size of a pointer.
    library.GetForegroundWindow.restype = ctypes.c_void_p
    library.GetWindowThreadProcessId.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    library.GetWindowTextLengthW.argtypes = (ctypes.c_void_p,)
    library.GetWindowTextW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_int)
    return library
