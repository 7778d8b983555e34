"""Hands on macOS and Windows, by pynput."""

from __future__ import annotations

import importlib
import sys
import threading
from typing import Any, Protocol

from granite_live.delivery.protocol import DeliveryError, Target, Way
from granite_live.delivery.troubles import KEYS_AT_ONCE, came_between, ended, focus_lost


class Desk(Protocol):
    """What the platform says of windows and permissions."""

    def front(self) -> Target | None:
        """Return what has the focus."""
        ...

    def refusal(self) -> str:
        """Return why keys may not be pressed; "" if they may."""
        ...


class PynputHands:
    """Held keys are not waited for here: neither platform tells of them without being watched."""

    def __init__(self, keyboard: Any = None, desk: Desk | None = None) -> None:
        """Prepare; the arguments stand for `pynput.keyboard` and this platform's desk."""
        self._keyboard = keyboard or importlib.import_module("pynput.keyboard")
        self._desk = _desk() if desk is None else desk
        self._controller = self._keyboard.Controller()
        self.reason = self._desk.refusal()
        self.ways = frozenset({Way.COPY}) if self.reason else frozenset(Way)
        self._is_closed = threading.Event()

    def target(self) -> Target | None:
        """Return what has the focus."""
        return self._desk.front()

    def type(self, text: str, target: Target | None = None) -> None:
        """Press the keys of a text: see `Hands`."""
        there = self._begin(target)
        for at in range(0, len(text), KEYS_AT_ONCE):
            self._stay(there, at, len(text))
            self._controller.type(text[at : at + KEYS_AT_ONCE])

    def press_paste(self, target: Target | None) -> None:
        """Press the keys that paste: see `Hands`."""
        self._begin(target)
        key = self._keyboard.Key
        with self._controller.pressed(key.cmd if sys.platform == "darwin" else key.ctrl):
            self._controller.tap("v")

    def erase(self, characters: int, target: Target | None = None) -> None:
        """Press BackSpace that often: see `Hands`."""
        there = self._begin(target)
        for at in range(characters):
            self._stay(there, at, characters)
            self._controller.tap(self._keyboard.Key.backspace)

    def close(self) -> None:
        """End what is under way."""
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
        from granite_live.delivery.macos_desk import MacDesk

        return MacDesk()
    from granite_live.delivery.windows_desk import WindowsDesk

    return WindowsDesk()
