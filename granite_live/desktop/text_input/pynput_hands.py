"""Text input on macOS and Windows, with pynput."""

from __future__ import annotations

import importlib
import sys
import threading
from typing import Any, Protocol

from granite_live.desktop.text_input.protocol import DeliveryError, Target, Way
from granite_live.desktop.text_input.troubles import KEYS_AT_ONCE, came_between, ended, focus_lost


class Desk(Protocol):
    """The platform's queries for windows and permissions."""

    def front(self) -> Target | None:
        """Return the focused window or program."""
        ...

    def refusal(self) -> str:
        """Return why keys cannot be sent, "" if they can."""
        ...


class PynputHands:
    """Does not wait for held keys: neither platform reports them without a keyboard listener."""

    def __init__(self, keyboard: Any = None, desk: Desk | None = None) -> None:
        """Connect; tests pass fakes for `pynput.keyboard` and the platform's queries."""
        self._keyboard = keyboard or importlib.import_module("pynput.keyboard")
        self._desk = _desk() if desk is None else desk
        self._controller = self._keyboard.Controller()
        self.reason = self._desk.refusal()
        self.ways = frozenset({Way.COPY}) if self.reason else frozenset(Way)
        self._is_closed = threading.Event()

    def target(self) -> Target | None:
        """Return the focused window or program."""
        return self._desk.front()

    def type(self, text: str, target: Target | None = None) -> None:
        """Type a text: see `Hands`."""
        there = self._begin(target)
        for at in range(0, len(text), KEYS_AT_ONCE):
            self._stay(there, at, len(text))
            self._controller.type(text[at : at + KEYS_AT_ONCE])

    def press_paste(self, target: Target | None) -> None:
        """Press the paste shortcut: see `Hands`."""
        self._begin(target)
        key = self._keyboard.Key
        with self._controller.pressed(key.cmd if sys.platform == "darwin" else key.ctrl):
            self._controller.tap("v")

    def erase(self, characters: int, target: Target | None = None) -> None:
        """Press Backspace `characters` times: see `Hands`."""
        there = self._begin(target)
        for at in range(characters):
            self._stay(there, at, characters)
            self._controller.tap(self._keyboard.Key.backspace)

    def close(self) -> None:
        """Cancel a call in another thread."""
        self._is_closed.set()

    def _begin(self, target: Target | None) -> str:
        if self.reason:
            raise DeliveryError(self.reason)
        front = self._desk.front()
        there = "" if front is None else front.id
        if target is not None and target.id != there:
            raise focus_lost(target)
        if front is not None and front.is_password:
            raise DeliveryError(f"'{front.title}' asks for a password: nothing was put there.")
        return there

    def _stay(self, there: str, done: int, wanted: int) -> None:
        if self._is_closed.is_set():
            raise ended()
        front = self._desk.front()
        if front is None or front.id != there:
            raise came_between(done, wanted)


def _desk() -> Desk:
    if sys.platform == "darwin":
        from granite_live.desktop.text_input.macos_desk import MacDesk

        return MacDesk()
    from granite_live.desktop.text_input.windows_desk import WindowsDesk

    return WindowsDesk()
