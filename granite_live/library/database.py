"""The library's SQLite file: opening, tables, migrations and repair."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from granite_live.messages.library import LibraryMessage
from granite_live.util.errors import HistoryError
from granite_live.util.files import damaged_name


class DamagedHistoryError(HistoryError):
    """The file is damaged or is not a library."""


_FIRST = (
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        started_at TEXT NOT NULL,
        duration_s REAL NOT NULL DEFAULT 0,
        source_kind TEXT NOT NULL,
        source TEXT NOT NULL,
        journal TEXT NOT NULL,
        model_path TEXT NOT NULL,
        tier TEXT,
        model TEXT,
        keep TEXT,
        state TEXT NOT NULL,
        sound_deleted INTEGER NOT NULL DEFAULT 0,
        text_deleted INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX session_by_start ON session (started_at, id)",
    "CREATE INDEX session_by_journal ON session (journal)",
    # Ids are never reused: an undone change must not meet another line's id.
    """
    CREATE TABLE utterance (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        number INTEGER,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        machine_text TEXT NOT NULL,
        edited_text TEXT,
        words TEXT NOT NULL,
        confidence REAL NOT NULL,
        draft_text TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        text TEXT GENERATED ALWAYS AS (coalesce(edited_text, machine_text)) VIRTUAL,
        UNIQUE (session_id, position),
        UNIQUE (session_id, number)
    )
    """,
    "CREATE INDEX utterance_by_state ON utterance (session_id, state)",
    # Numbers of lines that the user deleted or merged. Results for them may arrive again after a
    # crash and must not restore them.
    """
    CREATE TABLE settled (
        session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        PRIMARY KEY (session_id, number)
    ) WITHOUT ROWID
    """,
    # Diacritics are ignored; prefixes of two and three letters have their own index.
    """
    CREATE VIRTUAL TABLE utterance_index USING fts5 (
        text, content = 'utterance', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    )
    """,
    """
    CREATE TRIGGER utterance_inserted AFTER INSERT ON utterance BEGIN
        INSERT INTO utterance_index (rowid, text) VALUES (new.id, new.text);
    END
    """,
    """
    CREATE TRIGGER utterance_deleted AFTER DELETE ON utterance BEGIN
        INSERT INTO utterance_index (utterance_index, rowid, text)
            VALUES ('delete', old.id, old.text);
    END
    """,
    """
    CREATE TRIGGER utterance_updated AFTER UPDATE ON utterance BEGIN
        INSERT INTO utterance_index (utterance_index, rowid, text)
            VALUES ('delete', old.id, old.text);
        INSERT INTO utterance_index (rowid, text) VALUES (new.id, new.text);
    END
    """,
)

# Messages about the recording, as JSON.
_NOTES = ("ALTER TABLE session ADD COLUMN notes TEXT NOT NULL DEFAULT ''",)

# The index also finds lines by their speaker.
_SPEAKERS = (
    "ALTER TABLE utterance ADD COLUMN track INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE utterance ADD COLUMN speaker TEXT NOT NULL DEFAULT ''",
    "DROP TRIGGER utterance_inserted",
    "DROP TRIGGER utterance_deleted",
    "DROP TRIGGER utterance_updated",
    "DROP TABLE utterance_index",
    """
    CREATE VIRTUAL TABLE utterance_index USING fts5 (
        text, speaker, content = 'utterance', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    )
    """,
    """
    CREATE TRIGGER utterance_inserted AFTER INSERT ON utterance BEGIN
        INSERT INTO utterance_index (rowid, text, speaker)
            VALUES (new.id, new.text, new.speaker);
    END
    """,
    """
    CREATE TRIGGER utterance_deleted AFTER DELETE ON utterance BEGIN
        INSERT INTO utterance_index (utterance_index, rowid, text, speaker)
            VALUES ('delete', old.id, old.text, old.speaker);
    END
    """,
    """
    CREATE TRIGGER utterance_updated AFTER UPDATE ON utterance BEGIN
        INSERT INTO utterance_index (utterance_index, rowid, text, speaker)
            VALUES ('delete', old.id, old.text, old.speaker);
        INSERT INTO utterance_index (rowid, text, speaker)
            VALUES (new.id, new.text, new.speaker);
    END
    """,
    "INSERT INTO utterance_index (utterance_index) VALUES ('rebuild')",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _NOTES, _SPEAKERS)
"""The statements that migrate from version n to n + 1. Published ones never change."""

_NO_LIBRARY_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
# Long enough to read a large library from a slow disk.
_RENEWING_S = 60.0
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def connect(path: Path, *, wait_s: float, durable: bool, any_thread: bool) -> sqlite3.Connection:
    """Open or create the file and migrate it.

    Args:
        path: The file. Only its owner can read it and the files that SQLite adds.
        wait_s: How long to wait for another connection's write.
        durable: Whether a commit survives a power cut when it returns. A killed process never loses
            a commit.
        any_thread: Whether other threads may use the connection, one at a time.

    Raises:
        HistoryError: The file cannot be opened, is damaged, or is from a newer program.
    """
    with translate_errors(path), _open_lock(path, wait_s):
        _make_private(path)
        connection = sqlite3.connect(
            path, timeout=wait_s, isolation_level=None, check_same_thread=not any_thread
        )
        try:
            # Overwrite deleted texts instead of only freeing their pages.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def _open_lock(path: Path, wait_s: float) -> Iterator[None]:
    """Hold a lock while the file is opened.

    SQLite does not wait for other connections when it changes the journal mode: of two processes
    that create the file at once, one would fail with "locked". (The file cannot be examined first:
    closing it would release the locks that SQLite holds in this process.)
    """
    from filelock import FileLock, Timeout

    path.parent.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
    try:
        lock = FileLock(path.with_name(f"{path.name}.lock"), wait_s, _FILE_MODE).acquire()
    except Timeout as error:
        raise HistoryError(
            _error_message(path, sqlite3.SQLITE_BUSY, LibraryMessage.BEING_OPENED())
        ) from error
    with lock:
        yield


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction; roll back on any exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself rolls back when the disk is full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Convert exceptions of SQLite and the system to an error with a sentence for the user.

    Raises:
        HistoryError: The converted error.
    """
    try:
        yield
    except sqlite3.Error as error:
        kind = DamagedHistoryError if is_damage(error) else HistoryError
        raise kind(_error_message(path, _code(error), error)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise HistoryError(LibraryMessage.FOLDER_UNUSABLE(folder=path, reason=reason)) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether an error means a damaged file, not a busy or unreachable one."""
    return _code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _error_message(path: Path, code: int, error: sqlite3.Error | str) -> str:
    what = LibraryMessage.LIST_NAME(folder=path)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return LibraryMessage.LIST_DAMAGED(what=what, reason=error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryMessage.LIST_IN_USE(what=what, reason=error)
    if code == sqlite3.SQLITE_FULL:
        return LibraryMessage.DISK_FULL(what=what)
    return LibraryMessage.LIST_UNUSABLE(what=what, reason=error)


def check_integrity(connection: sqlite3.Connection) -> None:
    """Read the whole file; rebuild the search index if only that is damaged.

    Takes about a second for 100 MB.

    Raises:
        sqlite3.DatabaseError: The file is damaged, or its rows cannot be read.
    """
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        error = sqlite3.DatabaseError(found)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error
    index = "INSERT INTO utterance_index (utterance_index) VALUES "
    try:
        connection.execute(f"{index} ('integrity-check')")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        connection.execute(f"{index} ('rebuild')")


def reserve_old_ids(connection: sqlite3.Connection) -> None:
    """Start the ids of a new library above those of any older one.

    A window may still show a session of the old library.
    """
    seconds = int((datetime.now(UTC) - _NO_LIBRARY_BEFORE).total_seconds())
    with transaction(connection):
        for table in ("session", "utterance"):
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, seconds))


@contextmanager
def replace_lock(path: Path) -> Iterator[None]:
    """Hold a lock while a damaged library is replaced.

    Raises:
        HistoryError: Another program held the lock too long.
    """
    from filelock import FileLock, Timeout

    try:
        lock = FileLock(path.with_name(f"{path.name}.renewing.lock"), _RENEWING_S, _FILE_MODE)
        lock.acquire()
    except Timeout as error:
        raise HistoryError(
            _error_message(path, sqlite3.SQLITE_BUSY, LibraryMessage.BEING_RENEWED())
        ) from error
    with lock:
        yield


def rename_damaged(path: Path) -> Path:
    """Rename a damaged file and the files that SQLite added; return the new name.

    Raises:
        OSError: The file cannot be renamed.
    """
    aside = damaged_name(path)
    path.replace(aside)
    for ending in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
    return aside


def _make_private(path: Path) -> None:
    # SQLite copies this file's permissions to the files that it adds.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _FILE_MODE))


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    with transaction(connection):
        # Read again: another process may have migrated meanwhile.
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise HistoryError(
                LibraryMessage.NEWER_LIST(folder=path, version=version, known=len(MIGRATIONS))
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
