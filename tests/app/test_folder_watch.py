"""A watched folder gives each file once, when nobody writes to it any more."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest
from helpers.messages import shows

from granite_live.app import folder_watch
from granite_live.app.folder_watch import FolderWatch, is_being_written_here
from granite_live.messages.recording import FolderMessage
from granite_live.util.errors import AudioError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux says who writes")
TIMEOUT_S = 30.0


class Taker:
    """Takes files in a thread."""

    def __init__(self, watch: FolderWatch) -> None:
        self._watch = watch
        self._taken: Queue[Path | BaseException | None] = Queue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            while (path := self._watch.take()) is not None:
                self._taken.put(path)
            self._taken.put(None)
        except AudioError as error:
            self._taken.put(error)

    def next(self) -> Path | BaseException | None:
        return self._taken.get(timeout=TIMEOUT_S)

    def is_idle(self) -> bool:
        """Say whether nothing was taken up to now."""
        try:
            self._taken.get_nowait()
        except Empty:
            return True
        return False

    def end(self) -> None:
        self._watch.stop()
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Callable[..., Taker]]:
    """Return a function that watches the test's folder for sounds."""
    running: list[tuple[FolderWatch, Taker]] = []

    def begin(**options: object) -> Taker:
        watch = FolderWatch(tmp_path, lambda path: path.suffix == ".wav", **options)  # type: ignore[arg-type]
        running.append((watch, Taker(watch)))
        return running[-1][1]

    yield begin
    for watch, taker in running:
        taker.end()
        watch.close()


def test_files_that_are_there_come_first_by_name(
    tmp_path: Path, watched: Callable[..., Taker]
) -> None:
    for name in ("b.wav", "a.wav", "note.txt"):
        (tmp_path / name).touch()
    taker = watched()
    assert [taker.next(), taker.next()] == [tmp_path / "a.wav", tmp_path / "b.wav"]


def test_a_file_is_taken_when_it_is_closed_and_not_before(
    tmp_path: Path, watched: Callable[..., Taker]
) -> None:
    old, new, other = (tmp_path / name for name in ("old.wav", "new.wav", "other.wav"))
    with old.open("wb") as file:
        file.write(b"half")
        file.flush()
        taker = watched()  # it is being written when the watch begins
        with new.open("wb") as late:
            late.write(b"half")
            late.flush()
            other.write_bytes(b"whole")
            assert taker.next() == other  # the two before it still wait
            assert taker.is_idle()
            late.write(b"and whole")
        assert taker.next() == new
        assert taker.is_idle()
    assert taker.next() == old


def test_a_file_that_is_moved_into_its_place_is_taken(
    tmp_path: Path, watched: Callable[..., Taker]
) -> None:
    taker = watched()
    (tmp_path / "talk.wav.part").write_bytes(b"whole")
    (tmp_path / "talk.wav.part").rename(tmp_path / "talk.wav")
    assert taker.next() == tmp_path / "talk.wav"


def test_a_file_that_is_removed_while_it_waits_is_forgotten(
    tmp_path: Path, watched: Callable[..., Taker]
) -> None:
    with (tmp_path / "talk.wav").open("wb"):
        taker = watched()
        (tmp_path / "talk.wav").unlink()
    (tmp_path / "last.wav").touch()
    assert taker.next() == tmp_path / "last.wav"


def test_folders_below_are_watched_on_request(
    tmp_path: Path, watched: Callable[..., Taker]
) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (below / "first.wav").touch()
    taker = watched(recursive=True)
    assert taker.next() == below / "first.wav"
    (below / "second.wav").touch()
    assert taker.next() == below / "second.wav"


def test_without_knowledge_of_writers_a_file_is_taken_after_a_quiet_time(
    tmp_path: Path, watched: Callable[..., Taker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "QUIET_S", 0.05)
    (tmp_path / "talk.wav").touch()
    taker = watched(is_being_written=lambda _path: None)
    assert taker.next() == tmp_path / "talk.wav"


def test_a_folder_that_is_gone_ends_the_watch(
    tmp_path: Path, watched: Callable[..., Taker]
) -> None:
    taker = watched()
    tmp_path.rmdir()
    assert shows(taker.next(), FolderMessage.GONE, folder=tmp_path)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioError) as refused:
        FolderWatch(tmp_path / "none", lambda _path: True)
    assert shows(refused.value, FolderMessage.UNWATCHABLE, folder=tmp_path / "none")


def test_linux_says_whether_a_file_is_open_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    with path.open("wb"):
        assert is_being_written_here(path) is True
    assert is_being_written_here(path) is False
    with path.open("rb"):
        assert is_being_written_here(path) is False
    assert is_being_written_here(tmp_path / "none") is None
