"""Global hotkeys: key combinations, and what every platform implements."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from granite_live.messages.desktop import HotkeyMessage
from granite_live.util.errors import GraniteError


class HotkeyError(GraniteError):
    """A combination cannot be registered."""


class GlobalHotkeys(Protocol):
    """Watches key combinations regardless of the focused program."""

    unavailable_reason: str
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


MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")


@dataclass(frozen=True, slots=True)
class KeyCombination:
    """A key with its modifiers."""

    modifiers: frozenset[str]
    """A subset of `MODIFIERS`."""
    key: str
    """The key's name or character; letters are upper case."""


def parse_combination(keys: str) -> KeyCombination:
    """Parse a combination such as "Ctrl+Alt+Space".

    Raises:
        HotkeyError: It is not a combination, or it is a key needed for typing.
    """
    # The key itself may be a plus sign, at the end.
    head, _, key = keys.rpartition("+") if not keys.endswith("+") else (keys[:-2], "", "+")
    modifiers = [one.strip() for one in head.split("+")] if head else []
    key = key.strip()
    unknown = [one for one in modifiers if one not in MODIFIERS]
    if not key or key in MODIFIERS or unknown:
        msg = HotkeyMessage.NOT_A_COMBINATION(text=keys)
        raise HotkeyError(msg)
    if len(key) == 1:
        key = key.upper() if len(key.upper()) == 1 else key
    if not set(modifiers) - {"Shift"} and (len(key) == 1 or key in ("Space", "Return", "Tab")):
        msg = HotkeyMessage.NEEDED_FOR_TYPING(text=keys)
        raise HotkeyError(msg)
    return KeyCombination(frozenset(modifiers), key)


_log = logging.getLogger(__name__)


def call_safely(callback: Callable[[], None]) -> None:
    """Call a hotkey's callback; log an exception so that the thread continues."""
    try:
        callback()
    except Exception:
        # The callback has a bug; the keyboard thread must survive.
        _log.exception("a global key's callback failed")
