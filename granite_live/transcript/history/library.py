"""The list of sessions with all their texts: one SQLite file, safe at any moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from granite_live import paths
from granite_live.closing import Closing
from granite_live.errors import HistoryError
from granite_live.transcript.history import editing, lines, searching, shelf
from granite_live.transcript.history.database import (
    DamagedHistoryError,
    avoid_old_identifiers,
    check,
    connect,
    renewing,
    set_aside,
    told,
    transaction,
)
from granite_live.transcript.history.exporting import recording_of
from granite_live.transcript.history.records import (
    Change,
    Hit,
    NewSession,
    NewUtterance,
    Part,
    Session,
    SessionState,
    Utterance,
)
from granite_live.transcript.model import ModelInfo, RecordingTranscript

FILE_NAME = "library.sqlite"
# Another connection writes for milliseconds; one that takes longer is in trouble.
_WAIT_S = 5.0


class Library(Closing):
    """One connection to the library; a context manager. Made by `open`.

    To be used in the thread that opened it, unless opened for any thread; several
    connections, also of several programs, may be open at once. Every method that changes
    something does it whole or not at all, and it is on the disk when the method returns.
    Every method may raise `HistoryError`: the file cannot be used, or what is asked for is
    not there.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        wait_s: float = _WAIT_S,
        durable: bool = True,
        any_thread: bool = False,
    ) -> Self:
        """Open the library, usually the program's own; make it where there is none.

        Args:
            path: Its file.
            wait_s: How long a change may wait for another connection's.
            durable: Whether a change survives a power cut too when its method returns. A
                kill of the program takes nothing back either way.
            any_thread: Threads other than this one may use it, never two at once.

        Raises:
            HistoryError: It cannot be opened, is damaged, or a newer program made it.
        """
        path = path or paths.data_dir() / FILE_NAME
        return cls(path, connect(path, wait_s=wait_s, durable=durable, any_thread=any_thread))

    @classmethod
    def open_or_renew(
        cls,
        path: Path | None = None,
        *,
        wait_s: float = _WAIT_S,
        durable: bool = True,
        any_thread: bool = False,
        checks: bool = False,
    ) -> tuple[Self, str]:
        """Do as `open` does, with a new library in place of a damaged one.

        Returns the library and a sentence for the user, "" where all was well. What is damaged
        stays beside the new file under another name. With `checks` all of the file is read, to
        find damage that shows later only.

        Raises:
            HistoryError: It cannot be opened for another reason.
        """
        path = path or paths.data_dir() / FILE_NAME

        try:
            return cls._checked(path, checks, wait_s, durable, any_thread), ""
        except DamagedHistoryError:
            with renewing(path):
                try:
                    # Unless another was faster.
                    return cls._checked(path, True, wait_s, durable, any_thread), ""
                except DamagedHistoryError:
                    with told(path):
                        aside = set_aside(path)
                library = cls._checked(path, False, wait_s, durable, any_thread)
                with told(path):
                    avoid_old_identifiers(library._connection)
        return library, (
            f"The list of your sessions was damaged and was made anew from the recordings; titles "
            f"and corrections are in the old file, '{aside.name}' in '{aside.parent}'."
        )

    @classmethod
    def _checked(
        cls, path: Path, checks: bool, wait_s: float, durable: bool, any_thread: bool
    ) -> Self:
        library = cls.open(path, wait_s=wait_s, durable=durable, any_thread=any_thread)
        try:
            if checks:
                with told(path):
                    check(library._connection)
        except BaseException:
            library.close()
            raise
        return library

    # -- sessions --------------------------------------------------------------------------

    def create_session(self, new: NewSession) -> int:
        """Store a session that has just begun, as running; return its id."""
        with self._changing() as connection:
            return shelf.create(connection, new)

    def session(self, session_id: int) -> Session:
        """Return a session."""
        with told(self.path):
            return shelf.one(self._connection, session_id)

    def sessions(self, search: str = "") -> tuple[Session, ...]:
        """Return the sessions, newest first; with `search` those alone whose texts or title fit."""
        with told(self.path):
            found = shelf.all_of(self._connection)
            if not search.strip():
                return found
            fitting = searching.sessions_with(self._connection, search)
            return tuple(one for one in found if one.id in fitting)

    def sessions_of_journal(self, journal: str) -> tuple[Session, ...]:
        """Return the sessions whose sound lies in this journal: several, once re-transcribed."""
        with told(self.path):
            return tuple(one for one in shelf.all_of(self._connection) if one.journal == journal)

    def rename_session(self, session_id: int, title: str) -> str:
        """Give a session a title ("" for none); return the one it had."""
        with self._changing() as connection:
            return shelf.rename(connection, session_id, title)

    def set_state(
        self, session_id: int, state: SessionState, duration_s: float | None = None
    ) -> None:
        """Store how far a session has come, and how long it is unless that is None."""
        with self._changing() as connection:
            shelf.set_state(connection, session_id, state, duration_s)

    def set_model(self, session_id: int, model: ModelInfo) -> None:
        """Store which model really makes a session's text."""
        with self._changing() as connection:
            shelf.set_model(connection, session_id, model)

    def delete_session(self, session_id: int, part: Part = Part.BOTH) -> None:
        """Delete a session's texts, or note that its sound is gone, or both.

        A session without texts and sound is not in the list any more. The journal is not
        touched: see `granite_live.archive`.
        """
        with self._changing() as connection:
            shelf.delete(connection, session_id, part)
        if part is not Part.SOUND:
            with told(self.path):
                shelf.forget(self._connection)

    # -- utterances ------------------------------------------------------------------------

    def put_utterance(self, session_id: int, new: NewUtterance) -> Utterance | None:
        """Store a result in place of an earlier one of its number; return what is stored.

        What the user wrote stays. None where nothing is to be stored: the number has its
        final text, or the user has deleted its line or merged it into another.
        """
        with self._changing() as connection:
            return lines.put(connection, session_id, new)

    def put_utterances(self, session_id: int, new: Iterable[NewUtterance]) -> None:
        """Store many results at once, each as `put_utterance` does."""
        with self._changing() as connection:
            for one in new:
                lines.put(connection, session_id, one)

    def utterances(self, session_id: int) -> tuple[Utterance, ...]:
        """Return a session's lines in order."""
        with told(self.path):
            return lines.of_session(self._connection, session_id)

    def utterance(self, utterance_id: int) -> Utterance:
        """Return a line."""
        with told(self.path):
            return lines.one(self._connection, utterance_id)

    def edit_text(self, utterance_id: int, text: str | None) -> Change:
        """Give a line the user's text; None takes the machine's again."""
        with self._changing() as connection:
            line = lines.one(connection, utterance_id)
            return self._done(editing.edited(line, text))

    def merge_with_next(self, utterance_id: int) -> Change:
        """Make one line of this one and the next."""
        with self._changing() as connection:
            line = lines.one(connection, utterance_id)
            following = lines.following(connection, line)
            if following is None:
                raise HistoryError("This is the last line: there is none to merge it with.")
            return self._done(editing.merged(line, following))

    def split(self, utterance_id: int, at_word: int) -> Change:
        """Make two lines of one: the second begins with word `at_word` of `text.split()`."""
        with self._changing() as connection:
            line = lines.one(connection, utterance_id)
            following = lines.following(connection, line)
            position = None if following is None else following.position
            return self._done(editing.split(line, at_word, lines.next_id(connection), position))

    def delete_utterances(self, utterance_ids: Iterable[int]) -> Change:
        """Delete lines of one session, at least one."""
        with self._changing() as connection:
            found = [lines.one(connection, one) for one in dict.fromkeys(utterance_ids)]
            if len({line.session_id for line in found}) != 1:
                raise HistoryError("Lines are deleted from one session at a time.")
            return self._done(editing.deleted(found))

    def apply(self, change: Change) -> None:
        """Do a change that was taken back, or take one back (`change.reversed`).

        Afterwards the lines are exactly as they were, ids included.

        Raises:
            HistoryError: The lines have changed since, or are gone; nothing is done then.
        """
        with self._changing():
            self._done(change)

    # -- all texts -------------------------------------------------------------------------

    def search(
        self, text: str, *, session_id: int | None = None, limit: int = 500
    ) -> tuple[Hit, ...]:
        """Return the lines with all words of `text`, the newest sessions' first.

        Each word may be the beginning of one in the line; case and accents do not count.
        Nothing that a user types is an error.

        Args:
            text: What the user typed.
            session_id: Search this session alone.
            limit: How many lines at most.
        """
        with told(self.path):
            return searching.search(self._connection, text, session_id, limit)

    def recording(self, session_id: int) -> RecordingTranscript:
        """Return a session as the writers of `transcript.export` take it, edits included."""
        return recording_of(self.session(session_id), self.utterances(session_id))

    # --------------------------------------------------------------------------------------

    def set_wait(self, wait_s: float) -> None:
        """Let a change wait so long for another connection's from now on."""
        with told(self.path):
            self._connection.execute(f"PRAGMA busy_timeout = {round(wait_s * 1_000)}")

    def close(self) -> None:
        """Close the connection. Doing so twice does no harm."""
        self._connection.close()

    def _done(self, change: Change) -> Change:
        if change.before != change.after:
            lines.apply(self._connection, change)
        return change

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with told(self.path), transaction(self._connection):
            yield self._connection
