"""The interface of global hotkeys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from granite_live.util.errors import GraniteError


class HotkeyError(GraniteError):
    """A combination cannot be registered."""


class GlobalKeys(Protocol):
    """Watches key combinations regardless of the focused program."""

    reason: str
    """Why global hotkeys are unavailable, "" if they work."""

    def watch(self, keys: str, pressed: Callable[[], None], released: Callable[[], None]) -> None:
        """Call back, from another thread, when the keys are pressed and released.

        Each is called once per press, without key repeat. A lost connection to the keyboard counts
        as a release. Watching the same keys again replaces the callbacks.

        Args:
            keys: The combination in Qt's notation, for example "Ctrl+Alt+Space" or "F9".
            pressed: Called on press.
            released: Called on release.

        Raises:
            HotkeyError: The key does not exist, another program has it, or hotkeys are unavailable.
        """
        ...

    def close(self) -> None:
        """Stop watching. Held keys count as released."""
        ...
