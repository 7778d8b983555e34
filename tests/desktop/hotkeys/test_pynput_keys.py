"""Global keys on macOS and Windows: pynput is scripted here."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from granite_live.desktop.platform import HotkeyError
from granite_live.desktop.pynput_keyboard import PynputHotkeys


class Key(enum.Enum):
    """As much of pynput's as is used; `ctrl_l` is the left one of what `ctrl` stands for."""

    ctrl, ctrl_l, alt, space, f9, page_up, esc, enter = range(8)


class KeyCode:
    @staticmethod
    def from_char(char: str) -> str:
        return char


class Listener(threading.Thread):
    """Plays a keyboard: the test presses and releases."""

    def __init__(self, on_press: Callable[..., None], on_release: Callable[..., None]) -> None:
        super().__init__(daemon=True)
        self.on_press, self.on_release = on_press, on_release
        self.stopped = threading.Event()

    def run(self) -> None:
        self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()

    def canonical(self, key: Any) -> Any:
        return Key.ctrl if key is Key.ctrl_l else key


class ScriptedKeyboard:
    Key, KeyCode = Key, KeyCode

    def __init__(self) -> None:
        self.listener: Listener | None = None

    def Listener(self, **callbacks: Callable[..., None]) -> Listener:  # noqa: N802
        self.listener = Listener(**callbacks)
        return self.listener


class Rig:
    def __init__(self) -> None:
        self.keyboard = ScriptedKeyboard()
        self.keys = PynputHotkeys(self.keyboard)
        self.said: list[str] = []
        assert self.keyboard.listener is not None
        self.press, self.release = (
            self.keyboard.listener.on_press,
            self.keyboard.listener.on_release,
        )

    def watch(self, keys: str) -> None:
        self.keys.watch(
            keys, lambda: self.said.append("pressed"), lambda: self.said.append("released")
        )


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.keys.close()
    assert made.keyboard.listener is not None
    assert not made.keyboard.listener.is_alive()


def test_a_held_combination_is_told_once(rig: Rig) -> None:
    rig.watch("Ctrl+Alt+Space")
    for key in (Key.ctrl_l, Key.alt, Key.space, Key.space, Key.space):
        rig.press(key)
    assert rig.said == ["pressed"]
    for key in (Key.alt, Key.space, Key.ctrl_l):
        rig.release(key)
    assert rig.said == ["pressed", "released"]


def test_more_or_fewer_keys_are_another_combination(rig: Rig) -> None:
    rig.watch("Ctrl+Space")
    for key in (Key.ctrl, Key.alt, Key.space):
        rig.press(key)
    for key in (Key.ctrl, Key.alt, Key.space):
        rig.release(key)
    rig.press(Key.space)
    rig.press(None)
    rig.release(None)
    assert rig.said == []


def test_what_is_held_at_the_end_counts_as_released(rig: Rig) -> None:
    rig.watch("F9")
    rig.press(Key.f9)
    rig.keys.close()
    assert rig.said == ["pressed", "released"]


def test_keys_that_there_are_not_are_refused(rig: Rig) -> None:
    with pytest.raises(HotkeyError, match="F35"):
        rig.watch("F35")
    rig.watch("Ctrl+Alt+PgUp")
    rig.watch("Ctrl+Alt+H")


def test_a_callback_that_fails_goes_to_the_log(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.keys.watch("F9", lambda: 1 // 0, lambda: rig.said.append("released"))
    rig.press(Key.f9)
    rig.release(Key.f9)
    assert "ZeroDivisionError" in caplog.text
    assert rig.said == ["released"]


def test_escape_cancels_what_is_held(rig: Rig) -> None:
    rig.keys.watch("F9", lambda: None, lambda: None, lambda: rig.said.append("canceled"))
    rig.press(Key.esc)
    rig.release(Key.esc)
    assert rig.said == []
    rig.press(Key.f9)
    rig.press(Key.esc)
    assert rig.said == ["canceled"]


def test_return_in_any_program_is_told(rig: Rig) -> None:
    rig.keys.watch_line_ends(lambda: rig.said.append("line ended"))
    rig.press(Key.space)
    assert rig.said == []
    rig.press(Key.enter)
    assert rig.said == ["line ended"]
