"""Combinations of keys, as Qt writes them."""

from __future__ import annotations

import sys

import pytest
from helpers.messages import sentence

from granite_live.desktop import platform
from granite_live.desktop.hotkeys import KeyCombination, check_hotkey, parse_combination
from granite_live.desktop.platform import HotkeyError
from granite_live.desktop.x11_keymap import keysym_of_key
from granite_live.messages.desktop import HotkeyMessage


@pytest.mark.parametrize(
    ("keys", "modifiers", "key"),
    [
        ("Ctrl+Alt+Space", {"Ctrl", "Alt"}, "Space"),
        ("F9", set(), "F9"),
        ("Meta+h", {"Meta"}, "H"),
        ("Ctrl+Alt++", {"Ctrl", "Alt"}, "+"),
        ("Shift+F1", {"Shift"}, "F1"),
        ("Ctrl+Alt+ß", {"Ctrl", "Alt"}, "ß"),
    ],
)
def test_what_is_written_is_read(keys: str, modifiers: set[str], key: str) -> None:
    assert parse_combination(keys) == KeyCombination(frozenset(modifiers), key)


@pytest.mark.parametrize("keys", ["", "Ctrl", "Ctrl+", "Super+X", "Ctrl+Shift", "+Ctrl+A"])
def test_what_is_none_is_refused(keys: str) -> None:
    with pytest.raises(HotkeyError, match=sentence(HotkeyMessage.NOT_A_COMBINATION)):
        parse_combination(keys)


@pytest.mark.parametrize(
    "keys",
    [
        "a",
        "Shift+A",
        "Space",
        "Shift+Space",
        "+",
        "Return",
        "Esc",
        "Backspace",
        "Shift+Left",
        "Ctrl+C",
        "Ctrl+Shift+V",
        "Ctrl+Home",
        "Alt+F",
        "Alt+Tab",
        "Alt+F4",
    ],
)
def test_keys_that_programs_need_are_refused(keys: str) -> None:
    with pytest.raises(HotkeyError, match=sentence(HotkeyMessage.NEEDED_FOR_TYPING)):
        check_hotkey(keys)


@pytest.mark.parametrize(
    ("key", "keysym"),
    [("Space", 0x20), ("F9", 0xFFC6), ("A", 0x61), ("PgUp", 0xFF55), ("€", 0x0100_20AC)],
)
def test_x11_has_names_of_its_own(key: str, keysym: int) -> None:
    pytest.importorskip("Xlib")
    assert keysym_of_key(key) == keysym


def test_on_wayland_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    keys = platform.open_global_hotkeys()
    assert "Wayland" in keys.unavailable_reason
    with pytest.raises(HotkeyError, match="Wayland"):
        keys.watch("F9", lambda: None, lambda: None)
    keys.close()


def test_without_a_screen_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", "nowhere")
    assert "nowhere" in platform.open_global_hotkeys().unavailable_reason
