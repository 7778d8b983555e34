"""macOS: a property list among the user's launch agents."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

from granite_live.autostart import stored

_LABEL = "org.granite-live.window"


class LaunchAgent:
    """Read by launchd when the user logs in; nothing is started at once."""

    def __init__(self) -> None:
        self.path = Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def is_on(self) -> bool:
        """Return whether the file is there and starts something."""
        data = stored.read(self.path)
        if data is None:
            return False
        try:
            found = plistlib.loads(data)
        except (plistlib.InvalidFileException, ValueError, OverflowError):
            return False  # launchd reads it no better
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
