"""macOS and Windows: keys by pynput, windows by the system. All of it is scripted here."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from granite_live.desktop.platform import DeliveryError, DeliveryMethod, FocusedWindow, FocusError
from granite_live.desktop.pynput_keyboard import MacFocus, PynputTextInput, WindowsFocus

THERE = FocusedWindow("1", "Letter", is_own=False)


class ScriptedKeyboard:
    """As much of pynput.keyboard as is used."""

    Key = SimpleNamespace(cmd="cmd", ctrl="ctrl", backspace="backspace")

    def __init__(self) -> None:
        self.said: list[str] = []

    def Controller(self) -> ScriptedKeyboard:  # noqa: N802
        return self

    def type(self, text: str) -> None:
        self.said.append(text)

    def tap(self, key: str) -> None:
        self.said.append(key)

    @contextmanager
    def pressed(self, key: str) -> Iterator[None]:
        self.said.append(f"hold {key}")
        yield
        self.said.append(f"release {key}")


class ScriptedDesk:
    def __init__(self, *fronts: FocusedWindow | None, why: str = "") -> None:
        self.fronts, self.why = list(fronts), why

    def focused_window(self) -> FocusedWindow | None:
        return self.fronts.pop(0) if len(self.fronts) > 1 else self.fronts[0]

    def permission_error(self) -> str:
        return self.why


def test_a_text_is_typed_in_portions() -> None:
    keyboard = ScriptedKeyboard()
    text_input = PynputTextInput(keyboard, ScriptedDesk(THERE))
    assert text_input.methods == frozenset(DeliveryMethod)
    text_input.type_text("Grüße 😀, und noch viel mehr", THERE)
    assert "".join(keyboard.said) == "Grüße 😀, und noch viel mehr"
    assert len(keyboard.said) == 2


@pytest.mark.parametrize(("platform", "held"), [("darwin", "cmd"), ("win32", "ctrl")])
def test_the_platforms_own_keys_paste(
    monkeypatch: pytest.MonkeyPatch, platform: str, held: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    keyboard = ScriptedKeyboard()
    PynputTextInput(keyboard, ScriptedDesk(THERE)).press_paste(THERE)
    assert keyboard.said == [f"hold {held}", "v", f"release {held}"]


def test_backspace_erases() -> None:
    keyboard = ScriptedKeyboard()
    PynputTextInput(keyboard, ScriptedDesk(THERE)).press_backspace(2, THERE)
    assert keyboard.said == ["backspace", "backspace"]


def test_nothing_is_pressed_for_another_window() -> None:
    keyboard = ScriptedKeyboard()
    text_input = PynputTextInput(keyboard, ScriptedDesk(FocusedWindow("2", "Chat", is_own=False)))
    for act in (lambda: text_input.type_text("x", THERE), lambda: text_input.press_paste(THERE)):
        with pytest.raises(FocusError, match="Letter"):
            act()
    assert keyboard.said == []


def test_another_window_in_the_middle_ends_it_and_says_how_much_was_typed() -> None:
    keyboard = ScriptedKeyboard()
    text_input = PynputTextInput(
        keyboard, ScriptedDesk(THERE, THERE, FocusedWindow("2", "Chat", is_own=False))
    )
    with pytest.raises(DeliveryError, match="16 of 40"):
        text_input.type_text("x" * 40, THERE)
    assert keyboard.said == ["x" * 16]


def test_a_password_gets_nothing_and_closing_ends_it() -> None:
    keyboard = ScriptedKeyboard()
    secret = FocusedWindow("1", "Unlock", is_own=False, is_password=True)
    with pytest.raises(DeliveryError, match="password"):
        PynputTextInput(keyboard, ScriptedDesk(secret)).type_text("x", secret)
    text_input = PynputTextInput(keyboard, ScriptedDesk(THERE))
    text_input.close()
    with pytest.raises(DeliveryError, match="closed"):
        text_input.type_text("x", THERE)
    assert keyboard.said == []


def test_without_permission_there_is_the_clipboard() -> None:
    text_input = PynputTextInput(ScriptedKeyboard(), ScriptedDesk(THERE, why="Not allowed."))
    assert text_input.methods == {DeliveryMethod.COPY}
    assert text_input.unavailable_reason == "Not allowed."
    with pytest.raises(DeliveryError, match="Not allowed"):
        text_input.type_text("x")


class ScriptedMac:
    """AppKit, Carbon and ApplicationServices."""

    def __init__(self, number: int, *, is_secure: bool, is_trusted: bool) -> None:
        self.NSWorkspace = SimpleNamespace(
            sharedWorkspace=lambda: SimpleNamespace(frontmostApplication=lambda: self.front)
        )
        self.front: object = SimpleNamespace(
            processIdentifier=lambda: number, localizedName=lambda: "Notes"
        )
        self.IsSecureEventInputEnabled = lambda: int(is_secure)
        self.AXIsProcessTrusted = lambda: int(is_trusted)


def test_macos_tells_of_secured_keyboards_and_of_permission() -> None:
    mac = ScriptedMac(os.getpid() + 1, is_secure=True, is_trusted=False)
    desk = MacFocus(mac, mac, mac)
    assert desk.focused_window() == FocusedWindow(
        str(os.getpid() + 1), "Notes", is_own=False, is_password=True
    )
    assert "Accessibility" in desk.permission_error()
    mac = ScriptedMac(os.getpid(), is_secure=False, is_trusted=True)
    desk = MacFocus(mac, mac, mac)
    assert desk.focused_window() == FocusedWindow(str(os.getpid()), "Notes", is_own=True)
    assert desk.permission_error() == ""
    mac.front = None
    assert desk.focused_window() is None


class ScriptedUser32:
    def __init__(self, window: int, process: int, title: str) -> None:
        self.window, self.process, self.title = window, process, title

    def GetForegroundWindow(self) -> int:  # noqa: N802
        return self.window

    def GetWindowThreadProcessId(self, window: int, process: object) -> int:  # noqa: N802
        assert window == self.window
        ctypes.cast(process, ctypes.POINTER(ctypes.c_ulong))[0] = self.process  # type: ignore[arg-type]
        return 1

    def GetWindowTextLengthW(self, _window: int) -> int:  # noqa: N802
        return len(self.title)

    def GetWindowTextW(  # noqa: N802
        self, _window: int, text: ctypes.Array[ctypes.c_wchar], size: int
    ) -> int:
        assert size == len(self.title) + 1
        text.value = self.title
        return len(self.title)


def test_windows_tells_of_the_window_in_front() -> None:
    desk = WindowsFocus(ScriptedUser32(77, os.getpid() + 1, "Brief: Äöü"))
    assert desk.focused_window() == FocusedWindow("77", "Brief: Äöü", is_own=False)
    assert desk.permission_error() == ""
    own = WindowsFocus(ScriptedUser32(78, os.getpid(), "")).focused_window()
    assert own is not None
    assert own.is_own
    assert WindowsFocus(ScriptedUser32(0, 0, "")).focused_window() is None
