"""Key combinations in Qt's notation."""

from __future__ import annotations

from dataclasses import dataclass

from granite_live.desktop.hotkeys.protocol import HotkeyError

MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")


@dataclass(frozen=True, slots=True)
class Combination:
    """A key with its modifiers."""

    modifiers: frozenset[str]
    """A subset of `MODIFIERS`."""
    key: str
    """The key's name or character; letters are upper case."""


def parse(keys: str) -> Combination:
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
        msg = f"'{keys}' is no combination of keys: write it like Ctrl+Alt+Space or F9."
        raise HotkeyError(msg)
    if len(key) == 1:
        key = key.upper() if len(key.upper()) == 1 else key
    if not set(modifiers) - {"Shift"} and (len(key) == 1 or key in ("Space", "Return", "Tab")):
        msg = f"'{keys}' is needed for typing: hold Ctrl, Alt or Meta with it, or take F9."
        raise HotkeyError(msg)
    return Combination(frozenset(modifiers), key)
