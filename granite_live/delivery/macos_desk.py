"""What macOS says of the program in front, and of what we may do."""

from __future__ import annotations

import ctypes
import importlib
import os
from typing import Any

from granite_live.delivery.protocol import Target

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_SERVICES = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"


class MacDesk:
    """The focus is known by program, not by window."""

    def __init__(self, appkit: Any = None, carbon: Any = None, services: Any = None) -> None:
        """Prepare; the arguments stand for the system's libraries."""
        self._appkit = importlib.import_module("AppKit") if appkit is None else appkit
        self._carbon = ctypes.CDLL(_CARBON) if carbon is None else carbon
        self._services = ctypes.CDLL(_SERVICES) if services is None else services

    def front(self) -> Target | None:
        """Return the program in front; it asks for a secret if it has secured the keyboard."""
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
        """Return why keys may not be pressed; "" if they may."""
        if self._services.AXIsProcessTrusted() & 0xFF:
            return ""
        return (
            "macOS does not let Granite Live press keys: allow it in System Settings under "
            "Privacy & Security, Accessibility, and start it again."
        )
