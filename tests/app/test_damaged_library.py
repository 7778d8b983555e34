"""Recording does not depend on the library: it may be damaged, locked or out of reach."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.messages import sentence, shows
from helpers.silent_inputs import RATE, SilentInputs
from test_adopting import recorded, texts

from granite_live.app.engine import Engine
from granite_live.app.library_sync import open_library, sync_library
from granite_live.app.models import ModelChoice
from granite_live.app.sessions import RunningSession, SessionRequest, SessionStarter
from granite_live.audio.journal import sessions_dir
from granite_live.library import Library
from granite_live.messages.library import LibraryMessage
from granite_live.messages.settings import VocabularyMessage
from granite_live.session import events
from granite_live.settings.vocabulary import vocabulary_path
from granite_live.util import paths
from granite_live.util.errors import AudioError, HistoryError

NO_MODEL = ModelChoice(Path("/there/is/no/model"), "none", "int8", ("int8",), is_demo=False)


class Studio:
    """Starts sessions without a model, and records the notes about the library."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        inputs: Any = SilentInputs()
        self.sessions = SessionStarter(inputs, print, self.trouble.append)

    def record(self, meanwhile: Callable[[], None] = lambda: None) -> RunningSession:
        """Record six seconds."""
        recorded = threading.Event()

        def listen(event: events.SessionEvent) -> None:
            if isinstance(event, events.LevelMeasured):
                recorded.set()

        running = self.sessions.start(SessionRequest(), NO_MODEL, listen)
        assert recorded.wait(30)
        meanwhile()
        running.stop()
        assert running.join(60)
        assert recorded_samples(running) >= RATE
        return running


def recorded_samples(running: RunningSession) -> int:
    return running._session.samples_recorded


def library_path() -> Path:
    return paths.data_dir() / "library.sqlite"


def random_bytes(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8).tobytes())


def cut_in_half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def flipped_bits(path: Path) -> None:
    """Flip bits in every page after the first; the file opens as if it were sound."""
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 100] = bytes(byte ^ 0x55 for byte in data[at : at + 100])
    path.write_bytes(data)


DAMAGES = pytest.mark.parametrize("damage", [random_bytes, cut_in_half, flipped_bits])


@pytest.fixture
def filled() -> None:
    """A closed library that holds a session of two lines, and that session's journal."""
    recorded("one", "two").finish()
    with Library.open() as library:
        assert sync_library(library) == 1


@DAMAGES
def test_a_session_is_recorded_and_listed_with_a_damaged_library(
    filled: None, damage: Callable[[Path], None]
) -> None:
    damage(library_path())
    start_session = Studio()
    running = start_session.record()
    (said,) = start_session.trouble
    (aside,) = paths.data_dir().glob("library.damaged-*.sqlite")
    assert shows(said, LibraryMessage.LIST_REBUILT)
    assert aside.name in said
    with Library.open() as library:
        assert library.session(running.session_id).journal == running.journal.name
        assert len(library.sessions()) == 2


@DAMAGES
def test_the_start_makes_a_new_library_from_the_journals(
    filled: None, damage: Callable[[Path], None]
) -> None:
    damage(library_path())
    engine, told = Engine(), []
    engine.on_library_error = told.append
    engine.sync_and_apply_retention()
    (said,) = told
    assert shows(said, LibraryMessage.LIST_REBUILT)
    with Library.open() as library:
        (session,) = library.sessions()
        assert texts(library, session.id) == ["One", "Two"]
        assert [hit.session_id for hit in library.search("two")] == [session.id]
    told.clear()
    engine.sync_and_apply_retention()
    assert told == []


def test_the_start_sets_a_damaged_vocabulary_aside(filled: None) -> None:
    vocabulary_path().parent.mkdir(parents=True, exist_ok=True)
    vocabulary_path().write_text("{ not json", encoding="utf-8")
    engine, told = Engine(), []
    engine.on_library_error = told.append
    engine.sync_and_apply_retention()
    (said,) = told
    assert shows(said, VocabularyMessage.SET_ASIDE)
    assert not vocabulary_path().exists()


def test_a_new_library_gives_no_identifier_of_the_old_one(filled: None) -> None:
    with Library.open() as library:
        (old,) = library.sessions()
    random_bytes(library_path())
    library, _ = open_library()
    with library:
        (new,) = library.sessions()
        assert new.id > old.id + 1_000_000
        with pytest.raises(HistoryError, match=sentence(LibraryMessage.SESSION_GONE)):
            library.session(old.id)


def test_an_index_that_is_damaged_is_mended_in_place(filled: None) -> None:
    with Library.open() as library:
        (session,) = library.sessions()
        library.rename_session(session.id, "A title that no journal has")
    connection = sqlite3.connect(library_path())
    with connection:
        connection.execute("DELETE FROM utterance_index_data WHERE id > 10")
    connection.close()
    library, sentence = open_library(check_integrity=True)
    with library:
        assert sentence == ""
        assert library.session(session.id).title == "A title that no journal has"
        assert [hit.session_id for hit in library.search("two")] == [session.id]


def test_two_that_find_the_damage_at_once_make_one_new_library(filled: None) -> None:
    random_bytes(library_path())
    together = threading.Barrier(2)
    said: list[str] = []

    def start() -> None:
        together.wait(30)
        library, sentence = open_library()
        library.close()
        said.append(sentence)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(bool, said)) == [False, True]
    assert len(list(paths.data_dir().glob("library.damaged-*.sqlite"))) == 1
    with Library.open() as library:
        assert len(library.sessions()) == 1


def test_a_library_that_another_program_holds_keeps_no_session_waiting(filled: None) -> None:
    blocker = sqlite3.connect(library_path(), isolation_level=None, check_same_thread=False)
    blocker.execute("BEGIN EXCLUSIVE")
    start_session = Studio()
    running = start_session.record(meanwhile=lambda: blocker.execute("ROLLBACK") and None)
    blocker.close()
    assert running.session_id == 0
    assert shows(start_session.trouble[0], LibraryMessage.LIST_IN_USE)
    assert shows(start_session.trouble[0], LibraryMessage.RECORDED_ALL_THE_SAME)
    with Library.open() as library:
        assert len(library.sessions_of_journal(running.journal.name)) == 1


def test_a_library_out_of_reach_keeps_no_session_from_beginning() -> None:
    library_path().parent.mkdir(parents=True, exist_ok=True)
    library_path().mkdir()
    start_session = Studio()
    running = start_session.record()
    assert running.session_id == 0
    assert shows(start_session.trouble[0], LibraryMessage.FOLDER_UNUSABLE)
    assert running.journal.is_dir()
    library_path().rmdir()
    Engine().sync_and_apply_retention()
    with Library.open() as library:
        assert len(library.sessions_of_journal(running.journal.name)) == 1


def test_a_start_that_fails_leaves_no_folder_and_no_line(
    filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(sessions_dir().iterdir())

    def no_session(*_arguments: object) -> None:
        raise AudioError("The voice detector cannot be loaded.")

    # The voice detectors are installed here, so nothing real can fail at this place.
    monkeypatch.setattr("granite_live.app.factory.make_session", no_session)
    with pytest.raises(AudioError, match="voice detector"):
        Studio().sessions.start(SessionRequest(), NO_MODEL, lambda _event: None)
    assert sorted(sessions_dir().iterdir()) == before
    with Library.open() as library:
        assert len(library.sessions()) == 1
