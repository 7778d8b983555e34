"""A library that several make at once is made once, and all of them have it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from helpers.messages import sentence
from helpers.sample_library import new_session

from granite_live.library import Library
from granite_live.messages.library import LibraryMessage
from granite_live.util.errors import HistoryError


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


def test_one_that_is_being_opened_too_long_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with (
        FileLock(f"{path}.lock"),
        pytest.raises(
            HistoryError, match=sentence(LibraryMessage.LIST_IN_USE, reason="being opened")
        ),
    ):
        Library.open(path, wait_s=0.1)


_ANOTHER = """
import sys
from pathlib import Path
from granite_live.library import Library
with Library.open(Path(sys.argv[1])) as library:
    print(len(library.sessions()))
"""


def test_what_is_open_twice_here_stays_whole_when_another_program_comes_and_goes(
    tmp_path: Path,
) -> None:
    """The last one that closes the file removes the log beside it: that must not be another."""
    path = tmp_path / "library.sqlite"
    with Library.open(path) as library:
        library.create_session(new_session("first"))
        with Library.open(path):
            pass
        for number in (1, 2):
            command = [sys.executable, "-c", _ANOTHER, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            assert int(done.stdout) == number
            library.create_session(new_session(f"journal {number}"))
        assert path.with_name("library.sqlite-wal").exists()
