"""Converts between table rows and records."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from granite_live.library.cleaning import clean
from granite_live.library.records import (
    NewUtterance,
    Session,
    SessionState,
    SourceKind,
    Utterance,
    UtteranceState,
)
from granite_live.library.words import packed
from granite_live.transcript.model import ModelInfo

Row = tuple[Any, ...]

UTTERANCE_COLUMNS = (
    "id, session_id, position, number, start_s, end_s, machine_text, edited_text, words, "
    "confidence, draft_text, state, reason"
)
SESSION_COLUMNS = """
    session.id, title, started_at, duration_s, source_kind, source, journal, model_path, tier,
    model, keep, session.state, sound_deleted, text_deleted,
    (SELECT count(*) FROM utterance WHERE session_id = session.id),
    (SELECT count(*) FROM utterance WHERE session_id = session.id AND state = 'failed'),
    coalesce((SELECT substr(text, 1, 120) FROM utterance
              WHERE session_id = session.id AND text <> '' ORDER BY position LIMIT 1), '')
"""

POSITION_STEP = 1 << 32
"""The distance between two utterances of the journal, enough to split off every word."""

_STATES = {state.value: state for state in UtteranceState}


def utterance_of(row: Row) -> Utterance:
    """Return the utterance in a row of `UTTERANCE_COLUMNS`."""
    id_, session_id, position, number, start_s, end_s, machine, edited, words, *rest = row
    confidence, draft_text, state, reason = rest
    # Positional arguments are faster: a long session has thousands of utterances.
    return Utterance(
        *(id_, session_id, position, number, start_s, end_s, machine, edited, words),
        *(confidence, draft_text, _STATES[state], reason),
    )


def row_of(utterance: Utterance) -> Row:
    """Return the row of an utterance."""
    one = utterance
    return (
        *(one.id, one.session_id, one.position, one.number, one.start_s, one.end_s),
        *(one.machine_text, one.edited_text, one.packed_words, one.confidence),
        *(one.draft_text, one.state.value, one.reason),
    )


def row_of_new(session_id: int, new: NewUtterance) -> Row:
    """Return the row of a new result; the database assigns its id."""
    return (
        *(None, session_id, new.number * POSITION_STEP, new.number, new.start_s, new.end_s),
        *(clean(new.text), None, packed(new.words), new.confidence),
        *(clean(new.draft_text), new.state.value, clean(new.reason)),
    )


def session_of(row: Row) -> Session:
    """Return the session in a row of `SESSION_COLUMNS`."""
    (id_, title, started, duration_s, kind, source, journal, model_path, tier, model, *rest) = row
    keep, state, sound_deleted, text_deleted, utterances, failed, excerpt = rest
    return Session(
        id=id_,
        title=title,
        started_at=datetime.fromisoformat(started),
        duration_s=duration_s,
        source_kind=SourceKind(kind),
        source=source,
        journal=journal,
        model_path=model_path,
        tier=tier,
        model=None if model is None else ModelInfo(**json.loads(model)),
        keep=keep,
        state=SessionState(state),
        sound_deleted=bool(sound_deleted),
        text_deleted=bool(text_deleted),
        utterances=utterances,
        failed=failed,
        excerpt=excerpt,
    )


def model_text(model: ModelInfo) -> str:
    """Return the stored form of a model's description."""
    return json.dumps(asdict(model), ensure_ascii=False)


def time_text(time: datetime) -> str:
    """Return the stored form of a time: in UTC, so that text order is time order.

    Raises:
        ValueError: The time has no time zone.
    """
    if time.tzinfo is None:
        raise ValueError(f"{time} does not know its time zone")
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
