"""Keys that reach the program while another one has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from granite_live.errors import GraniteError


class HotkeyError(GraniteError):
    """A combination of keys cannot be listened for."""


class GlobalKeys(Protocol):
    """Listens for combinations of keys, whichever program has the focus."""

    reason: str
    """Why there are none here; "" if there are."""

    def watch(self, keys: str, pressed: Callable[[], None], released: Callable[[], None]) -> None:
        """Call back, from a thread of its own, when the keys go down and when they come up.

        Each is called once however long the keys are held. What was pressed is also released if
        the connection to the keyboard is lost. Watching the same keys again replaces
        whom they call.

        Args:
            keys: As Qt writes them, for example "Ctrl+Alt+Space" or "F9".
            pressed: Called first.
            released: Called afterwards.

        Raises:
            HotkeyError: There is no such key, another program has it, or there are no global keys.
        """
        ...

    def close(self) -> None:
        """Listen no longer. Keys that are held count as released."""
        ...
