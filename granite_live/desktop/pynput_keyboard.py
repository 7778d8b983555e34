"""Text input and global hotkeys on macOS and Windows, through pynput.

The focused program also receives the keys: choose a combination that it does not use.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from granite_live.desktop.hotkeys import HotkeyError, KeyCombination, call_safely, parse_combination
from granite_live.desktop.text_input import (
    KEYS_PER_FOCUS_CHECK,
    DeliveryError,
    DeliveryMethod,
    FocusedWindow,
    closed_error,
    focus_changed_error,
    focus_lost_error,
)
from granite_live.messages.desktop import DesktopMessage, HotkeyMessage


class FocusQueries(Protocol):
    """The platform's queries for windows and permissions."""

    def focused_window(self) -> FocusedWindow | None:
        """Return the focused window or program."""
        ...

    def permission_error(self) -> str:
        """Return why keys cannot be sent, "" if they can."""
        ...


class PynputTextInput:
    """Does not wait for held keys: neither platform reports them without a keyboard listener."""

    def __init__(self, keyboard: Any = None, desk: FocusQueries | None = None) -> None:
        """Connect; tests pass fakes for `pynput.keyboard` and the platform's queries."""
        self._keyboard = keyboard or importlib.import_module("pynput.keyboard")
        self._focus = _open_focus_queries() if desk is None else desk
        self._controller = self._keyboard.Controller()
        self.unavailable_reason = self._focus.permission_error()
        self.methods = (
            frozenset({DeliveryMethod.COPY})
            if self.unavailable_reason
            else frozenset(DeliveryMethod)
        )
        self._is_closed = threading.Event()

    def focused_window(self) -> FocusedWindow | None:
        """Return the focused window or program."""
        return self._focus.focused_window()

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Type a text: see `TextInput`."""
        there = self._check_focus(target)
        for at in range(0, len(text), KEYS_PER_FOCUS_CHECK):
            self._recheck_focus(there, at, len(text))
            self._controller.type(text[at : at + KEYS_PER_FOCUS_CHECK])

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Press the paste shortcut: see `TextInput`."""
        self._check_focus(target)
        key = self._keyboard.Key
        with self._controller.pressed(key.cmd if sys.platform == "darwin" else key.ctrl):
            self._controller.tap("v")

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Press Backspace `characters` times: see `TextInput`."""
        there = self._check_focus(target)
        for at in range(characters):
            self._recheck_focus(there, at, characters)
            self._controller.tap(self._keyboard.Key.backspace)

    def close(self) -> None:
        """Cancel a call in another thread."""
        self._is_closed.set()

    def _check_focus(self, target: FocusedWindow | None) -> str:
        if self.unavailable_reason:
            raise DeliveryError(self.unavailable_reason)
        front = self._focus.focused_window()
        there = "" if front is None else front.id
        if target is not None and target.id != there:
            raise focus_lost_error(target)
        if front is not None and front.is_password:
            raise DeliveryError(DesktopMessage.PASSWORD_FIELD(title=front.title))
        return there

    def _recheck_focus(self, there: str, done: int, wanted: int) -> None:
        if self._is_closed.is_set():
            raise closed_error()
        front = self._focus.focused_window()
        if front is None or front.id != there:
            raise focus_changed_error(done, wanted)


def _open_focus_queries() -> FocusQueries:
    if sys.platform == "darwin":
        return MacFocus()

    return WindowsFocus()


_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_SERVICES = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"


class MacFocus:
    """Identifies the focus by program, not by window."""

    def __init__(self, appkit: Any = None, carbon: Any = None, services: Any = None) -> None:
        """Load the system's libraries; tests pass fakes."""
        self._appkit = importlib.import_module("AppKit") if appkit is None else appkit
        self._carbon = ctypes.CDLL(_CARBON) if carbon is None else carbon
        self._services = ctypes.CDLL(_SERVICES) if services is None else services

    def focused_window(self) -> FocusedWindow | None:
        """Return the frontmost program; secure event input marks a password field."""
        program = self._appkit.NSWorkspace.sharedWorkspace().frontmostApplication()
        if program is None:
            return None
        number = int(program.processIdentifier())
        return FocusedWindow(
            str(number),
            str(program.localizedName() or ""),
            is_own=number == os.getpid(),
            is_password=bool(self._carbon.IsSecureEventInputEnabled() & 0xFF),
        )

    def permission_error(self) -> str:
        """Return why keys cannot be sent, "" if they can."""
        if self._services.AXIsProcessTrusted() & 0xFF:
            return ""
        return DesktopMessage.MACOS_ACCESSIBILITY()


class WindowsFocus:
    """Uses user32. Windows silently blocks keys for programs that run as administrator."""

    def __init__(self, user32: Any = None) -> None:
        """Load user32; tests pass a fake."""
        self._user32 = _load() if user32 is None else user32

    def focused_window(self) -> FocusedWindow | None:
        """Return the foreground window."""
        window = self._user32.GetForegroundWindow()
        if not window:
            return None
        process = ctypes.c_ulong()
        self._user32.GetWindowThreadProcessId(window, ctypes.byref(process))
        length = self._user32.GetWindowTextLengthW(window)
        title = ctypes.create_unicode_buffer(length + 1)
        self._user32.GetWindowTextW(window, title, length + 1)
        return FocusedWindow(str(window), title.value, is_own=process.value == os.getpid())

    def permission_error(self) -> str:
        """Return "": keys may always be sent."""
        return ""


def _load() -> Any:
    library = ctypes.CDLL("user32")
    # A window handle has the size of a pointer.
    library.GetForegroundWindow.restype = ctypes.c_void_p
    library.GetWindowThreadProcessId.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    library.GetWindowTextLengthW.argtypes = (ctypes.c_void_p,)
    library.GetWindowTextW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_int)
    return library


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
        self._line_ended: Callable[[], None] | None = None
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

    def watch_line_ends(self, pressed: Callable[[], None]) -> None:
        """Call back when Return is pressed: see `GlobalHotkeys`."""
        self._line_ended = pressed

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
        if key == self._keyboard.Key.enter and self._line_ended is not None:
            call_safely(self._line_ended)
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
