"""Recovery of an interrupted session for the window: polished, stopped, reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.real_session import demo_model

from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.app.session_tasks import RecoveryTask, find_interrupted
from granite_live.audio.files import open_audio
from granite_live.audio.journal import Journal, closed_record, find_unfinished
from granite_live.library import Library, SessionState
from granite_live.session import events
from granite_live.settings import Settings, save_settings
from granite_live.util.paths import demo_bundle_dir
from granite_live.util.pcm import to_int16

WELCOME = Path(__file__).parents[2] / "assets" / "samples" / "welcome.flac"


def model() -> ModelChoice:
    demo_model()
    return choose_model(ModelRequest(demo_bundle_dir(), "int8", "cpu"))


@pytest.fixture(autouse=True)
def _left() -> None:
    """Create a session of two utterances without texts."""
    journal = Journal.create()
    with open_audio(WELCOME) as file:
        for block in file.blocks(journal.sample_rate_hz):
            journal.append(to_int16(block))
    for number, (start_s, end_s) in enumerate(((0.3, 4.3), (17.3, 19.6)), start=1):
        samples = round(start_s * journal.sample_rate_hz), round(end_s * journal.sample_rate_hz)
        journal.append_record(closed_record(number, *samples))
    journal.close()


def test_it_gets_its_texts_as_the_settings_want_them() -> None:
    save_settings(Settings(replacements=(("window", "Window"),)))
    (left,) = find_interrupted()
    told: list[events.SessionEvent] = []
    outcome = RecoveryTask(left, model).run(told.append)
    assert outcome.session_id is not None
    assert outcome.utterances_without_text == 0
    with Library.open() as library:
        lines = library.utterances(outcome.session_id)
        assert library.session(outcome.session_id).state is SessionState.FINISHED
    assert "Window" in lines[0].text
    assert all(line.text[0].isupper() for line in lines)
    assert find_unfinished() == []


def test_stopped_it_can_be_recovered_later() -> None:
    (left,) = find_interrupted()
    run = RecoveryTask(left, model)
    run.stop()
    outcome = run.run(lambda _event: None)
    assert outcome.utterances_without_text > 0
    assert outcome.session_id is not None
    with Library.open() as library:
        assert library.session(outcome.session_id).state is SessionState.INTERRUPTED
    assert len(find_unfinished()) == 1
