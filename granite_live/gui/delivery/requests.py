"""Who fetches from the clipboard: on X11 that can be seen."""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter

_SELECTION_REQUEST = 30
_SENT = 0x80
"""Is added to an event's number if a program made it."""


class _Request(ctypes.Structure):
    """An event of the X protocol: a program asks for what another one has selected or copied."""

    _fields_ = (
        ("number", ctypes.c_uint8),
        ("unused", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
        ("owner", ctypes.c_uint32),
        ("requestor", ctypes.c_uint32),
        ("selection", ctypes.c_uint32),
        ("target", ctypes.c_uint32),
        ("property", ctypes.c_uint32),
    )


class Requests(QAbstractNativeEventFilter):
    """Remembers the window that asked last; Qt answers it right after that."""

    def __init__(self) -> None:
        super().__init__()
        self.window: int | None = None
        """None where the platform does not tell."""

    def nativeEventFilter(  # noqa: N802
        self, kind: Any, message: int
    ) -> object:
        """Look at an event, and leave it to Qt."""
        if bytes(kind) == b"xcb_generic_event_t":
            event = _Request.from_address(int(message))
            if event.number & ~_SENT == _SELECTION_REQUEST:
                self.window = int(event.requestor)
        return False, 0
