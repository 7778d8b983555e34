"""Autostart on Linux: a desktop entry in the XDG autostart folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from granite_live.desktop.autostart import stored

_NAME = "granite-live.desktop"
# These four are special inside quotes, and the file format halves backslashes.
_QUOTED = str.maketrans({'"': r'\\"', "`": r"\\`", "$": r"\\$", "\\": r"\\\\", "%": "%%"})


class DesktopEntry:
    """The desktop's settings may disable the file (`Hidden`); that counts as off."""

    def __init__(self) -> None:
        config = os.environ.get("XDG_CONFIG_HOME", "")
        folder = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
        self.path = folder / "autostart" / _NAME

    def is_on(self) -> bool:
        """Return whether the file exists and is enabled."""
        data = stored.read(self.path)
        if data is None:
            return False
        lines = {line.strip().lower() for line in data.decode("utf-8", "replace").splitlines()}
        return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}

    def turn_on(self, command: Sequence[str]) -> None:
        """Write the file."""
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Granite Live",
            f"Exec={' '.join(_quoted(one) for one in command)}",
            "Icon=granite-live",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        )
        stored.write(self.path, "".join(f"{line}\n" for line in lines).encode())

    def turn_off(self) -> None:
        """Remove the file."""
        stored.remove(self.path)


def _quoted(argument: str) -> str:
    return f'"{argument.translate(_QUOTED)}"'
