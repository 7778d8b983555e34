"""Global keys on an X server without a window manager, and its end."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Iterator

import pytest
from helpers.bare_x_server import can_run_screen, running_screen
from helpers.waiting import WAIT_S

from granite_live.desktop.platform import HotkeyError

pytestmark = pytest.mark.skipif(not can_run_screen(), reason="needs (on Debian): xvfb xdotool")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    with running_screen(monkeypatch) as process:
        yield process


def test_the_end_of_the_server_releases_what_is_held_and_is_told(
    server: subprocess.Popen[bytes],
) -> None:
    from granite_live.desktop.x11_hotkeys import X11Hotkeys

    keys, pressed, released = X11Hotkeys(), threading.Event(), threading.Event()
    keys.watch("F9", pressed.set, released.set)
    subprocess.run(["xdotool", "keydown", "F9"], check=True, timeout=WAIT_S)
    assert pressed.wait(WAIT_S)
    assert not released.is_set()
    server.kill()
    assert released.wait(WAIT_S)
    keys.close()
    assert "X server" in keys.unavailable_reason
    with pytest.raises(HotkeyError, match="X server"):
        keys.watch("F8", pressed.set, released.set)


def test_closing_releases_what_is_held_and_lets_others_have_the_key(
    server: subprocess.Popen[bytes],
) -> None:
    from granite_live.desktop.x11_hotkeys import X11Hotkeys

    first, pressed, released = X11Hotkeys(), threading.Event(), threading.Event()
    first.watch("F9", pressed.set, released.set)
    subprocess.run(["xdotool", "keydown", "F9"], check=True, timeout=WAIT_S)
    assert pressed.wait(WAIT_S)
    first.close()
    assert released.is_set()
    second = X11Hotkeys()
    second.watch("F9", pressed.set, released.set)
    second.close()
    assert server.poll() is None


def test_watching_again_replaces_whom_the_key_calls(server: subprocess.Popen[bytes]) -> None:
    from granite_live.desktop.x11_hotkeys import X11Hotkeys

    keys, old, new, done = X11Hotkeys(), threading.Event(), threading.Event(), threading.Event()
    keys.watch("Ctrl+F9", old.set, old.set)
    keys.watch("Ctrl+F9", new.set, done.set)
    subprocess.run(["xdotool", "key", "ctrl+F9"], check=True, timeout=WAIT_S)
    assert done.wait(WAIT_S)
    assert new.is_set()
    assert not old.is_set()
    keys.close()


def test_return_in_any_program_is_told_and_no_other_key(server: subprocess.Popen[bytes]) -> None:
    from granite_live.desktop.x11_hotkeys import X11Hotkeys

    keys, told = X11Hotkeys(), queue.SimpleQueue[str]()
    keys.watch("F9", lambda: told.put("F9"), lambda: None)
    keys.watch_line_ends(lambda: told.put("line"))
    subprocess.run(
        ["xdotool", "key", "a", "Return", "b", "KP_Enter", "F9"], check=True, timeout=WAIT_S
    )
    assert [told.get(timeout=WAIT_S) for _ in range(3)] == ["line", "line", "F9"]
    keys.close()


def test_repeats_that_are_read_after_the_release_are_no_further_press(
    server: subprocess.Popen[bytes],
) -> None:
    from granite_live.desktop.x11_hotkeys import X11Hotkeys

    keys, told = X11Hotkeys(), queue.SimpleQueue[str]()
    is_slow = threading.Event()

    def pressed() -> None:
        told.put("pressed")
        is_slow.wait(WAIT_S)  # as a busy computer: what follows is read when the key is up

    keys.watch("F9", pressed, lambda: told.put("released"))
    subprocess.run(["xdotool", "keydown", "F9", "sleep", "1.2"], check=True, timeout=WAIT_S)
    subprocess.run(["xdotool", "keyup", "F9"], check=True, timeout=WAIT_S)
    is_slow.set()
    subprocess.run(["xdotool", "key", "F9"], check=True, timeout=WAIT_S)
    assert [told.get(timeout=WAIT_S) for _ in range(4)] == ["pressed", "released"] * 2
    keys.close()
    assert told.empty()
