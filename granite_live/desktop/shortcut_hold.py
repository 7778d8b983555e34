"""Whether a global shortcut is held, for those who type into other programs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_SETTLE_S = 0.4
"""How long after the key its modifiers may still be down: the desktop reports only the key."""


class ShortcutHold:
    """Shared by the shortcuts and the text input of a desktop that does not show which keys are
    held. Safe for all threads.
    """

    def __init__(self, settle_s: float = _SETTLE_S) -> None:
        """`settle_s` is added after the release, for the modifiers."""
        self._settle_s = settle_s
        self._changed = threading.Condition()
        self._held = 0
        self._free_at_s = 0.0

    def press(self) -> None:
        """Note that a shortcut is held from now on."""
        with self._changed:
            self._held += 1

    def release(self) -> None:
        """Note that a shortcut was released."""
        with self._changed:
            self._held -= 1
            self._free_at_s = time.monotonic() + self._settle_s
            self._changed.notify_all()

    def wake(self) -> None:
        """Let those who wait look at `is_canceled` again."""
        with self._changed:
            self._changed.notify_all()

    def wait_until_released(self, timeout_s: float, is_canceled: Callable[[], bool]) -> bool:
        """Wait until no shortcut is held; return False after `timeout_s` or if canceled."""
        until_s = time.monotonic() + timeout_s
        with self._changed:
            while not is_canceled():
                now_s = time.monotonic()
                if not self._held and now_s >= self._free_at_s:
                    return True
                wake_s = until_s if self._held else min(until_s, self._free_at_s)
                if now_s >= until_s:
                    return False
                self._changed.wait(wake_s - now_s)
        return False
