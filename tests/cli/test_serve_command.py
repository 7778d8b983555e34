"""`granite-live serve --lan` asks before other devices can read the captions."""

from __future__ import annotations

import io
import sys

import pytest
from helpers.messages import shows

from granite_live.cli.main import run
from granite_live.messages.control import ServerMessage


def test_without_a_terminal_it_wants_a_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert run(["serve", "--lan", "--lan-address", "127.0.0.2"]) == 2
    assert shows(capsys.readouterr().err, ServerMessage.NO_CONSENT)


def test_a_no_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = io.StringIO("n\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert run(["serve", "--lan", "--lan-address", "127.0.0.2"]) == 1
    assert "127.0.0.2" in capsys.readouterr().err
