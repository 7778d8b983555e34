"""A file has the same text whether it is dropped on the window or given to `transcribe`."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.real_session import demo_model

from granite_live.app.engine import Engine
from granite_live.app.factory import SessionSettings, load_worker_recognizer, make_segmenter
from granite_live.app.file_transcription import FileTranscriber, open_recording
from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.app.sessions import SessionRequest
from granite_live.session.events import FinalText, SessionEvent
from granite_live.settings import Settings, save_settings
from granite_live.transcript.model import RecordingTranscript, Transcript
from granite_live.util.paths import assets_dir, demo_bundle_dir


class DemoEngine(Engine):
    """The real engine with the demo model."""

    def default_model(self) -> ModelChoice:
        return choose_model(ModelRequest(demo_bundle_dir(), "int8", "cpu"))


@pytest.mark.soak
def test_a_dropped_conversation_and_the_command_give_the_same_lines() -> None:
    check_same_lines(assets_dir() / "samples" / "conversation.flac")


def test_a_dropped_file_and_the_command_give_the_same_lines(two_sentences: Path) -> None:
    check_same_lines(two_sentences)


def check_same_lines(path: Path) -> None:
    settings = Settings(silence_ms=500, replacements=(("the", "THE"),))
    save_settings(settings)
    lines = dropped(path)
    chosen = SessionSettings.of(settings)
    delivered: list[RecordingTranscript] = []
    with load_worker_recognizer(demo_model()) as recognizer, open_recording(path) as audio:
        transcriber = FileTranscriber(
            recognizer, lambda: make_segmenter(chosen), polish=chosen.polish
        )
        transcriber.transcribe(audio, deliver=delivered.append)
    spoken = [one for one in delivered[0].utterances if one.text]
    assert [shown(one) for one in lines] == [shown(one) for one in spoken]
    assert any("THE" in one.text for one in lines)


def shown(line: FinalText | Transcript) -> tuple[object, ...]:
    """Return a line with its times in samples, because sums of seconds differ in their last bit."""
    words = [(one.text, samples(one.start_s), samples(one.end_s)) for one in line.words]
    return line.text, samples(line.start_s), samples(line.end_s), words


def samples(time_s: float) -> int:
    return round(time_s * 16_000)


def dropped(path: Path) -> list[FinalText]:
    """Return the lines of a session of this file."""
    events: list[SessionEvent] = []
    running = DemoEngine().start_session(SessionRequest(file=path), events.append)
    assert running.join()
    return [one for one in events if isinstance(one, FinalText) and one.text]
