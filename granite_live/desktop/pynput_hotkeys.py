"""Global hotkeys on macOS and Windows, with pynput.

The focused program also receives the keys: choose a combination that it does not use.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from granite_live.desktop.hotkeys import HotkeyError, KeyCombination, call_safely, parse_combination
from granite_live.messages.desktop import HotkeyMessage

_MODIFIERS = {"Ctrl": "ctrl", "Alt": "alt", "Shift": "shift", "Meta": "cmd"}
# Qt names that differ from pynput's in more than case.
_NAMES = {
    "Return": "enter",
    "Ins": "insert",
    "Del": "delete",
    "PgUp": "page_up",
    "PgDown": "page_down",
    "ScrollLock": "scroll_lock",
}


@dataclass(slots=True)
class _Hotkey:
    keys: frozenset[Any]
    pressed: Callable[[], None]
    released: Callable[[], None]
    canceled: Callable[[], None] | None = None
    is_held: bool = False


class PynputHotkeys:
    """Listens to all keys and stores only which are down."""

    def __init__(self, keyboard: Any = None) -> None:
        """Start listening; tests pass a fake of `pynput.keyboard`."""
        self.unavailable_reason = ""
        self._keyboard = keyboard or importlib.import_module("pynput.keyboard")
        self._lock = threading.Lock()
        self._down: set[Any] = set()
        self._watched: dict[KeyCombination, _Hotkey] = {}
        self._listener = self._keyboard.Listener(on_press=self._press, on_release=self._release)
        self._listener.start()

    def watch(
        self,
        keys: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        canceled: Callable[[], None] | None = None,
    ) -> None:
        """Call back when the keys are pressed and released: see `GlobalHotkeys`."""
        combination = parse_combination(keys)
        wanted = frozenset(
            {self._key(combination.key)}
            | {getattr(self._keyboard.Key, _MODIFIERS[one]) for one in combination.modifiers}
        )
        with self._lock:
            self._watched[combination] = _Hotkey(wanted, pressed, released, canceled)

    def close(self) -> None:
        """Stop watching: see `GlobalHotkeys`."""
        self._listener.stop()
        if threading.current_thread() is not self._listener:
            self._listener.join()
        self._release_held(lambda _one: True)

    def _key(self, name: str) -> Any:
        if len(name) == 1:
            return self._keyboard.KeyCode.from_char(name.lower())
        try:
            return self._keyboard.Key[_NAMES.get(name, name.lower())]
        except KeyError as trouble:
            msg = HotkeyMessage.NO_SUCH_KEY(key=name)
            raise HotkeyError(msg) from trouble

    def _press(self, key: Any, *_: object) -> None:
        if key is None:
            return
        self._down.add(self._listener.canonical(key))
        with self._lock:
            found = [
                one for one in self._watched.values() if not one.is_held and one.keys == self._down
            ]
            for one in found:
                one.is_held = True
            is_escape = key == self._keyboard.Key.esc
            held = [one.canceled for one in self._watched.values() if is_escape and one.is_held]
        for one in found:
            call_safely(one.pressed)
        for canceled in held:
            if canceled is not None:
                call_safely(canceled)

    def _release(self, key: Any, *_: object) -> None:
        if key is None:
            return
        let_go = self._listener.canonical(key)
        self._down.discard(let_go)
        self._release_held(lambda one: let_go in one.keys)

    def _release_held(self, is_meant: Callable[[_Hotkey], bool]) -> None:
        with self._lock:
            found = [one for one in self._watched.values() if one.is_held and is_meant(one)]
            for one in found:
                one.is_held = False
        for one in found:
            call_safely(one.released)
