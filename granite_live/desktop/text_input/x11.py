"""Text input on X11."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from granite_live.desktop.text_input.paste_keys import keys_for
from granite_live.desktop.text_input.protocol import DeliveryError, Target, Way
from granite_live.desktop.text_input.troubles import focus_lost
from granite_live.desktop.text_input.x11_fingers import Fingers
from granite_live.desktop.text_input.x11_windows import Windows, names_of
from granite_live.desktop.x11 import ScreenError, lost, open_screen

T = TypeVar("T")


class X11Hands:
    """Queries windows on one connection and types on another, so that neither blocks the other."""

    def __init__(self) -> None:
        """Connect to the X server.

        Raises:
            ScreenError: There is no X server, or it lacks the XTEST extension.
        """
        self.ways = frozenset(Way)
        self.reason = ""
        self._looking = open_screen()
        self._typing = open_screen()
        if not self._typing.has_extension("XTEST"):
            for screen in (self._looking, self._typing):
                screen.close()
            raise ScreenError("The X server has no XTEST, so no keys can be pressed for programs.")
        self._windows = Windows(self._looking)
        self._fingers = Fingers(self._typing)
        self._eyes, self._hands = threading.Lock(), threading.Lock()
        self._is_closed = False

    def target(self) -> Target | None:
        """Return the focused window, None if there is none or the X server is gone."""
        try:
            with self._eyes:
                return None if self._is_closed else self._windows.target()
        except lost():
            return None

    def type(self, text: str, target: Target | None = None) -> None:
        """Type a text: see `Hands`."""
        self._do(target, lambda is_still_meant: self._fingers.type(text, is_still_meant))

    def press_paste(self, target: Target | None) -> None:
        """Press the paste shortcut of the focused window: see `Hands`."""

        def press(_is_still_meant: Callable[[], bool]) -> None:
            window = self._fingers.windows.focused()
            keys = keys_for(("", "") if window is None else names_of(window))
            self._fingers.press_together([*keys.held, keys.pressed])

        self._do(target, press)

    def erase(self, characters: int, target: Target | None = None) -> None:
        """Press Backspace `characters` times: see `Hands`."""
        self._do(target, lambda is_still_meant: self._fingers.erase(characters, is_still_meant))

    def close(self) -> None:
        """Cancel a call in another thread, and disconnect."""
        with self._eyes:
            if self._is_closed:
                return
            self._is_closed = True
        self._fingers.stop()
        with self._hands, self._eyes:
            self._fingers.close()
            try:
                self._looking.close()
            except lost():
                pass  # already disconnected

    def _do(self, target: Target | None, act: Callable[[Callable[[], bool]], None]) -> None:
        """Wait until no key is held, check the focus, then call `act`."""
        from Xlib.error import XError

        with self._hands:
            if self._is_closed:
                raise DeliveryError("The program is being closed: nothing is typed any more.")
            try:
                self._fingers.wait_until_free()
                there = self._id()
                if target is not None and target.id != there:
                    raise focus_lost(target)
                act(lambda: self._id() == there)
            except XError as trouble:
                msg = f"The window went away before it had the text ({trouble})."
                raise DeliveryError(msg) from trouble
            except lost() as trouble:
                msg = f"The X server is gone ({trouble}): start Granite Live again."
                raise DeliveryError(msg) from trouble

    def _id(self) -> str:
        window = self._fingers.windows.focused()
        return "" if window is None else hex(window.id)
