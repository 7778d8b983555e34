"""A wait for a file is woken by every way of creating it."""

from __future__ import annotations

import select
import sys
from pathlib import Path

import pytest
from helpers.waiting import changes_in, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


def test_a_file_that_takes_its_name_after_it_was_written_is_news(tmp_path: Path) -> None:
    """`write_output` renames a temporary file; the wait must check again after that."""
    part, whole = tmp_path / "part", tmp_path / "whole"
    looks: list[bool] = []

    def look() -> bool:
        looks.append(whole.exists())
        if len(looks) == 2:  # the writing woke the wait; the rename comes after this check
            part.rename(whole)
        return looks[-1]

    with changes_in(tmp_path) as news:
        part.write_bytes(b"1")
        until(look, "the file", news, timeout_s=20)
    assert looks[0] is False
    assert looks[-1] is True


def test_a_file_that_goes_is_news(tmp_path: Path) -> None:
    (tmp_path / "here").touch()
    with changes_in(tmp_path) as news:
        (tmp_path / "here").unlink()
        assert select.select([news], [], [], 20)[0]
