"""Hands on an X server of their own: which window is meant, and the server's end."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.bare_x_server import can_run_screen, running_screen
from helpers.messages import sentence
from helpers.waiting import WAIT_S

from granite_live.desktop.platform import DeliveryError, FocusedWindow, FocusError
from granite_live.desktop.x11_keyboard import lost, open_screen
from granite_live.desktop.x11_text_input import X11TextInput
from granite_live.messages.desktop import DesktopMessage, HotkeyMessage

pytestmark = pytest.mark.skipif(not can_run_screen(), reason="needs (on Debian): xvfb xdotool")


class Windows:
    """A program with windows, which hears which keys are pressed in them."""

    def __init__(self) -> None:
        self.screen: Any = open_screen()

    def show(self, title: str, kind: str, process: int) -> str:
        """Show a window, give it the focus, and return its number."""
        from Xlib import X, Xatom

        window = self.screen.screen().root.create_window(0, 0, 50, 50, 0, X.CopyFromParent)
        window.change_attributes(event_mask=X.KeyPressMask | X.ExposureMask)
        window.set_wm_class(kind.lower(), kind)
        name, utf8 = self.screen.get_atom("_NET_WM_NAME"), self.screen.get_atom("UTF8_STRING")
        window.change_property(name, utf8, 8, title.encode())
        owner = self.screen.get_atom("_NET_WM_PID")
        window.change_property(owner, Xatom.CARDINAL, 32, [process])
        window.map()
        while self.screen.next_event().type != X.Expose:
            pass  # only what is on the screen can have the focus
        window.set_input_focus(X.RevertToNone, X.CurrentTime)
        self.screen.sync()
        return hex(window.id)

    def pressed(self, count: int) -> list[int]:
        """Wait for so many keys that mean something; return what they mean."""
        from Xlib import X

        found: list[int] = []
        while len(found) < count:
            event = self.screen.next_event()
            if event.type == X.MappingNotify:
                self.screen.refresh_keyboard_mapping(event)
            elif event.type == X.KeyPress:
                keysym = self.screen.keycode_to_keysym(event.detail, event.state & X.ShiftMask)
                if keysym and keysym != 0xFFE1:  # Shift itself
                    found.append(keysym)
        return found


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    with running_screen(monkeypatch) as process:
        yield process


@pytest.fixture
def windows(server: subprocess.Popen[bytes]) -> Iterator[Windows]:
    made = Windows()
    yield made
    with contextlib.suppress(*lost()):
        made.screen.close()


@pytest.fixture
def text_input(windows: Windows) -> Iterator[X11TextInput]:
    made = X11TextInput()
    yield made
    made.close()
    made.close()


def test_the_window_with_the_focus_is_described(windows: Windows, text_input: X11TextInput) -> None:
    assert text_input.focused_window() is None
    number = windows.show("Brief: Äöü", "Gedit", os.getpid() + 1)
    target = text_input.focused_window()
    assert target is not None
    assert (target.id, target.title, target.is_own) == (number, "Brief: Äöü", False)
    assert target.can_paste
    assert target.is_same_program(int(number, 16) + 1)
    windows.show("Granite Live", "granite-live", os.getpid())
    own = text_input.focused_window()
    assert own is not None
    assert own.is_own
    windows.show("shell", "XTerm", os.getpid() + 1)
    terminal = text_input.focused_window()
    assert terminal is not None
    assert not terminal.can_paste


def test_keys_arrive_there_and_are_taken_back_at_the_end(
    windows: Windows, text_input: X11TextInput
) -> None:
    windows.show("Field", "Field", os.getpid() + 1)
    text_input.type_text("aBä😀\n", text_input.focused_window())
    assert windows.pressed(5) == [0x61, 0x42, 0xE4, 0x0101_F600, 0xFF0D]
    text_input.press_backspace(2)
    assert windows.pressed(2) == [0xFF08, 0xFF08]
    text_input.close()
    first = windows.screen.display.info.min_keycode
    rows = windows.screen.get_keyboard_mapping(first, 255 - first + 1)
    assert not [row for row in rows if 0x0101_F600 in row]


def test_another_window_gets_nothing(windows: Windows, text_input: X11TextInput) -> None:
    windows.show("Letter", "Field", os.getpid() + 1)
    meant = text_input.focused_window()
    windows.show("Chat", "Field", os.getpid() + 1)
    for act in (
        lambda: text_input.type_text("x", meant),
        lambda: text_input.press_paste(meant),
        lambda: text_input.press_backspace(1, meant),
    ):
        with pytest.raises(FocusError, match=sentence(DesktopMessage.FOCUS_LOST, title="Letter")):
            act()
    text_input.type_text("y")
    assert windows.pressed(1) == [0x79]


def test_closing_ends_what_waits_for_a_held_key(windows: Windows, text_input: X11TextInput) -> None:
    windows.show("Field", "Field", os.getpid() + 1)
    subprocess.run(["xdotool", "keydown", "F12"], check=True, timeout=WAIT_S)
    told: list[str] = []

    def type_it() -> None:
        try:
            text_input.type_text("never", FocusedWindow(hands_id, "Field", is_own=False))
        except DeliveryError as error:
            told.append(str(error))

    target = text_input.focused_window()
    assert target is not None
    hands_id = target.id
    thread = threading.Thread(target=type_it)
    thread.start()
    text_input.close()
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert len(told) == 1
    assert "closed" in told[0]


def test_the_end_of_the_server_is_told(
    server: subprocess.Popen[bytes], windows: Windows, text_input: X11TextInput
) -> None:
    windows.show("Field", "Field", os.getpid() + 1)
    server.kill()
    server.wait(WAIT_S)
    with pytest.raises(DeliveryError, match=sentence(HotkeyMessage.X_SERVER_GONE)):
        text_input.type_text("x")
    assert text_input.focused_window() is None
