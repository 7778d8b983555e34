"""The sessions' table, and full-text search."""

from __future__ import annotations

import re
import sqlite3

from granite_live.library.records import (
    NewSession,
    SavedSession,
    SearchHit,
    SessionPart,
    SessionState,
    clean_text,
)
from granite_live.library.rows import SESSION_COLUMNS, model_text, notes_text, session_of, time_text
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import ModelInfo
from granite_live.util.errors import HistoryError

_SELECT = f"SELECT {SESSION_COLUMNS} FROM session"


def create(connection: sqlite3.Connection, new: NewSession) -> int:
    """Store a new session as running; return its id."""
    texts = map(clean_text, (new.title, new.source, new.journal, new.model_path))
    title, source, journal, model_path = texts
    cursor = connection.execute(
        """
        INSERT INTO session
            (title, started_at, source_kind, source, journal, model_path, tier, keep, state)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(title.strip(), time_text(new.started_at), new.source_kind.value, source, journal),
            *(model_path, new.tier, new.keep, SessionState.RUNNING.value),
        ),
    )
    return int(cursor.lastrowid or 0)


def get_session(connection: sqlite3.Connection, session_id: int) -> SavedSession:
    """Return a session.

    Raises:
        HistoryError: The id does not exist.
    """
    row = connection.execute(f"{_SELECT} WHERE session.id = ?", (session_id,)).fetchone()
    if row is None:
        raise _missing()
    return session_of(row)


def all_sessions(connection: sqlite3.Connection) -> tuple[SavedSession, ...]:
    """Return the sessions, newest first."""
    rows = connection.execute(f"{_SELECT} ORDER BY started_at DESC, session.id DESC")
    return tuple(map(session_of, rows))


def rename(connection: sqlite3.Connection, session_id: int, title: str) -> str:
    """Set a session's title; return the previous one."""
    row = connection.execute("SELECT title FROM session WHERE id = ?", (session_id,)).fetchone()
    if row is None:
        raise _missing()
    connection.execute(
        "UPDATE session SET title = ? WHERE id = ?", (clean_text(title).strip(), session_id)
    )
    return str(row[0])


def set_state(
    connection: sqlite3.Connection,
    session_id: int,
    state: SessionState,
    duration_s: float | None,
) -> None:
    """Store a session's state and, unless None, its duration."""
    _changed_one(
        connection.execute(
            "UPDATE session SET state = ?, duration_s = coalesce(?, duration_s) WHERE id = ?",
            (state.value, duration_s, session_id),
        )
    )


def set_model(connection: sqlite3.Connection, session_id: int, model: ModelInfo) -> None:
    """Store the model that runs."""
    _changed_one(
        connection.execute(
            "UPDATE session SET model = ?, model_path = ?, tier = ? WHERE id = ?",
            (model_text(model), clean_text(model.path), model.tier, session_id),
        )
    )


def set_notes(connection: sqlite3.Connection, session_id: int, notes: str) -> None:
    """Store what is to say about the session's recording."""
    _changed_one(
        connection.execute(
            "UPDATE session SET notes = ? WHERE id = ?", (notes_text(notes), session_id)
        )
    )


def delete(connection: sqlite3.Connection, session_id: int, part: SessionPart) -> None:
    """Delete a part of a session; remove the session when no part is left.

    Raises:
        HistoryError: The session is running, or the id does not exist.
    """
    session = get_session(connection, session_id)
    if session.state is SessionState.RUNNING:
        raise HistoryError(LibraryMessage.SESSION_RUNNING())
    is_last = session.sound_deleted if part is SessionPart.TEXT else session.text_deleted
    if part is SessionPart.BOTH or is_last:
        connection.execute("DELETE FROM session WHERE id = ?", (session_id,))
    elif part is SessionPart.TEXT:
        connection.execute("DELETE FROM utterance WHERE session_id = ?", (session_id,))
        connection.execute("DELETE FROM settled WHERE session_id = ?", (session_id,))
        connection.execute("UPDATE session SET text_deleted = 1 WHERE id = ?", (session_id,))
    else:
        connection.execute("UPDATE session SET sound_deleted = 1 WHERE id = ?", (session_id,))


def erase_deleted_text(connection: sqlite3.Connection) -> None:
    """Erase deleted texts from the search index and the write-ahead log."""
    connection.execute("INSERT INTO utterance_index (utterance_index) VALUES ('optimize')")
    connection.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchall()


def _changed_one(cursor: sqlite3.Cursor) -> None:
    if not cursor.rowcount:
        raise _missing()


def _missing() -> HistoryError:
    return HistoryError(LibraryMessage.SESSION_GONE())


# Marks around a match; stored texts contain no control characters (`records.clean_text`).
_OPEN, _CLOSE = "\x01", "\x02"
_SNIPPET_TOKENS = 24
_TERM = re.compile(r"[^\s\"\x00]+")


def fts_query(text: str) -> str:
    """Return an FTS5 expression for lines that contain all words; "" if there is no word.

    Each word matches as a prefix. Case and accents are ignored.
    """
    terms = _TERM.findall(text.encode("utf-8", errors="replace").decode("utf-8"))
    return " ".join(f'"{term}"*' for term in terms if any(map(str.isalnum, term)))


def search(
    connection: sqlite3.Connection, text: str, session_id: int | None, limit: int
) -> tuple[SearchHit, ...]:
    """Return the matching lines: newest sessions first, each session's in order."""
    expression = fts_query(text)
    if not expression:
        return ()
    # Snippets take most of the time, so only the returned lines get one.
    found = connection.execute(
        f"""
        WITH wanted (id) AS MATERIALIZED (
            SELECT utterance.id
            FROM utterance_index
            JOIN utterance ON utterance.id = utterance_index.rowid
            JOIN session ON session.id = utterance.session_id
            WHERE utterance_index MATCH :query
                AND (:session IS NULL OR utterance.session_id = :session)
            ORDER BY started_at DESC, session.id DESC, position
            LIMIT :limit
        )
        SELECT session_id, utterance.id, start_s,
            snippet(utterance_index, 0, '{_OPEN}', '{_CLOSE}', '…', {_SNIPPET_TOKENS})
        FROM wanted
        JOIN utterance_index ON utterance_index.rowid = wanted.id
        JOIN utterance ON utterance.id = wanted.id
        JOIN session ON session.id = utterance.session_id
        WHERE utterance_index MATCH :query
        ORDER BY started_at DESC, session.id DESC, position
        """,
        {"query": expression, "session": session_id, "limit": limit},
    )
    return tuple(
        SearchHit(session, line, start_s, *_parse_snippet(snippet))
        for session, line, start_s, snippet in found
    )


def matching_sessions(connection: sqlite3.Connection, text: str) -> set[int]:
    """Return the ids of the sessions whose texts or titles match."""
    expression = fts_query(text)
    found = connection.execute(
        "SELECT id FROM session WHERE title <> '' AND instr(lower(title), lower(?))",
        (text.encode("utf-8", errors="replace").decode("utf-8").strip(),),
    ).fetchall()
    if expression:
        found += connection.execute(
            """
            SELECT DISTINCT session_id FROM utterance_index
            JOIN utterance ON utterance.id = utterance_index.rowid
            WHERE utterance_index MATCH ?
            """,
            (expression,),
        ).fetchall()
    return {row[0] for row in found}


def _parse_snippet(snippet: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the snippet without its marks, and the ranges that they enclosed."""
    text, marks, start = "", [], 0
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", snippet):
        if piece == _OPEN:
            start = len(text)
        elif piece == _CLOSE:
            marks.append((start, len(text)))
        else:
            text += piece
    return text, tuple(marks)
