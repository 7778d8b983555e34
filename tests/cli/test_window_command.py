"""`granite-live window`: the arguments that it passes to the opener of the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from granite_live.cli.main import run


class Opener:
    """Opener that records its arguments."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[Path, ...], bool]] = []

    def can_open_window(self) -> bool:
        return True

    def open_window(self, files: Sequence[Path] = (), *, in_tray: bool = False) -> int:
        self.asked.append((tuple(files), in_tray))
        return 0


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ([], ((), False)),
        (["window"], ((), False)),
        (["window", "--in-tray"], ((), True)),
        (["window", "talk.mp3"], ((Path("talk.mp3"),), False)),
        (["."], ((Path(),), False)),
        ([__file__, "--in-tray"], ((Path(__file__),), True)),
    ],
)
def test_what_is_asked_for_is_opened(
    arguments: list[str], asked: tuple[tuple[Path, ...], bool]
) -> None:
    opener = Opener()
    assert run(arguments, opener) == 0
    assert opener.asked == [asked]


def test_a_file_that_is_not_there_is_no_command() -> None:
    opener = Opener()
    assert run(["missing.mp3"], opener) == 2
    assert opener.asked == []
