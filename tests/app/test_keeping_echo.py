"""What the microphone picks up from the loudspeakers is transcribed only if the user wants it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from granite_live.app import factory
from granite_live.app.factory import SessionSettings, echo_remover
from granite_live.app.library_sync import sync_library
from granite_live.app.models import ModelChoice
from granite_live.app.retranscription import RetranscriptionTask
from granite_live.audio.echo import remove_echo
from granite_live.audio.journal import Journal, closed_record
from granite_live.cli.live_commands import recover_sessions
from granite_live.cli.signals import StopRequest
from granite_live.library import Library, SavedSession
from granite_live.settings import Settings
from granite_live.transcript.model import Track

RATE_HZ = 16_000
RUN_SAMPLES = 400


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelChoice:
    """Return a scripted model, which writes a word for each run of equal samples above 100."""
    monkeypatch.setattr(factory, "RECOGNIZER_FACTORY", "helpers.scripted_recognizers:load")
    return ModelChoice(tmp_path, "scripted", None, ("int8",), is_demo=True)


def echoing_journal() -> Journal:
    """Return the journal of a meeting whose microphone hears only the loudspeakers."""
    values = np.random.default_rng(3).integers(-20, 20, 5 * RATE_HZ // RUN_SAMPLES)
    played = np.repeat((200 * values).astype(np.int16), RUN_SAMPLES)
    heard = np.concatenate([np.zeros(RATE_HZ // 20, np.int16), played // 2])[: len(played)]
    journal = Journal.create(system_source="Loudspeakers")
    journal.append(heard, Track.MICROPHONE)
    journal.append(played, Track.SYSTEM)
    for number, track in ((1, Track.MICROPHONE), (2, Track.SYSTEM)):
        journal.append_record(closed_record(number, 4 * RATE_HZ, 5 * RATE_HZ, track))
    return journal


def texts_of(session_id: int) -> dict[int | None, str]:
    """Return the lines' texts by their number."""
    with Library.open() as library:
        return {one.number: one.text for one in library.utterances(session_id) if one.text}


def retranscribed(
    session: SavedSession, model: ModelChoice, *, keep_echo: bool
) -> dict[int | None, str]:
    done = RetranscriptionTask(session, model, keep_echo=keep_echo).run(lambda _event: None)
    assert done.session_id is not None
    return texts_of(done.session_id)


def test_a_session_is_transcribed_again_with_its_echo_or_without(model: ModelChoice) -> None:
    echoing_journal().finish()
    with Library.open() as library:
        sync_library(library)
        (session,) = library.sessions()
    assert set(retranscribed(session, model, keep_echo=False)) == {2}
    kept = retranscribed(session, model, keep_echo=True)
    assert set(kept) == {1, 2}


def test_the_recovery_keeps_the_echo_if_it_is_asked_to(model: ModelChoice) -> None:
    echoing_journal().close()
    out, err = io.StringIO(), io.StringIO()
    assert not recover_sessions(
        model.spec, Settings(), None, StopRequest(), out, err, keep_echo=True
    )
    assert len(out.getvalue().splitlines()) == 2, err.getvalue()


def test_the_setting_decides_for_every_session() -> None:
    assert echo_remover(SessionSettings.of(Settings())) is remove_echo
    assert echo_remover(SessionSettings.of(Settings(keep_echo=True))) is None
