"""Typing by wtype: here it is a script that writes down what it is asked for."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from granite_live.desktop import platform
from granite_live.desktop.platform import DeliveryError, DeliveryMethod
from granite_live.desktop.wayland_text_input import WaylandTextInput

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is searched for programs before the others."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def make_wtype(programs: Path, script: str) -> None:
    path = programs / "wtype"
    path.write_text(f"#!/bin/sh\ncd {programs}\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_a_text_is_handed_over_whole(programs: Path) -> None:
    make_wtype(programs, 'echo "$@" > options; cat > text')
    text_input = WaylandTextInput()
    assert text_input.methods == {DeliveryMethod.COPY, DeliveryMethod.TYPE}
    text_input.type_text("Grüße 😀\n$HOME")
    assert (programs / "text").read_text(encoding="utf-8") == "Grüße 😀\n$HOME"
    assert (programs / "options").read_text().split()[-1] == "-"
    text_input.press_backspace(3)
    assert (programs / "options").read_text().split() == ["-k", "BackSpace"] * 3


def test_what_wtype_complains_of_is_told(programs: Path) -> None:
    make_wtype(programs, 'echo "Compositor does not support the virtual keyboard" >&2; exit 1')
    with pytest.raises(DeliveryError, match="Compositor does not support"):
        WaylandTextInput().type_text("text")


def test_without_wtype_there_is_the_clipboard_and_a_reason(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs))
    text_input = WaylandTextInput()
    assert text_input.methods == {DeliveryMethod.COPY}
    assert "wtype" in text_input.unavailable_reason
    with pytest.raises(DeliveryError, match="wtype"):
        text_input.type_text("text")


def test_nothing_is_pasted_and_no_window_is_known(programs: Path) -> None:
    make_wtype(programs, "")
    text_input = WaylandTextInput()
    target = text_input.focused_window()
    assert target is not None
    assert target.id == ""
    with pytest.raises(DeliveryError, match="Wayland"):
        text_input.press_paste(target)


def test_closing_ends_what_types(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_wtype(programs, "echo $$ > begun; exec sleep 100")
    text_input = WaylandTextInput()
    told: list[str] = []

    def type_it() -> None:
        try:
            text_input.type_text("text")
        except DeliveryError as error:
            told.append(str(error))

    started = threading.Event()
    begin = text_input._begin

    def begin_and_tell(options: list[str]) -> object:
        running = begin(options)
        started.set()
        return running

    monkeypatch.setattr(text_input, "_begin", begin_and_tell)
    thread = threading.Thread(target=type_it)
    thread.start()
    assert started.wait(30)
    text_input.close()
    thread.join(30)
    assert not thread.is_alive()
    assert len(told) == 1
    with pytest.raises(DeliveryError, match="closed"):
        text_input.type_text("more")


def test_a_wayland_session_gets_these_hands(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    assert isinstance(platform.open_text_input(), WaylandTextInput)


def test_without_any_screen_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", "nowhere")
    text_input = platform.open_text_input()
    assert text_input.methods == {DeliveryMethod.COPY}
    assert "nowhere" in text_input.unavailable_reason
    assert text_input.focused_window() is None
    for act in (
        lambda: text_input.type_text("x"),
        lambda: text_input.press_paste(None),
        lambda: text_input.press_backspace(1),
    ):
        with pytest.raises(DeliveryError, match="nowhere"):
            act()
    text_input.close()
