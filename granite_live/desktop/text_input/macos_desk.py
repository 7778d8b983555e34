"""The macOS queries for the frontmost program and for the accessibility permission."""

from __future__ import annotations

import ctypes
import importlib
import os
from typing import Any

from granite_live.desktop.text_input.protocol import Target

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_SERVICES = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"


class MacDesk:
    """Identifies the focus by program, not by window."""

    def __init__(self, appkit: Any = None, carbon: Any = None, services: Any = None) -> None:
        """Load the system's libraries; tests pass fakes."""
        self._appkit = importlib.import_module("AppKit") if appkit is None else appkit
        self._carbon = ctypes.CDLL(_CARBON) if carbon is None else carbon
        self._services = ctypes.CDLL(_SERVICES) if services is None else services

    def front(self) -> Target | None:
        """Return the frontmost program; secure event input marks a password field."""
        program = self._appkit.NSWorkspace.sharedWorkspace().frontmostApplication()
        if program is None:
            return None
        number = int(program.processIdentifier())
        return Target(
            str(number),
            str(program.localizedName() or ""),
            is_own=number == os.getpid(),
            is_password=bool(self._carbon.IsSecureEventInputEnabled() & 0xFF),
        )

    def refusal(self) -> str:
        """Return why keys cannot be sent, "" if they can."""
        if self._services.AXIsProcessTrusted() & 0xFF:
            return ""
        return (
            "macOS does not let Granite Live press keys: allow it in System Settings under "
            "Privacy & Security, Accessibility, and start it again."
        )
