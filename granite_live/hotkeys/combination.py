"""A combination of keys, as Qt writes it."""

from __future__ import annotations

from dataclasses import dataclass

from granite_live.hotkeys.protocol import HotkeyError

MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")


@dataclass(frozen=True, slots=True)
class Combination:
    """One key, and what is held with it."""

    modifiers: frozenset[str]
    """Of `MODIFIERS`."""
    key: str
    """Its name, or the character on it; a letter is a capital one."""


def parse(keys: str) -> Combination:
    """Read "Ctrl+Alt+Space" and the like.

    Raises:
        HotkeyError: That is no combination, or one key of all typing.
    """
    # A plus sign may itself be the key: it stands at the end, after another one.
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
