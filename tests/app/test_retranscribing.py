"""A stored session is transcribed again from its own sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import sentence
from helpers.real_session import demo_model

from granite_live.app import factory
from granite_live.app.library_sync import sync_library
from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.app.retranscription import RetranscriptionTask
from granite_live.app.session_tasks import TaskResult
from granite_live.audio.files import open_audio
from granite_live.audio.journal import Journal, closed_record, sessions_dir
from granite_live.audio.journal.records import RECORDS_NAME
from granite_live.library import Library, SavedSession, SessionPart, SessionState
from granite_live.messages.journal import JournalMessage
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.settings import Settings, save_settings
from granite_live.transcript.polish import Polish
from granite_live.util.errors import AudioError, HistoryError
from granite_live.util.paths import demo_bundle_dir
from granite_live.util.pcm import to_int16

WELCOME = Path(__file__).parents[2] / "assets" / "samples" / "welcome.flac"
BOUNDS_S = ((0.3, 4.3), (17.3, 19.6))
"""Words of its first and its last sentence."""


@pytest.fixture
def model() -> ModelChoice:
    demo_model()
    return choose_model(ModelRequest(demo_bundle_dir(), "int8", "cpu"))


@pytest.fixture
def stored() -> SavedSession:
    """A finished session in the library with its sound; its texts come from another model."""
    return store()


def store(loudest: int = 32767) -> SavedSession:
    """Store the session, cut off at a sample value."""
    journal = Journal.create()
    with open_audio(WELCOME) as file:
        for block in file.blocks(journal.sample_rate_hz):
            journal.append(to_int16(block).clip(-loudest, loudest))
    for number, (start_s, end_s) in enumerate(BOUNDS_S, start=1):
        samples = round(start_s * journal.sample_rate_hz), round(end_s * journal.sample_rate_hz)
        journal.append_record(closed_record(number, *samples))
        final = events.FinalText(0.0, number, start_s, end_s, f"old {number}", (), 0.5, "")
        journal.append_record(events.to_json(final))
    journal.finish()
    with Library.open() as library:
        sync_library(library)
        (session,) = library.sessions()
    return session


def told_texts(told: list[events.SessionEvent]) -> dict[int, str]:
    return {one.utterance: one.text for one in told if isinstance(one, events.FinalText)}


def test_a_new_text_stands_beside_what_was_corrected(
    stored: SavedSession, model: ModelChoice
) -> None:
    told: list[events.SessionEvent] = []
    with Library.open() as library:
        before = library.utterances(stored.id)
        library.edit_text(before[0].id, "corrected by hand")
        run = RetranscriptionTask(stored, model, Polish(sentence_case=True))
        outcome = run.run(told.append)
        session_id = outcome.session_id
        assert session_id is not None
        again, lines = library.session(session_id), library.utterances(session_id)
        assert library.utterances(stored.id)[0].text == "corrected by hand"
    # Corrections appear in the new text too, and the new model's own text is kept beside them.
    assert lines[0].text == "corrected by hand"
    assert outcome.copied_corrections is not None
    assert [line.text for line in outcome.copied_corrections.after] == ["corrected by hand"]
    assert "window" in lines[0].machine_text
    assert "meeting" in lines[1].text
    assert all(line.machine_text[0].isupper() for line in lines)
    assert [(line.start_s, line.end_s) for line in lines] == [
        (line.start_s, line.end_s) for line in before
    ]
    assert told_texts(told) == {line.number: line.machine_text for line in lines}
    assert any(isinstance(one, events.ModelReady) for one in told)
    assert (again.state, again.journal) == (SessionState.FINISHED, stored.journal)
    assert again.started_at == stored.started_at
    assert again.model is not None
    assert (again.model.tier, again.model.is_demo) == ("int8", True)


def test_without_records_the_sound_is_cut_as_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scripted model takes the place of the real one: only the utterances matter."""
    monkeypatch.setattr(factory, "RECOGNIZER_FACTORY", "helpers.scripted_recognizers:load")
    scripted = ModelChoice(tmp_path, "scripted", None, ("int8",), is_demo=True)
    stored = store(loudest=100)  # the scripted model takes no sample for a word or an order
    (sessions_dir() / stored.journal / RECORDS_NAME).unlink()

    def utterances() -> int:
        told: list[events.SessionEvent] = []
        RetranscriptionTask(stored, scripted).run(told.append)
        return len({getattr(one, "utterance", None) for one in told} - {None})

    usual = utterances()
    save_settings(Settings(silence_ms=5_000))
    assert 0 < utterances() < usual


def test_stopped_it_leaves_nothing(stored: SavedSession, model: ModelChoice) -> None:
    run = RetranscriptionTask(stored, model)
    told: list[events.SessionEvent] = []

    def listen(event: events.SessionEvent) -> None:
        told.append(event)
        if isinstance(event, events.ModelReady):
            run.stop()

    assert run.run(listen) == TaskResult(None)
    before = RetranscriptionTask(stored, model)
    before.stop()
    assert before.run(told.append) == TaskResult(None)
    with Library.open() as library:
        assert [one.id for one in library.sessions()] == [stored.id]
        assert library.session(stored.id).utterances == stored.utterances


def test_without_sound_there_is_nothing_to_hear(stored: SavedSession, model: ModelChoice) -> None:
    for changed, message in (
        (
            replace(stored, state=SessionState.INTERRUPTED),
            LibraryMessage.SESSION_UNFINISHED,
        ),
        (replace(stored, sound_deleted=True), LibraryMessage.SOUND_DELETED_NOT_HEARD),
    ):
        with pytest.raises(HistoryError, match=sentence(message)):
            RetranscriptionTask(changed, model).run(lambda _event: None)
    (sessions_dir() / stored.journal / "sound.flac").unlink()
    with pytest.raises(AudioError, match=sentence(JournalMessage.SOUND_NOT_KEPT)):
        RetranscriptionTask(stored, model).run(lambda _event: None)
    with Library.open() as library:
        assert [one.id for one in library.sessions()] == [stored.id]
        library.delete_session(stored.id, SessionPart.BOTH)
