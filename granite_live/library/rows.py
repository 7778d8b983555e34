"""Rows of the library's tables as objects and back, and the utterances' table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from granite_live.library.records import (
    LineChange,
    NewUtterance,
    SavedSession,
    SavedUtterance,
    SessionState,
    SourceKind,
    UtteranceState,
    clean_text,
    pack_words,
)
from granite_live.messages import decoded, encoded
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import ModelInfo, Track
from granite_live.util.errors import HistoryError

Row = tuple[Any, ...]

UTTERANCE_COLUMNS = (
    "id, session_id, position, number, start_s, end_s, machine_text, edited_text, words, "
    "confidence, draft_text, state, reason, track, speaker"
)
SESSION_COLUMNS = """
    session.id, title, started_at, duration_s, source_kind, source, journal, model_path, tier,
    model, keep, session.state, sound_deleted, text_deleted, notes,
    (SELECT count(*) FROM utterance WHERE session_id = session.id),
    (SELECT count(*) FROM utterance WHERE session_id = session.id AND state = 'failed'),
    coalesce((SELECT substr(text, 1, 120) FROM utterance
              WHERE session_id = session.id AND text <> '' ORDER BY position LIMIT 1), '')
"""

POSITION_STEP = 1 << 32
"""The distance between two utterances of the journal, enough to split off every word."""
_PLACES_PER_S = 1_000

_STATES = {state.value: state for state in UtteranceState}


def utterance_of(row: Row) -> SavedUtterance:
    """Return the utterance in a row of `UTTERANCE_COLUMNS`."""
    id_, session_id, position, number, start_s, end_s, machine, edited, words, *rest = row
    confidence, draft_text, state, reason, track, speaker = rest
    # Positional arguments are faster: a long session has thousands of utterances.
    return SavedUtterance(
        *(id_, session_id, position, number, start_s, end_s, machine, edited, words),
        *(confidence, draft_text, _STATES[state], reason, track, speaker),
    )


def row_of(utterance: SavedUtterance) -> Row:
    """Return the row of an utterance."""
    one = utterance
    return (
        *(one.id, one.session_id, one.position, one.number, one.start_s, one.end_s),
        *(one.machine_text, one.edited_text, one.packed_words, one.confidence),
        *(one.draft_text, one.state.value, one.reason, one.track, one.speaker),
    )


def row_of_new(session_id: int, position: int, new: NewUtterance, speaker: str) -> Row:
    """Return the row of a new result; the database assigns its id."""
    return (
        *(None, session_id, position, new.number, new.start_s, new.end_s),
        *(clean_text(new.text), None, pack_words(new.words), new.confidence),
        *(clean_text(new.draft_text), new.state.value, clean_text(new.reason), new.track, speaker),
    )


def session_of(row: Row) -> SavedSession:
    """Return the session in a row of `SESSION_COLUMNS`."""
    (id_, title, started, duration_s, kind, source, journal, model_path, tier, model, *rest) = row
    keep, state, sound_deleted, text_deleted, notes, utterances, failed, excerpt = rest
    return SavedSession(
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
        notes=notes_of(notes),
        utterances=utterances,
        failed=failed,
        excerpt=excerpt,
    )


def notes_text(notes: str) -> str:
    """Return the stored form of a message, which keeps its code and its arguments."""
    return json.dumps(encoded(notes)) if notes else ""


def notes_of(stored: str) -> str:
    """Return the message in its stored form."""
    return str(decoded(json.loads(stored))) if stored else ""


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


_SELECT = f"SELECT {UTTERANCE_COLUMNS} FROM utterance"
_INSERT = f"INSERT INTO utterance ({UTTERANCE_COLUMNS}) VALUES (?{', ?' * 14})"
_UPDATE = """
    UPDATE utterance SET position = ?, number = ?, start_s = ?, end_s = ?, machine_text = ?,
        edited_text = ?, words = ?, confidence = ?, draft_text = ?, state = ?, reason = ?,
        track = ?, speaker = ?
    WHERE id = ? AND session_id = ?
"""
_PLACE_OF_RESULT = """
    SELECT
        source_kind,
        text_deleted OR EXISTS
            (SELECT 1 FROM settled WHERE session_id = session.id AND number = ?),
        (SELECT id FROM utterance WHERE session_id = session.id AND number = ?)
    FROM session WHERE id = ?
"""
"""The source of a session, whether it takes no result of this number, and the line that has one."""


def _values_of_update(row: Sequence[object]) -> tuple[object, ...]:
    """Return a row, which begins with id and session id, in the order of `_UPDATE`."""
    return (*row[2:], *row[:2])


def of_session(connection: sqlite3.Connection, session_id: int) -> tuple[SavedUtterance, ...]:
    """Return a session's lines in order."""
    rows = connection.execute(f"{_SELECT} WHERE session_id = ? ORDER BY position", (session_id,))
    return tuple(map(utterance_of, rows))


def one(connection: sqlite3.Connection, utterance_id: int) -> SavedUtterance:
    """Return a line.

    Raises:
        HistoryError: The id does not exist.
    """
    row = connection.execute(f"{_SELECT} WHERE id = ?", (utterance_id,)).fetchone()
    if row is None:
        raise HistoryError(LibraryMessage.LINE_GONE())
    return utterance_of(row)


def following(connection: sqlite3.Connection, line: SavedUtterance) -> SavedUtterance | None:
    """Return the next line of the session, None if `line` is the last."""
    row = connection.execute(
        f"{_SELECT} WHERE session_id = ? AND position > ? ORDER BY position LIMIT 1",
        (line.session_id, line.position),
    ).fetchone()
    return None if row is None else utterance_of(row)


def next_id(connection: sqlite3.Connection) -> int:
    """Return an unused id. Call it inside the transaction that uses the id."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'utterance'").fetchone()
    return int(row[0]) + 1 if row else 1


def put(connection: sqlite3.Connection, session_id: int, new: NewUtterance) -> int | None:
    """Store a result, replacing an earlier one; see `Library.put_utterance`.

    Return the id of its line, None if nothing is stored.

    Raises:
        HistoryError: The session does not exist.
    """
    found = connection.execute(_PLACE_OF_RESULT, (new.number, new.number, session_id)).fetchone()
    if found is None:
        raise HistoryError(LibraryMessage.SESSION_GONE())
    kind, is_settled, old_id = found
    if is_settled:
        return None
    connection.execute(
        "UPDATE session SET duration_s = max(duration_s, ?) WHERE id = ?", (new.end_s, session_id)
    )
    if old_id is None:
        position = _new_position(connection, session_id, new, SourceKind(kind))
        speaker = _speaker_before(connection, session_id, new.track, position)
        cursor = connection.execute(_INSERT, row_of_new(session_id, position, new, speaker))
        return int(cursor.lastrowid or 0)
    old = one(connection, old_id)
    if old.state is UtteranceState.FINAL:
        return None
    connection.execute(_UPDATE, _values_of_update(_renewed(old, new)))
    return old.id


def _renewed(old: SavedUtterance, new: NewUtterance) -> tuple[object, ...]:
    """Return the row of `old` with the result `new`. The user's edit and speaker are kept."""
    before, row = row_of(old), row_of_new(old.session_id, old.position, new, old.speaker)
    if new.state is UtteranceState.FAILED:
        # Keep the draft rather than no text.
        return (*before[:11], *row[11:])
    return (*before[:4], *row[4:7], old.edited_text, *row[8:])


def _new_position(
    connection: sqlite3.Connection, session_id: int, new: NewUtterance, kind: SourceKind
) -> int:
    """Return the sort key of a new result: by its number, in a meeting by its start.

    The two tracks of a meeting are segmented independently, so that a number says little about
    which line began first.
    """
    place = new.number
    if kind is SourceKind.MEETING:
        place = round(new.start_s * _PLACES_PER_S) * len(Track) + new.track
    taken = "SELECT 1 FROM utterance WHERE session_id = ? AND position = ?"
    while connection.execute(taken, (session_id, place * POSITION_STEP)).fetchone():
        place += 1
    return place * POSITION_STEP


def _speaker_before(
    connection: sqlite3.Connection, session_id: int, track: int, position: int
) -> str:
    """Return the speaker of the last line of the track before this position: who still speaks."""
    row = connection.execute(
        "SELECT speaker FROM utterance WHERE session_id = ? AND track = ? AND position < ? "
        "ORDER BY position DESC LIMIT 1",
        (session_id, track, position),
    ).fetchone()
    return "" if row is None else str(row[0])


def with_later_lines(connection: sqlite3.Connection, change: LineChange) -> LineChange:
    """Return a change of speakers with the newer lines that took over a speaker it changes."""
    if change.last_id is None:
        return change
    after = {line.id: line.speaker for line in change.after}
    changed = {line.id for line in change.before}
    taken_over: dict[int, tuple[str, str]] = {}
    """By track, the speaker of newer lines that follow here, and the one that they get."""
    later, named = [], []
    for line in of_session(connection, change.session_id):
        old, new = taken_over.get(line.track, (None, ""))
        if line.id in changed:
            taken_over[line.track] = line.speaker, after[line.id]
        elif line.id > change.last_id and line.speaker == old:
            later.append(line)
            named.append(replace(line, speaker=new))
        else:
            taken_over.pop(line.track, None)  # newer lines took over the speaker of this one
    return replace(change, before=(*change.before, *later), after=(*change.after, *named))


def apply(connection: sqlite3.Connection, change: LineChange) -> None:
    """Apply a change if the lines still match its `before`.

    Raises:
        HistoryError: The lines differ; nothing is changed.
    """
    before = {line.id: line for line in change.before}
    after = {line.id: line for line in change.after}
    for line in change.before:
        if one(connection, line.id) != line:
            raise HistoryError(LibraryMessage.LINE_CHANGED())
    gone = [(line.id,) for line in change.before if line.id not in after]
    connection.executemany("DELETE FROM utterance WHERE id = ?", gone)
    connection.executemany(
        _UPDATE, [_values_of_update(row_of(line)) for line in change.after if line.id in before]
    )
    connection.executemany(
        _INSERT, [row_of(line) for line in change.after if line.id not in before]
    )
    _settle(connection, change)


def _settle(connection: sqlite3.Connection, change: LineChange) -> None:
    had, has = _numbers(change.before), _numbers(change.after)
    connection.executemany(
        "INSERT OR IGNORE INTO settled (session_id, number) VALUES (?, ?)",
        [(change.session_id, number) for number in had - has],
    )
    connection.executemany(
        "DELETE FROM settled WHERE session_id = ? AND number = ?",
        [(change.session_id, number) for number in has - had],
    )


def _numbers(lines: Sequence[SavedUtterance]) -> set[int]:
    return {line.number for line in lines if line.number is not None}
