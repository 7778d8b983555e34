"""Full-text search in all sessions. User input is never read as FTS5 syntax."""

from __future__ import annotations

import re
import sqlite3

from granite_live.library.records import Hit

# Marks around a match; stored texts contain no control characters (`cleaning.clean`).
_OPEN, _CLOSE = "\x01", "\x02"
_SNIPPET_TOKENS = 24
_TERM = re.compile(r"[^\s\"\x00]+")


def query(text: str) -> str:
    """Return an FTS5 expression for lines that contain all words; "" if there is no word.

    Each word matches as a prefix. Case and accents are ignored.
    """
    terms = _TERM.findall(text.encode("utf-8", errors="replace").decode("utf-8"))
    return " ".join(f'"{term}"*' for term in terms if any(map(str.isalnum, term)))


def search(
    connection: sqlite3.Connection, text: str, session_id: int | None, limit: int
) -> tuple[Hit, ...]:
    """Return the matching lines: newest sessions first, each session's in order."""
    expression = query(text)
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
        Hit(session, line, start_s, *_marked(snippet)) for session, line, start_s, snippet in found
    )


def sessions_with(connection: sqlite3.Connection, text: str) -> set[int]:
    """Return the ids of the sessions whose texts or titles match."""
    expression = query(text)
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


def _marked(snippet: str) -> tuple[str, tuple[tuple[int, int], ...]]:
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
