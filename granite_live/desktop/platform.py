"""Find the text input and the global hotkeys of this platform."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from granite_live.desktop.hotkeys import GlobalKeys, HotkeyError
from granite_live.desktop.text_input import DeliveryError, FocusError, Hands, Target, Way
from granite_live.messages.desktop import HotkeyMessage
from granite_live.util.errors import GraniteError

__all__ = [
    "DeliveryError",
    "FocusError",
    "GlobalKeys",
    "Hands",
    "HotkeyError",
    "Target",
    "Way",
    "open_global_keys",
    "open_hands",
]


_log = logging.getLogger(__name__)


class NoHands:
    """The fallback where keys cannot be sent: only the clipboard is available."""

    def __init__(self, reason: str) -> None:
        self.ways = frozenset({Way.COPY})
        self.reason = reason

    def target(self) -> Target | None:
        """Return None: the focused window is unknown."""
        return None

    def type(self, text: str, target: Target | None = None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(self.reason)

    def press_paste(self, target: Target | None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(self.reason)

    def erase(self, characters: int, target: Target | None = None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(self.reason)

    def close(self) -> None:
        """Do nothing."""


def open_hands() -> Hands:
    """Return this platform's text input; if none works, a `NoHands` with the reason."""
    try:
        return _open_text_input()
    except (GraniteError, ImportError, OSError) as trouble:
        _log.warning("no keys can be pressed for other programs: %s", trouble)
        return NoHands(str(trouble))


def _open_text_input() -> Hands:
    if sys.platform in ("darwin", "win32"):
        from granite_live.desktop.pynput_text_input import PynputHands

        return PynputHands()
    if os.environ.get("WAYLAND_DISPLAY"):
        from granite_live.desktop.wayland_text_input import WaylandHands

        return WaylandHands()
    from granite_live.desktop.x11_text_input import X11Hands

    return X11Hands()


_WAYLAND = HotkeyMessage.WAYLAND()


class NoGlobalKeys:
    """The fallback where global hotkeys are unavailable."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def watch(self, keys: str, pressed: Callable[[], None], released: Callable[[], None]) -> None:
        """Raise `HotkeyError`."""
        raise HotkeyError(self.reason)

    def close(self) -> None:
        """Do nothing."""


def open_global_keys() -> GlobalKeys:
    """Return this platform's global hotkeys; if none work, a `NoGlobalKeys` with the reason."""
    if sys.platform not in ("darwin", "win32") and os.environ.get("WAYLAND_DISPLAY"):
        return NoGlobalKeys(_WAYLAND)
    try:
        return _open_hotkeys()
    except (GraniteError, ImportError, OSError) as trouble:
        _log.warning("there are no global keys: %s", trouble)
        return NoGlobalKeys(str(trouble))


def _open_hotkeys() -> GlobalKeys:
    if sys.platform in ("darwin", "win32"):
        from granite_live.desktop.pynput_hotkeys import PynputKeys

        return PynputKeys()
    from granite_live.desktop.x11_hotkeys import X11Keys

    return X11Keys()
