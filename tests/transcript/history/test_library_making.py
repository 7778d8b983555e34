"""A library that several make at once is made once, and all of them have it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from filelock import FileLock
from shelves import new_session

from granite_live.errors import HistoryError
from granite_live.transcript.history import Library


@pytest.mark.parametrize("attempt", range(10))
def test_all_who_open_a_new_library_at_once_can_write(tmp_path: Path, attempt: int) -> None:
    at_once = threading.Barrier(4)
    made: list[int] = []

    def write() -> None:
        at_once.wait()
        with Library.open(tmp_path / "new" / "library.sqlite") as library:
            made.append(library.create_session(new_session(f"journal-{attempt}")))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [1, 2, 3, 4]


def test_one_that_is_being_made_too_long_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with (
        FileLock(f"{path}.lock"),
        pytest.raises(HistoryError, match=r"in use by another program \(being made\): try again"),
    ):
        Library.open(path, wait_s=0.1)
