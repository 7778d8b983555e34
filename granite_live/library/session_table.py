"""The sessions' table, and full-text search."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granite_live.library.database import transaction, translate_errors
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
from granite_live.util.lifecycle import Closeable

_SELECT = f"SELECT {SESSION_COLUMNS} FROM session"

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


class SessionTable(Closeable):
    """The part of the library that knows sessions as a whole; `Library` adds their lines."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def create_session(self, new: NewSession) -> int:
        """Store a new session as running; return its id."""
        with self._transaction() as connection:
            return insert_session(connection, new)

    def session(self, session_id: int) -> SavedSession:
        """Return a session."""
        with translate_errors(self.path):
            return _session(self._connection, session_id)

    def sessions(self, search: str = "") -> tuple[SavedSession, ...]:
        """Return the sessions, newest first; `search` selects by texts and title."""
        with translate_errors(self.path):
            rows = self._connection.execute(f"{_SELECT} ORDER BY started_at DESC, session.id DESC")
            found = tuple(map(session_of, rows))
            if not search.strip():
                return found
            fitting = _matching_sessions(self._connection, search)
            return tuple(one for one in found if one.id in fitting)

    def sessions_of_journal(self, journal: str) -> tuple[SavedSession, ...]:
        """Return the sessions made from this journal: several after a re-transcription."""
        return tuple(one for one in self.sessions() if one.journal == journal)

    def rename_session(self, session_id: int, title: str) -> str:
        """Set a session's title ("" for none); return the previous one."""
        with self._transaction() as connection:
            before = _session(connection, session_id).title
            update_session(connection, session_id, title=clean_text(title).strip())
            return before

    def set_state(
        self, session_id: int, state: SessionState, duration_s: float | None = None
    ) -> None:
        """Store a session's state and, unless None, its duration."""
        values: dict[str, object] = {} if duration_s is None else {"duration_s": duration_s}
        with self._transaction() as connection:
            update_session(connection, session_id, state=state.value, **values)

    def set_model(self, session_id: int, model: ModelInfo) -> None:
        """Store the model that produces a session's text."""
        with self._transaction() as connection:
            update_session(connection, session_id, **model_values(model))

    def set_notes(self, session_id: int, notes: str) -> None:
        """Store what is to say about a session's recording: its track, channels and damage."""
        with self._transaction() as connection:
            update_session(connection, session_id, notes=notes_text(notes))

    def delete_session(self, session_id: int, part: SessionPart = SessionPart.BOTH) -> None:
        """Delete a session's texts, or mark its recording as deleted, or both.

        A session without texts and recording is removed from the list. The journal is not touched;
        see `granite_live.audio.journal.retention`.

        Raises:
            HistoryError: The session is running, or does not exist.
        """
        with self._transaction() as connection:
            session = _session(connection, session_id)
            if session.state is SessionState.RUNNING:
                raise HistoryError(LibraryMessage.SESSION_RUNNING())
            is_last = session.sound_deleted if part is SessionPart.TEXT else session.text_deleted
            if part is SessionPart.BOTH or is_last:
                connection.execute("DELETE FROM session WHERE id = ?", (session_id,))
            elif part is SessionPart.TEXT:
                connection.execute("DELETE FROM utterance WHERE session_id = ?", (session_id,))
                connection.execute("DELETE FROM settled WHERE session_id = ?", (session_id,))
                update_session(connection, session_id, text_deleted=1)
            else:
                update_session(connection, session_id, sound_deleted=1)
        if part is not SessionPart.SOUND:
            # Erase deleted texts from the search index and the write-ahead log.
            with translate_errors(self.path):
                self._connection.execute(
                    "INSERT INTO utterance_index (utterance_index) VALUES ('optimize')"
                )
                self._connection.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchall()

    def search(
        self, text: str, *, session_id: int | None = None, limit: int = 500
    ) -> tuple[SearchHit, ...]:
        """Return the lines that contain all words of `text`, newest sessions first.

        A word may be of the speaker's name. Each matches as a prefix; case and accents are ignored.
        Every input is valid.

        Args:
            text: The user's input.
            session_id: Search only this session.
            limit: The maximum number of lines.
        """
        expression = fts_query(text)
        if not expression:
            return ()
        with translate_errors(self.path):
            # Snippets take most of the time, so only the returned lines get one.
            found = self._connection.execute(
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

    def close(self) -> None:
        """Close the connection. May be called twice."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with translate_errors(self.path), transaction(self._connection):
            yield self._connection


def insert_session(connection: sqlite3.Connection, new: NewSession) -> int:
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


def update_session(connection: sqlite3.Connection, session_id: int, **values: object) -> None:
    """Set columns of a session.

    Raises:
        HistoryError: The session does not exist.
    """
    columns = ", ".join(f"{name} = ?" for name in values)
    cursor = connection.execute(
        f"UPDATE session SET {columns} WHERE id = ?", (*values.values(), session_id)
    )
    if not cursor.rowcount:
        raise HistoryError(LibraryMessage.SESSION_GONE())


def model_values(model: ModelInfo) -> dict[str, object]:
    """Return the columns that describe a model."""
    path = clean_text(model.path)
    return {"model": model_text(model), "model_path": path, "tier": model.tier}


def _session(connection: sqlite3.Connection, session_id: int) -> SavedSession:
    row = connection.execute(f"{_SELECT} WHERE session.id = ?", (session_id,)).fetchone()
    if row is None:
        raise HistoryError(LibraryMessage.SESSION_GONE())
    return session_of(row)


def _matching_sessions(connection: sqlite3.Connection, text: str) -> set[int]:
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
