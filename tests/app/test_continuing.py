"""A canceled file goes on where its text ends, or is refused with a clear sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence
from helpers.real_session import demo_model
from test_resuming_files import KILLED_S, RATE, leave, write

from granite_live.app.library_sync import sync_library
from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.app.session_tasks import ContinuationTask, can_continue
from granite_live.app.sessions import finalize_session
from granite_live.audio.files import read_audio
from granite_live.audio.journal import find_unfinished, sessions_dir
from granite_live.library import Library, SavedSession, SessionState
from granite_live.library.editing import edit_line
from granite_live.messages.library import LibraryMessage
from granite_live.messages.recording import RecordingMessage
from granite_live.session import events
from granite_live.util.errors import AudioError, HistoryError
from granite_live.util.paths import assets_dir, demo_bundle_dir
from granite_live.util.pcm import to_int16

WELCOME = assets_dir() / "samples" / "welcome.flac"
TOTAL_S = 19.0


@pytest.fixture
def model() -> ModelChoice:
    demo_model()
    return choose_model(ModelRequest(demo_bundle_dir(), "int8", "cpu"))


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    write(path, to_int16(read_audio(WELCOME, RATE)))
    return path


@pytest.fixture
def canceled(talk: Path, model: ModelChoice, library: Library) -> SavedSession:
    """A file that was canceled after its first seconds."""
    leave(talk, model)
    sync_library(library)
    (session,) = library.sessions()
    finalize_session(session.id, TOTAL_S)
    return library.session(session.id)


def run(session: SavedSession, model: ModelChoice) -> None:
    ContinuationTask(session, lambda: model).run(lambda _event: None)


def sound(session: SavedSession) -> np.ndarray:
    return to_int16(read_audio(sessions_dir() / session.journal / "sound.flac", RATE))


def test_the_rest_comes_into_the_same_session(
    canceled: SavedSession, model: ModelChoice, library: Library, talk: Path
) -> None:
    assert can_continue(canceled)
    assert len(sound(canceled)) == round(KILLED_S * RATE)
    run(canceled, model)
    (session,) = library.sessions()
    assert session.id == canceled.id
    assert session.state is SessionState.FINISHED
    assert not can_continue(session)
    lines = library.utterances(session.id)
    assert len(lines) == 4
    assert lines[-1].end_s > 18
    assert np.array_equal(sound(session), to_int16(read_audio(talk, RATE)))
    assert find_unfinished() == []
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.NOT_CANCELED)):
        run(session, model)


def test_canceled_again_it_goes_on_later_and_edited_lines_stay(
    canceled: SavedSession, model: ModelChoice, library: Library
) -> None:
    first = ContinuationTask(canceled, lambda: model)

    def stop(event: events.SessionEvent) -> None:
        if isinstance(event, events.FinalText):
            first.stop()

    first.run(stop)
    session = library.session(canceled.id)
    assert session.state is SessionState.FINISHED
    assert can_continue(session)
    library.apply(edit_line(library.utterances(session.id)[0], "Corrected."))
    run(session, model)
    lines = library.utterances(session.id)
    assert len(lines) == 4
    assert lines[0].text == "Corrected."


def test_a_file_that_is_gone_is_refused_and_nothing_changes(
    canceled: SavedSession, model: ModelChoice, library: Library, talk: Path
) -> None:
    talk.unlink()
    with pytest.raises(HistoryError, match=sentence(LibraryMessage.FILE_GONE, name="talk.wav")):
        run(canceled, model)
    assert library.session(canceled.id) == canceled
    assert find_unfinished() == []


def test_a_file_that_changed_is_refused_and_the_session_is_as_before(
    canceled: SavedSession, model: ModelChoice, library: Library, talk: Path
) -> None:
    before = sound(canceled)
    write(talk, to_int16(read_audio(WELCOME, RATE))[::-1])
    with pytest.raises(AudioError, match=sentence(RecordingMessage.NOT_THE_SAME_FILE)):
        run(canceled, model)
    assert library.session(canceled.id) == canceled
    assert np.array_equal(sound(canceled), before)
    assert find_unfinished() == []


def test_a_recording_that_was_deleted_cannot_go_on(
    canceled: SavedSession, model: ModelChoice, library: Library
) -> None:
    (sessions_dir() / canceled.journal / "sound.flac").unlink()
    with pytest.raises(AudioError):
        run(canceled, model)
    assert library.session(canceled.id) == canceled
