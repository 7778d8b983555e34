"""Autostart on macOS: a property list in the user's LaunchAgents."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

from granite_live.desktop.autostart import stored

_LABEL = "org.granite-live.window"


class LaunchAgent:
    """launchd reads the file at login; writing it starts nothing."""

    def __init__(self) -> None:
        self.path = Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def is_on(self) -> bool:
        """Return whether the file exists and is enabled."""
        data = stored.read(self.path)
        if data is None:
            return False
        try:
            found = plistlib.loads(data)
        except (plistlib.InvalidFileException, ValueError, OverflowError):
            return False  # launchd cannot read it either
        return isinstance(found, dict) and found.get("RunAtLoad") is True

    def turn_on(self, command: Sequence[str]) -> None:
        """Write the file."""
        content = {
            "Label": _LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        stored.write(self.path, plistlib.dumps(content))

    def turn_off(self) -> None:
        """Remove the file."""
        stored.remove(self.path)
