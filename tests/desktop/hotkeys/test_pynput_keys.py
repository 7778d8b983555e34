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


class Bench:
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
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.keys.close()
    assert made.keyboard.listener is not None
    assert not made.keyboard.listener.is_alive()


def test_a_held_combination_is_told_once(bench: Bench) -> None:
    bench.watch("Ctrl+Alt+Space")
    for key in (Key.ctrl_l, Key.alt, Key.space, Key.space, Key.space):
        bench.press(key)
    assert bench.said == ["pressed"]
    for key in (Key.alt, Key.space, Key.ctrl_l):
        bench.release(key)
    assert bench.said == ["pressed", "released"]


def test_more_or_fewer_keys_are_another_combination(bench: Bench) -> None:
    bench.watch("Ctrl+Space")
    for key in (Key.ctrl, Key.alt, Key.space):
        bench.press(key)
    for key in (Key.ctrl, Key.alt, Key.space):
        bench.release(key)
    bench.press(Key.space)
    bench.press(None)
    bench.release(None)
    assert bench.said == []


def test_what_is_held_at_the_end_counts_as_released(bench: Bench) -> None:
    bench.watch("F9")
    bench.press(Key.f9)
    bench.keys.close()
    assert bench.said == ["pressed", "released"]


def test_keys_that_there_are_not_are_refused(bench: Bench) -> None:
    with pytest.raises(HotkeyError, match="F35"):
        bench.watch("F35")
    bench.watch("Ctrl+Alt+PgUp")
    bench.watch("Ctrl+Alt+H")


def test_a_callback_that_fails_goes_to_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.keys.watch("F9", lambda: 1 // 0, lambda: bench.said.append("released"))
    bench.press(Key.f9)
    bench.release(Key.f9)
    assert "ZeroDivisionError" in caplog.text
    assert bench.said == ["released"]


def test_escape_cancels_what_is_held(bench: Bench) -> None:
    bench.keys.watch("F9", lambda: None, lambda: None, lambda: bench.said.append("canceled"))
    bench.press(Key.esc)
    bench.release(Key.esc)
    assert bench.said == []
    bench.press(Key.f9)
    bench.press(Key.esc)
    assert bench.said == ["canceled"]


def test_return_in_any_program_is_told(bench: Bench) -> None:
    bench.keys.watch_line_ends(lambda: bench.said.append("line ended"))
    bench.press(Key.space)
    assert bench.said == []
    bench.press(Key.enter)
    assert bench.said == ["line ended"]
