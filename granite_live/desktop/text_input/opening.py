"""Selects the text input of this platform."""

from __future__ import annotations

import logging
import os
import sys

from granite_live.desktop.text_input.protocol import DeliveryError, Hands, Target, Way
from granite_live.util.errors import GraniteError

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
        return _open()
    except (GraniteError, ImportError, OSError) as trouble:
        _log.warning("no keys can be pressed for other programs: %s", trouble)
        return NoHands(str(trouble))


def _open() -> Hands:
    if sys.platform in ("darwin", "win32"):
        from granite_live.desktop.text_input.pynput_hands import PynputHands

        return PynputHands()
    if os.environ.get("WAYLAND_DISPLAY"):
        from granite_live.desktop.text_input.wayland import WaylandHands

        return WaylandHands()
    from granite_live.desktop.text_input.x11 import X11Hands

    return X11Hands()
