"""Global hotkeys: key combinations, what every platform implements, and whether one is held."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from granite_live.messages.desktop import HotkeyMessage
from granite_live.util.errors import GraniteError

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


_log = logging.getLogger(__name__)


class HotkeyError(GraniteError):
    """A combination cannot be registered."""


class GlobalHotkeys(Protocol):
    """Watches key combinations regardless of the focused program."""

    unavailable_reason: str
    """Why global hotkeys are unavailable, "" if they work."""

    def watch(
        self,
        keys: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        canceled: Callable[[], None] | None = None,
    ) -> None:
        """Call back, from another thread, when the keys are pressed and released.

        Each is called once per press, without key repeat. A lost connection to the keyboard counts
        as a release. Watching the same keys again replaces the callbacks.

        Args:
            keys: The combination in Qt's notation, for example "Ctrl+Alt+Space" or "F9".
            pressed: Called on press.
            released: Called on release.
            canceled: Called if Escape is pressed while the keys are held.

        Raises:
            HotkeyError: The key does not exist, another program has it, or hotkeys are unavailable.
        """
        ...

    def watch_line_ends(self, pressed: Callable[[], None]) -> None:
        """Call back, from another thread, when Return or Enter is pressed in any program.

        No other key is looked at. Nothing is called where keys of other programs cannot be seen.
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


_EDITING_KEYS = frozenset(
    [
        "Return",
        "Enter",
        "Tab",
        "Backtab",
        "Backspace",
        "Del",
        "Delete",
        "Ins",
        "Insert",
        "Left",
        "Right",
        "Up",
        "Down",
        "Home",
        "End",
        "PgUp",
        "PgDown",
    ]
)
_TYPING_KEYS = _EDITING_KEYS | {"Space", "Esc", "Escape"}
_SHIFTED_COMMANDS = frozenset("CVXZ")
"""Letters with which also Ctrl+Shift is a command of most programs, as copying in terminals."""


def _is_needed_by_programs(modifiers: frozenset[str], key: str) -> bool:
    """Return whether other programs could not be used without these keys."""
    is_character = len(key) == 1
    if modifiers <= {"Shift"}:
        return is_character or key in _TYPING_KEYS
    if modifiers == {"Ctrl"}:
        return is_character or key in _EDITING_KEYS
    if modifiers == {"Ctrl", "Shift"}:
        return key in _SHIFTED_COMMANDS or key in _EDITING_KEYS
    # Alt opens menus, and types characters on macOS.
    return modifiers <= {"Alt", "Shift"} and (is_character or key in (*_TYPING_KEYS, "F4"))


def parse_combination(keys: str) -> KeyCombination:
    """Parse a combination such as "Ctrl+Alt+Space".

    Raises:
        HotkeyError: It is not a combination.
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
    return KeyCombination(frozenset(modifiers), key)


def check_hotkey(keys: str) -> None:
    """Check that a combination can be a global hotkey for a long time.

    Raises:
        HotkeyError: It is not a combination, or other programs could not be used without it.
    """
    combination = parse_combination(keys)
    if _is_needed_by_programs(combination.modifiers, combination.key):
        msg = HotkeyMessage.NEEDED_FOR_TYPING(text=keys)
        raise HotkeyError(msg)


def call_safely(callback: Callable[[], None]) -> None:
    """Call a hotkey's callback; log an exception so that the thread continues."""
    try:
        callback()
    except Exception:
        # The callback has a bug; the keyboard thread must survive.
        _log.exception("The callback of a global shortcut failed.")


KEYSYM_NAMES = {
    "Space": "space",
    "Enter": "KP_Enter",
    "Esc": "Escape",
    "Ins": "Insert",
    "Del": "Delete",
    "Backspace": "BackSpace",
    "PgUp": "Prior",
    "PgDown": "Next",
    "ScrollLock": "Scroll_Lock",
    "Play": "XF86AudioPlay",
    "Media Play": "XF86AudioPlay",
}
"""Qt's name of each key whose keysym has another name."""
