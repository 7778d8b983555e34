"""Damaged files of measurements stop no command: they are renamed with the date, and reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from granite_live.app.engine import Engine
from granite_live.cli.main import run
from granite_live.util.paths import data_dir
from granite_live.util.paths import models_dir as installed_dir

NAMES = ("threads.json", "accelerators.json", ".faults.json")


def place(name: str) -> Path:
    path = (installed_dir() if name == ".faults.json" else data_dir()) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("content", [b"", b'{"one": 1.', b"[]", b"[" * 100_000])
@pytest.mark.parametrize("name", NAMES)
def test_a_command_sets_it_aside_and_says_it_once(
    name: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = place(name)
    path.write_bytes(content)
    assert run(["settings"]) == 0
    told = capsys.readouterr().err
    (aside,) = path.parent.glob(f"{path.stem}.damaged-*")
    assert aside.read_bytes() == content
    assert not path.exists()
    assert told.count(str(aside)) == 1
    assert run(["settings"]) == 0
    assert str(aside) not in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_the_window_says_it_too(name: str) -> None:
    path = place(name)
    path.write_bytes(b"{")
    told: list[str] = []
    engine = Engine()
    engine.on_library_error = told.append
    engine.sync_and_apply_retention()
    assert len(told) == 1
    assert ".damaged-" in told[0]
