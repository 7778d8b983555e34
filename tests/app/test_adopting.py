"""At the start, the library takes over what the journals hold."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from helpers.model_fakes import make_model_info, make_words

from granite_live.app.library_sync import apply_library_retention, sync_library
from granite_live.audio.journal import Journal, closed_record, find_unfinished
from granite_live.audio.journal.retention import delete_texts
from granite_live.audio.source import Origin, OriginKind
from granite_live.library import (
    Library,
    NewSession,
    SessionPart,
    SessionState,
    SourceKind,
    UtteranceState,
)
from granite_live.messages import Message, encoded
from granite_live.messages.recording import RecordingMessage
from granite_live.session import events
from granite_live.settings import Keep, Retention
from granite_live.transcript.polish import Polish

LONG_AGO = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def final(number: int, text: str) -> events.FinalText:
    words = make_words(text, 1.0 * number, number + 0.5)
    return events.FinalText(0.0, number, 1.0 * number, number + 0.5, text, words, 0.8, "draft")


def recorded(
    *texts: str,
    started: datetime | None = None,
    keep: str | None = None,
    origin: Origin | None = None,
) -> Journal:
    """Return an open journal with these texts and four seconds of noise."""
    journal = Journal.create(started=started, keep=keep, origin=origin)
    journal.append(np.random.default_rng(0).integers(-99, 99, 64_000, dtype=np.int16))
    journal.append_record({"event": "model", **asdict(make_model_info())})
    for number, text in enumerate(texts, start=1):
        journal.append_record(closed_record(number, number * 16_000, number * 16_000 + 8_000))
        journal.append_record(events.to_json(final(number, text)))
    return journal


def listed(library: Library, journal: Journal) -> int:
    new = NewSession(journal.started, SourceKind.MICROPHONE, journal=journal.path.name)
    return library.create_session(new)


def texts(library: Library, session_id: int) -> list[str]:
    return [line.text for line in library.utterances(session_id)]


def test_a_session_that_nobody_runs_any_more_is_interrupted(library: Library) -> None:
    journal = recorded("one", "two")
    session_id = listed(library, journal)
    # The program was killed after the journal's record and before the library's.
    journal.append_record(
        events.to_json(events.TranscriptionFailed(0.0, 3, 3.0, 3.5, 3, "It died."))
    )
    assert sync_library(library) == 0
    assert library.session(session_id).state is SessionState.RUNNING
    journal.close()
    assert sync_library(library) == 1
    session = library.session(session_id)
    assert (session.state, session.model) == (SessionState.INTERRUPTED, make_model_info())
    lines = library.utterances(session_id)
    assert [(line.text, line.state) for line in lines] == [
        ("one", UtteranceState.FINAL),
        ("two", UtteranceState.FINAL),
        ("", UtteranceState.FAILED),
    ]
    assert lines[0].words == final(1, "one").words
    assert (lines[0].confidence, lines[0].draft_text, lines[2].reason) == (0.8, "draft", "It died.")
    assert sync_library(library) == 0
    assert [one.path for one in find_unfinished()] == [journal.path]


def test_one_whose_journal_was_finished_is_finished(library: Library) -> None:
    journal = recorded("one")
    session_id = listed(library, journal)
    journal.finish()
    assert sync_library(library) == 1
    assert library.session(session_id).state is SessionState.FINISHED
    assert texts(library, session_id) == ["one"]


def test_one_without_a_journal_is_finished(library: Library) -> None:
    new = NewSession(LONG_AGO, SourceKind.MICROPHONE, journal="2026-01-02_03-04-00")
    session_id = library.create_session(new)
    assert sync_library(library) == 1
    assert library.session(session_id).state is SessionState.FINISHED


def test_a_second_transcription_that_was_killed_is_dropped(library: Library) -> None:
    journal = recorded("one")
    first = listed(library, journal)
    journal.finish()
    sync_library(library)
    listed(library, journal)
    assert sync_library(library) == 1
    assert [one.id for one in library.sessions()] == [first]


@pytest.mark.parametrize("is_of_today", [True, False])
def test_what_is_to_say_about_a_recording_is_added(library: Library, is_of_today: bool) -> None:
    notes = RecordingMessage.CHANNEL_USED(
        name="'talk.mkv'",
        channel=RecordingMessage.CHANNEL(channel=RecordingMessage.LEFT()),
        reason=RecordingMessage.OTHER_CHANNELS_SILENT(),
    )
    journal = recorded("one", origin=Origin(OriginKind.FILE, "/a/talk.mkv"))
    message = {"message": encoded(notes)} if is_of_today else {}
    journal.append_record({"event": "source_ended", "detail": str(notes)[:], **message})
    journal.finish()
    sync_library(library)
    kept = library.sessions()[0].notes
    assert kept == notes
    assert isinstance(kept, Message) is is_of_today


def test_what_the_command_line_recorded_is_added_once(library: Library) -> None:
    recorded("one", keep="7-days").finish()
    running = recorded("still going")
    assert sync_library(library) == 1
    (session,) = library.sessions()
    assert (session.state, session.keep) == (SessionState.FINISHED, "7-days")
    assert texts(library, session.id) == ["one"]
    assert sync_library(library) == 0
    running.close()


@pytest.mark.parametrize(
    ("origin", "want"),
    [
        (None, (SourceKind.MICROPHONE, "", "")),
        (Origin(OriginKind.SYSTEM, "Speakers"), (SourceKind.SYSTEM, "Speakers", "")),
        (
            Origin(OriginKind.FILE, "/talks/on snails.mp3"),
            (SourceKind.FILE, "/talks/on snails.mp3", "on snails"),
        ),
    ],
)
def test_where_its_sound_came_from_is_known(
    library: Library, origin: Origin | None, want: tuple[SourceKind, str, str]
) -> None:
    recorded("one", origin=origin).finish()
    assert sync_library(library) == 1
    (session,) = library.sessions()
    assert (session.source_kind, session.source, session.title) == want


def test_what_is_taken_up_is_polished_and_the_journal_is_not(library: Library) -> None:
    journal = recorded("so granite life hears me")
    journal.close()
    polish = Polish((("granite life", "Granite Live"),), sentence_case=True)
    assert sync_library(library, polish) == 1
    (session,) = library.sessions()
    (line,) = library.utterances(session.id)
    assert line.text == "So Granite Live hears me"
    assert " ".join(word.text for word in line.words) == line.text
    assert line.draft_text == "draft"
    assert "so granite life" in (journal.path / "events.jsonl").read_text("utf-8")


def test_damaged_records_are_passed_over(library: Library) -> None:
    journal = recorded("one")
    bad = [
        {"event": "final"},
        {**events.to_json(final(5, "five")), "start_s": float("nan")},
        {**events.to_json(final(6, "six")), "words": [{"text": "six"}]},
        {"event": "model", "path": 3},
    ]
    for record in bad:
        journal.append_record(json.loads(json.dumps(record)))
    journal.close()
    assert sync_library(library) == 1
    (session,) = library.sessions()
    assert texts(library, session.id) == ["one"]


def test_the_library_follows_what_retention_has_taken(library: Library) -> None:
    old = recorded("old", started=LONG_AGO)
    old.finish()
    kept = recorded("kept", started=LONG_AGO + timedelta(seconds=1), keep="all")
    sound = kept.finish()
    new = recorded("new")
    new.finish()
    sync_library(library)
    now = datetime.now(UTC)
    assert apply_library_retention(library, Retention(Keep.ALL), now) == 0
    assert apply_library_retention(library, Retention(Keep.DAYS, 30), now) == 1
    assert [one.excerpt for one in library.sessions()] == ["new", "kept"]
    assert sound is not None
    sound.unlink()
    assert apply_library_retention(library, Retention(Keep.ALL), now) == 1
    assert [one.sound_deleted for one in library.sessions()] == [False, True]


def test_deleted_texts_do_not_come_back_from_the_journal(library: Library) -> None:
    journal = recorded("secret words", "more of them")
    assert not delete_texts(journal.path)
    journal.close()
    assert not delete_texts(journal.path)
    from granite_live.audio.journal import open_for_recovery

    open_for_recovery(journal.path).finish()
    sync_library(library)
    (session,) = library.sessions()
    assert delete_texts(journal.path)
    library.delete_session(session.id, SessionPart.TEXT)
    left = b"".join(path.read_bytes() for path in journal.path.iterdir() if path.suffix != ".flac")
    assert b"secret" not in left
    assert b"utterance_closed" in left
    assert sorted(path.name for path in journal.path.iterdir()) == [
        *("events.jsonl", "lock", "sound.flac"),
    ]
    (journal.path / "sound.flac").unlink()
    assert delete_texts(journal.path)
    assert not journal.path.exists()
    assert delete_texts(journal.path)
