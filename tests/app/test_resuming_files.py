"""A file whose transcription was killed is resumed: the rest is read and transcribed."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence
from helpers.real_session import demo_model

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.app.session_tasks import InterruptedSession, RecoveryTask
from granite_live.app.sessions import SessionRequest, session_resume_key
from granite_live.audio.files import read_audio
from granite_live.audio.journal import Journal, closed_record, find_unfinished
from granite_live.audio.source import Origin, OriginKind
from granite_live.library import Library, SessionState
from granite_live.messages.recording import RecordingMessage
from granite_live.messages.session import SessionMessage
from granite_live.settings import Settings, load_settings, save_settings
from granite_live.util.paths import demo_bundle_dir
from granite_live.util.pcm import to_int16

RATE = 16_000
KILLED_S = 5.0


@pytest.fixture
def model() -> ModelChoice:
    demo_model()
    return choose_model(ModelRequest(demo_bundle_dir(), "int8", "cpu"))


class TheEngine(Engine):
    """The real engine with the demo model."""

    def default_model(self) -> ModelChoice:
        return choose_model(ModelRequest(demo_bundle_dir(), "int8", "cpu"))


@pytest.fixture
def talk(two_sentences: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(two_sentences, tmp_path / "talk.wav"))


def write(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


def leave(talk: Path, model: ModelChoice) -> Journal:
    """Create what a kill leaves after the first seconds of the file were read."""
    key = session_resume_key(SessionRequest(file=talk), model, load_settings())
    journal = Journal.create(origin=Origin(OriginKind.FILE, str(talk)), resume_key=key)
    sound = to_int16(read_audio(talk, RATE))
    journal.append(sound[: round(KILLED_S * RATE)])
    journal.append_record(closed_record(1, round(0.3 * RATE), round(4.3 * RATE)))
    journal.close()
    with journal_sound(journal).open("ab") as file:
        file.write(b"\x07")  # half a sample: the kill came in the middle of a write
    return journal


def journal_sound(journal: Journal) -> Path:
    return journal.path / "sound.pcm"


def found(talk: Path) -> InterruptedSession:
    one = TheEngine().interrupted_file(SessionRequest(file=talk))
    assert one is not None
    return one


def test_the_rest_of_the_file_is_read_and_transcribed(talk: Path, model: ModelChoice) -> None:
    journal = leave(talk, model)
    outcome = RecoveryTask(found(talk), lambda: model).run(lambda _event: None)
    assert (outcome.utterances_without_text, outcome.detail) == (0, "")
    assert outcome.session_id is not None
    with Library.open() as library:
        lines = library.utterances(outcome.session_id)
        assert library.session(outcome.session_id).state is SessionState.FINISHED
    assert len(lines) == 2
    assert lines[-1].end_s > 8
    whole = to_int16(read_audio(talk, RATE))
    kept = to_int16(read_audio(journal.path / "sound.flac", RATE))
    assert np.array_equal(kept, whole)
    assert find_unfinished() == []


def test_stopped_in_the_middle_it_goes_on_later(talk: Path, model: ModelChoice) -> None:
    leave(talk, model)
    run = RecoveryTask(found(talk), lambda: model)
    run.stop()
    assert run.run(lambda _event: None).utterances_without_text
    outcome = RecoveryTask(found(talk), lambda: model).run(lambda _event: None)
    assert outcome.session_id is not None
    with Library.open() as library:
        assert len(library.utterances(outcome.session_id)) == 2


@pytest.mark.parametrize("change", ["sound", "settings", "track", "other"])
def test_another_recording_or_other_options_begin_anew(
    talk: Path, model: ModelChoice, change: str
) -> None:
    leave(talk, model)
    wanted = SessionRequest(file=talk)
    if change == "sound":
        write(talk, to_int16(read_audio(talk, RATE))[::-1])
    elif change == "settings":
        save_settings(Settings(silence_ms=900))
    elif change == "track":
        wanted = SessionRequest(file=talk, audio_track=1)
    else:
        write(talk.with_name("other.wav"), np.zeros(RATE, np.int16))
        wanted = SessionRequest(file=talk.with_name("other.wav"))
    assert TheEngine().interrupted_file(wanted) is None


def test_a_file_that_is_gone_is_told(talk: Path, model: ModelChoice) -> None:
    leave(talk, model)
    left = found(talk)
    talk.unlink()
    outcome = RecoveryTask(left, lambda: model).run(lambda _event: None)
    assert outcome.detail == SessionMessage.FILE_VANISHED(name="talk.wav", end="0:05")
    assert outcome.session_id is not None


def test_sound_that_differs_is_not_joined(talk: Path, model: ModelChoice) -> None:
    journal = leave(talk, model)
    left = found(talk)
    with journal_sound(journal).open("r+b") as file:
        file.seek(20_000)
        file.write(b"\x55" * 8)
    with pytest.raises(Exception, match=sentence(RecordingMessage.NOT_THE_SAME_FILE)):
        RecoveryTask(left, lambda: model).run(lambda _event: None)
    assert (
        TheEngine().interrupted_file(SessionRequest(file=talk)) is None
    )  # Opened again, the file begins anew.
