"""The utterance table: reads lines, stores results and applies changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from granite_live.library.records import Change, NewUtterance, Utterance, UtteranceState
from granite_live.library.rows import UTTERANCE_COLUMNS, row_of, row_of_new, utterance_of
from granite_live.util.errors import HistoryError

_SELECT = f"SELECT {UTTERANCE_COLUMNS} FROM utterance"
_INSERT = f"INSERT INTO utterance ({UTTERANCE_COLUMNS}) VALUES (?{', ?' * 12})"
_UPDATE = """
    UPDATE utterance SET position = ?3, number = ?4, start_s = ?5, end_s = ?6, machine_text = ?7,
        edited_text = ?8, words = ?9, confidence = ?10, draft_text = ?11, state = ?12, reason = ?13
    WHERE id = ?1 AND session_id = ?2
"""


def of_session(connection: sqlite3.Connection, session_id: int) -> tuple[Utterance, ...]:
    """Return a session's lines in order."""
    rows = connection.execute(f"{_SELECT} WHERE session_id = ? ORDER BY position", (session_id,))
    return tuple(map(utterance_of, rows))


def one(connection: sqlite3.Connection, utterance_id: int) -> Utterance:
    """Return a line.

    Raises:
        HistoryError: The id does not exist.
    """
    row = connection.execute(f"{_SELECT} WHERE id = ?", (utterance_id,)).fetchone()
    if row is None:
        raise HistoryError("This line is not there any more.")
    return utterance_of(row)


def following(connection: sqlite3.Connection, line: Utterance) -> Utterance | None:
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


def put(connection: sqlite3.Connection, session_id: int, new: NewUtterance) -> Utterance | None:
    """Store a result, replacing an earlier one; see `Library.put_utterance`.

    Raises:
        HistoryError: The session does not exist.
    """
    session = connection.execute(
        "SELECT text_deleted FROM session WHERE id = ?", (session_id,)
    ).fetchone()
    if session is None:
        raise HistoryError("The session is not in the list any more.")
    key = (session_id, new.number)
    settled = connection.execute(
        "SELECT 1 FROM settled WHERE session_id = ? AND number = ?", key
    ).fetchone()
    if settled or session[0]:
        return None
    row = connection.execute(f"{_SELECT} WHERE session_id = ? AND number = ?", key).fetchone()
    connection.execute(
        "UPDATE session SET duration_s = max(duration_s, ?) WHERE id = ?", (new.end_s, session_id)
    )
    if row is None:
        cursor = connection.execute(_INSERT, row_of_new(session_id, new))
        return one(connection, int(cursor.lastrowid or 0))
    old = utterance_of(row)
    if old.state is UtteranceState.FINAL:
        return None
    connection.execute(_UPDATE, _renewed(old, new))
    return one(connection, old.id)


def _renewed(old: Utterance, new: NewUtterance) -> tuple[object, ...]:
    """Return the row of `old` with the result `new`. The user's edit is kept."""
    before, row = row_of(old), row_of_new(old.session_id, new)
    if new.state is UtteranceState.FAILED:
        # Keep the draft rather than no text.
        return (*before[:11], *row[11:])
    return (*before[:4], *row[4:7], old.edited_text, *row[8:])


def apply(connection: sqlite3.Connection, change: Change) -> None:
    """Apply a change if the lines still match its `before`.

    Raises:
        HistoryError: The lines differ; nothing is changed.
    """
    before = {line.id: line for line in change.before}
    after = {line.id: line for line in change.after}
    for line in change.before:
        if one(connection, line.id) != line:
            raise HistoryError("This line has changed since: the step cannot be made any more.")
    gone = [(line.id,) for line in change.before if line.id not in after]
    connection.executemany("DELETE FROM utterance WHERE id = ?", gone)
    connection.executemany(_UPDATE, [row_of(line) for line in change.after if line.id in before])
    connection.executemany(
        _INSERT, [row_of(line) for line in change.after if line.id not in before]
    )
    _settle(connection, change)


def _settle(connection: sqlite3.Connection, change: Change) -> None:
    had, has = _numbers(change.before), _numbers(change.after)
    connection.executemany(
        "INSERT OR IGNORE INTO settled (session_id, number) VALUES (?, ?)",
        [(change.session_id, number) for number in had - has],
    )
    connection.executemany(
        "DELETE FROM settled WHERE session_id = ? AND number = ?",
        [(change.session_id, number) for number in has - had],
    )


def _numbers(lines: Sequence[Utterance]) -> set[int]:
    return {line.number for line in lines if line.number is not None}
