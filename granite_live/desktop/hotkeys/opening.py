"""Selects the global hotkeys of this platform."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from granite_live.desktop.hotkeys.protocol import GlobalKeys, HotkeyError
from granite_live.util.errors import GraniteError

_log = logging.getLogger(__name__)
_WAYLAND = (
    "Wayland gives keys only to the window that has the focus: use the key in Granite Live's own "
    "window, or let your desktop's keyboard settings run a command."
)


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
        return _open()
    except (GraniteError, ImportError, OSError) as trouble:
        _log.warning("there are no global keys: %s", trouble)
        return NoGlobalKeys(str(trouble))


def _open() -> GlobalKeys:
    if sys.platform in ("darwin", "win32"):
        from granite_live.desktop.hotkeys.pynput_keys import PynputKeys

        return PynputKeys()
    from granite_live.desktop.hotkeys.x11 import X11Keys

    return X11Keys()
