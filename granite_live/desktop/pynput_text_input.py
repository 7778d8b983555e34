"""Text input on macOS and Windows, through pynput."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
from typing import Any, Protocol

from granite_live.desktop.text_input import (
    KEYS_AT_ONCE,
    DeliveryError,
    Target,
    Way,
    came_between,
    ended,
    focus_lost,
)
from granite_live.messages.desktop import DesktopMessage


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
            raise DeliveryError(DesktopMessage.PASSWORD_FIELD(title=front.title))
        return there

    def _stay(self, there: str, done: int, wanted: int) -> None:
        if self._is_closed.is_set():
            raise ended()
        front = self._desk.front()
        if front is None or front.id != there:
            raise came_between(done, wanted)


def _desk() -> Desk:
    if sys.platform == "darwin":
        return MacDesk()

    return WindowsDesk()


_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_SERVICES = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"


class MacDesk:
    """Identifies the focus by program, not by window."""

    def __init__(self, appkit: Any = None, carbon: Any = None, services: Any = None) -> None:
        """Load the system's libraries; tests pass fakes."""
        self._appkit = importlib.import_module("AppKit") if appkit is None else appkit
        self._carbon = ctypes.CDLL(_CARBON) if carbon is None else carbon
        self._services = ctypes.CDLL(_SERVICES) if services is None else services

    def front(self) -> Target | None:
        """Return the frontmost program; secure event input marks a password field."""
        program = self._appkit.NSWorkspace.sharedWorkspace().frontmostApplication()
        if program is None:
            return None
        number = int(program.processIdentifier())
        return Target(
            str(number),
            str(program.localizedName() or ""),
            is_own=number == os.getpid(),
            is_password=bool(self._carbon.IsSecureEventInputEnabled() & 0xFF),
        )

    def refusal(self) -> str:
        """Return why keys cannot be sent, "" if they can."""
        if self._services.AXIsProcessTrusted() & 0xFF:
            return ""
        return DesktopMessage.MACOS_ACCESSIBILITY()


class WindowsDesk:
    """Uses user32. Windows silently blocks keys for programs that run as administrator."""

    def __init__(self, user32: Any = None) -> None:
        """Load user32; tests pass a fake."""
        self._user32 = _load() if user32 is None else user32

    def front(self) -> Target | None:
        """Return the foreground window."""
        window = self._user32.GetForegroundWindow()
        if not window:
            return None
        process = ctypes.c_ulong()
        self._user32.GetWindowThreadProcessId(window, ctypes.byref(process))
        length = self._user32.GetWindowTextLengthW(window)
        title = ctypes.create_unicode_buffer(length + 1)
        self._user32.GetWindowTextW(window, title, length + 1)
        return Target(str(window), title.value, is_own=process.value == os.getpid())

    def refusal(self) -> str:
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
