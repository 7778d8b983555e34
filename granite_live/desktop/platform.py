"""Find the text input and the global hotkeys of this platform."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from granite_live.desktop.hotkeys import GlobalHotkeys, HotkeyError, ShortcutHold
from granite_live.desktop.text_input import (
    DeliveryError,
    DeliveryMethod,
    FocusedWindow,
    FocusError,
    TextInput,
)
from granite_live.messages.desktop import HotkeyMessage
from granite_live.util.errors import GraniteError

__all__ = [
    "DeliveryError",
    "DeliveryMethod",
    "FocusError",
    "FocusedWindow",
    "GlobalHotkeys",
    "HotkeyError",
    "TextInput",
    "open_global_hotkeys",
    "open_text_input",
]


_log = logging.getLogger(__name__)


class NoTextInput:
    """The fallback where keys cannot be sent: only the clipboard is available."""

    def __init__(self, reason: str) -> None:
        self.methods = frozenset({DeliveryMethod.COPY})
        self.unavailable_reason = reason

    def focused_window(self) -> FocusedWindow | None:
        """Return None: the focused window is unknown."""
        return None

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(self.unavailable_reason)

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(self.unavailable_reason)

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(self.unavailable_reason)

    def close(self) -> None:
        """Do nothing."""


def open_text_input(hold: ShortcutHold | None = None) -> TextInput:
    """Return this platform's text input; if none works, a `NoTextInput` with the reason.

    `hold` is that of `open_global_hotkeys`.
    """
    try:
        return _open_text_input(hold)
    except (GraniteError, ImportError, OSError) as trouble:
        _log.warning("Typing into other programs is unavailable: %s", trouble)
        return NoTextInput(str(trouble))


def _open_text_input(hold: ShortcutHold | None) -> TextInput:
    if sys.platform in ("darwin", "win32"):
        from granite_live.desktop.pynput_keyboard import PynputTextInput

        return PynputTextInput()
    if os.environ.get("WAYLAND_DISPLAY"):
        from granite_live.desktop.portal_text_input import PortalTextInput
        from granite_live.desktop.wayland_text_input import WaylandTextInput

        try:
            return PortalTextInput(hold)
        except (GraniteError, ImportError) as trouble:
            _log.info("The desktop types no text for programs: %s", trouble)
            return WaylandTextInput()
    from granite_live.desktop.x11_text_input import X11TextInput

    return X11TextInput()


_WAYLAND = HotkeyMessage.WAYLAND()


class NoGlobalHotkeys:
    """The fallback where global hotkeys are unavailable."""

    def __init__(self, reason: str) -> None:
        self.unavailable_reason = reason

    def watch(
        self,
        keys: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        canceled: Callable[[], None] | None = None,
    ) -> None:
        """Raise `HotkeyError`."""
        raise HotkeyError(self.unavailable_reason)

    def watch_line_ends(self, pressed: Callable[[], None]) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def open_global_hotkeys(hold: ShortcutHold | None = None, *, may_ask: bool = True) -> GlobalHotkeys:
    """Return this platform's global hotkeys; if none work, a `NoGlobalHotkeys` with the reason.

    Args:
        hold: Told while a hotkey is held, where the text input cannot see that itself.
        may_ask: Whether the desktop may ask the user for a permission that it did not give before.
    """
    if sys.platform not in ("darwin", "win32") and os.environ.get("WAYLAND_DISPLAY"):
        from granite_live.desktop.portal_hotkeys import PortalHotkeys, was_granted

        try:
            hotkeys = PortalHotkeys(hold)
        except (GraniteError, ImportError) as trouble:
            _log.info("The desktop assigns no shortcuts to programs: %s", trouble)
            return NoGlobalHotkeys(_WAYLAND)
        if may_ask or was_granted():
            return hotkeys
        hotkeys.close()
        return NoGlobalHotkeys(HotkeyMessage.PORTAL_NOT_ASKED())
    try:
        return _open_hotkeys()
    except (GraniteError, ImportError, OSError) as trouble:
        _log.warning("Global shortcuts are unavailable: %s", trouble)
        return NoGlobalHotkeys(str(trouble))


def _open_hotkeys() -> GlobalHotkeys:
    if sys.platform in ("darwin", "win32"):
        from granite_live.desktop.pynput_keyboard import PynputHotkeys

        return PynputHotkeys()
    from granite_live.desktop.x11_hotkeys import X11Hotkeys

    return X11Hotkeys()
