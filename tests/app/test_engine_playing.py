"""Playback of a stored session's sound: unfinished, packed, and deleted."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers.messages import sentence, shows

from granite_live.app.library_sync import sync_library
from granite_live.app.session_player import SessionPlayer
from granite_live.audio.journal import Journal, sessions_dir
from granite_live.audio.playback import FillBlock
from granite_live.library import Library, SavedSession
from granite_live.messages.journal import JournalMessage
from granite_live.messages.library import LibraryMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000
WAIT_S = 10.0


class Loudspeaker:
    """Output that plays in a thread without delay after the test allows it."""

    def __init__(self) -> None:
        self.go, self.started = threading.Event(), threading.Event()
        self.heard: list[np.ndarray] = []

    def output_rate_hz(self) -> int:
        return RATE_HZ

    def open_output(
        self, sample_rate_hz: int, fill: FillBlock, finished: Callable[[], None]
    ) -> Any:
        self._fill, self._finished = fill, finished
        self._thread = threading.Thread(target=self._run)
        return self

    def start(self) -> None:
        self._thread.start()
        self.started.set()

    def close(self) -> None:
        self.go.set()
        if self._thread.ident is not None:
            self._thread.join()

    def abandon(self) -> None:
        raise AssertionError("this output does not hang")

    def _run(self) -> None:
        assert self.go.wait(WAIT_S)
        goes_on = True
        while goes_on:
            block = np.zeros(160, np.float32)
            goes_on = self._fill(block)
            self.heard.append(block)
        self._finished()


@pytest.fixture
def journal() -> Journal:
    made = Journal.create()
    made.append(np.arange(1, 3 * RATE_HZ + 1, dtype=np.int32).astype(np.int16))
    return made


@pytest.fixture
def playing(speaker: Loudspeaker) -> Iterator[SessionPlayer]:
    made = SessionPlayer(lambda: speaker)
    yield made
    assert made.stop()


@pytest.fixture
def speaker() -> Loudspeaker:
    return Loudspeaker()


def session_of(journal: Journal) -> SavedSession:
    with Library.open() as library:
        sync_library(library)
        (session,) = library.sessions()
    return session


@pytest.mark.parametrize("is_finished", [False, True])
def test_a_stretch_is_played(
    journal: Journal, playing: SessionPlayer, speaker: Loudspeaker, is_finished: bool
) -> None:
    (journal.finish if is_finished else journal.close)()
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    playing.play(session_of(journal), 0.5, 1.0, told.put)
    speaker.go.set()
    assert told.get(timeout=WAIT_S) == ""
    heard = np.round(np.concatenate(speaker.heard) * 32_768).astype(int)
    assert list(heard[heard != 0]) == list(range(8_001, 16_001))


def test_what_is_being_recorded_is_played(
    journal: Journal, playing: SessionPlayer, speaker: Loudspeaker
) -> None:
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    journal.close()
    session = session_of(journal)
    running = Journal.create()
    running.append(np.full(RATE_HZ, 7, np.int16))
    playing.play(replace(session, journal=running.path.name), 0.0, 0.5, told.put)
    speaker.go.set()
    assert told.get(timeout=WAIT_S) == ""
    running.append(np.full(RATE_HZ, 8, np.int16))
    running.finish()
    heard = np.round(np.concatenate(speaker.heard) * 32_768).astype(int)
    assert (heard == 7).sum() == RATE_HZ // 2


def test_a_recording_is_played_faster_and_drawn(
    journal: Journal, playing: SessionPlayer, speaker: Loudspeaker
) -> None:
    journal.finish()
    session = session_of(journal)
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert playing.position_s is None
    playing.play(session, 0.0, 3.0, told.put, 2.0)
    speaker.go.set()
    assert told.get(timeout=WAIT_S) == ""
    heard = np.concatenate(speaker.heard)
    assert np.count_nonzero(heard) == pytest.approx(1.5 * RATE_HZ, abs=0.05 * RATE_HZ)
    peaks = playing.peaks(session, lambda: False)
    assert len(peaks) == 30
    assert peaks[0] < peaks[10]
    with pytest.raises(AudioError):
        playing.peaks(replace(session, sound_deleted=True), lambda: False)


def test_it_is_stopped_at_once(
    journal: Journal, playing: SessionPlayer, speaker: Loudspeaker
) -> None:
    journal.finish()
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    playing.play(session_of(journal), 0.0, 3.0, told.put)
    assert speaker.started.wait(WAIT_S)
    assert playing.stop()
    assert told.get(timeout=WAIT_S) == ""


def test_sound_that_is_gone_is_told(journal: Journal, playing: SessionPlayer) -> None:
    journal.finish()
    session = session_of(journal)
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    for gone in (replace(session, sound_deleted=True), replace(session, journal="")):
        with pytest.raises(AudioError, match=sentence(LibraryMessage.SOUND_DELETED_NOT_PLAYED)):
            playing.play(gone, 0.0, 1.0, told.put)
    (sessions_dir() / session.journal / "sound.flac").unlink()
    playing.play(session, 0.0, 1.0, told.put)
    assert shows(told.get(timeout=WAIT_S), JournalMessage.SOUND_NOT_KEPT)
