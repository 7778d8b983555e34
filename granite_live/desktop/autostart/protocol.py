"""The interface of a platform's autostart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from granite_live.util.errors import GraniteError


class AutostartError(GraniteError):
    """The autostart state cannot be read or stored."""


class Autostart(Protocol):
    """One platform's implementation; all methods may raise `AutostartError`."""

    def is_on(self) -> bool:
        """Return whether the program starts at login."""
        ...

    def turn_on(self, command: Sequence[str]) -> None:
        """Start the program at login from now on."""
        ...

    def turn_off(self) -> None:
        """Do not start the program at login anymore."""
        ...
