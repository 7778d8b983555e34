"""What each platform's autostart can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from granite_live.errors import GraniteError


class AutostartError(GraniteError):
    """Whether the program starts with the user's session cannot be read or stored."""


class Autostart(Protocol):
    """One platform's way; all methods raise `AutostartError`."""

    def is_on(self) -> bool:
        """Return whether the program starts with the user's session."""
        ...

    def turn_on(self, command: Sequence[str]) -> None:
        """Start it so from now on."""
        ...

    def turn_off(self) -> None:
        """Start it so no longer."""
        ...
