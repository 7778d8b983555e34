"""Detect on X11 which window requests the clipboard."""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter

_SELECTION_REQUEST = 30
_SENT = 0x80
"""The bit that marks events sent by a program."""


class _Request(ctypes.Structure):
    """The SelectionRequest event of the X protocol."""

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
    """Stores the window of the last request; Qt answers it right after that."""

    def __init__(self) -> None:
        super().__init__()
        self.window: int | None = None
        """None if the platform does not report it."""

    def nativeEventFilter(  # noqa: N802
        self, kind: Any, message: int
    ) -> object:
        """Inspect an event and leave it to Qt."""
        if bytes(kind) == b"xcb_generic_event_t":
            event = _Request.from_address(int(message))
            if event.number & ~_SENT == _SELECTION_REQUEST:
                self.window = int(event.requestor)
        return False, 0
