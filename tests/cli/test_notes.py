"""Messages are one line each; the progress bar is for terminals only."""

from __future__ import annotations

import io

import pytest

from granite_live.cli.terminal import Messages


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def test_long_message_stays_one_line_and_markup_is_text() -> None:
    stream = io.StringIO()
    notes = Messages(stream)
    notes.info("[red]not a colour[/red] :smile: " + "word " * 100)
    notes.warn("a")
    notes.error("b")
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("[red]not a colour[/red] :smile: word")
    assert lines[1:] == ["warning: a", "error: b"]


def test_no_progress_without_a_terminal() -> None:
    stream = io.StringIO()
    with Messages(stream).progress("a.wav", 60.0) as report:
        report(30.0)
    assert stream.getvalue() == ""


@pytest.mark.parametrize("total_s", [60.0, None])
def test_progress_on_a_terminal_in_seconds_of_sound(total_s: float | None) -> None:
    stream = Terminal()
    with Messages(stream).progress("a[1].wav", total_s) as report:
        report(30.0)
    shown = stream.getvalue()
    assert "a[1].wav" in shown
    assert ("0:30 / 1:00" if total_s else "0:30") in shown
    assert "x real time" in shown
