"""The stored sessions with all their texts: one SQLite file, consistent at any moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from granite_live.library import editing, rows
from granite_live.library.database import (
    DamagedHistoryError,
    check_integrity,
    connect,
    rename_damaged,
    replace_lock,
    reserve_old_ids,
    translate_errors,
)
from granite_live.library.records import (
    LineChange,
    NewSession,
    NewUtterance,
    SavedUtterance,
    SessionState,
    to_recording,
)
from granite_live.library.session_table import (
    SessionTable,
    insert_session,
    model_values,
    update_session,
)
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import ModelInfo, RecordingTranscript
from granite_live.util import paths
from granite_live.util.errors import HistoryError

FILE_NAME = "library.sqlite"
# Other connections write for milliseconds.
_WAIT_S = 5.0


class Library(SessionTable):
    """One connection to the library; a context manager, created by `open`.

    Use it only in the thread that opened it, unless opened with `any_thread`. Several connections
    and processes may be open at once. Every change is atomic and on the disk when its method
    returns. Every method may raise `HistoryError`: the file cannot be used, or the requested row
    does not exist.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        super().__init__(path, connection)
        self._wait_s: float | None = None  # not changed since the connection was opened

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        wait_s: float = _WAIT_S,
        durable: bool = True,
        any_thread: bool = False,
    ) -> Self:
        """Open or create the library, by default the program's.

        Args:
            path: The library's file.
            wait_s: How long a change waits for another connection's write.
            durable: Whether a change survives a power cut when its method returns. A killed process
                never loses a change.
            any_thread: Whether other threads may use the connection, one at a time.

        Raises:
            HistoryError: The file cannot be opened, is damaged, or is from a newer program.
        """
        path = path or paths.data_dir() / FILE_NAME
        return cls(path, connect(path, wait_s=wait_s, durable=durable, any_thread=any_thread))

    @classmethod
    def open_or_replace(
        cls,
        path: Path | None,
        *,
        wait_s: float = _WAIT_S,
        durable: bool = True,
        any_thread: bool = False,
        check_integrity: bool = False,
    ) -> tuple[Self, str]:
        """Open the library as `open` does, but replace a damaged one by a new, empty one.

        Returns the library and a sentence for the user, "" if it was not damaged. The damaged file
        is renamed. With `check_integrity`, the whole file is read to find hidden damage.

        Raises:
            HistoryError: The file cannot be opened, for another reason than damage.
        """
        path = path or paths.data_dir() / FILE_NAME

        try:
            return cls._checked(path, check_integrity, wait_s, durable, any_thread), ""
        except DamagedHistoryError:
            with replace_lock(path):
                try:
                    # Another process may have replaced the file meanwhile.
                    return cls._checked(path, True, wait_s, durable, any_thread), ""
                except DamagedHistoryError:
                    with translate_errors(path):
                        aside = rename_damaged(path)
                library = cls._checked(path, False, wait_s, durable, any_thread)
                with translate_errors(path):
                    reserve_old_ids(library._connection)
        return library, LibraryMessage.LIST_REBUILT(aside=aside.name, folder=aside.parent)

    @classmethod
    def _checked(
        cls, path: Path, checks: bool, wait_s: float, durable: bool, any_thread: bool
    ) -> Self:
        library = cls.open(path, wait_s=wait_s, durable=durable, any_thread=any_thread)
        try:
            if checks:
                with translate_errors(path):
                    check_integrity(library._connection)
        except BaseException:
            library.close()
            raise
        return library

    # -- sessions --------------------------------------------------------------------------

    def add_session(
        self,
        new: NewSession,
        utterances: Iterable[NewUtterance],
        model: ModelInfo,
        duration_s: float,
        notes: str,
    ) -> int:
        """Store a finished session with all that belongs to it, or nothing; return its id."""
        with self._transaction() as connection:
            session_id = insert_session(connection, new)
            for one in utterances:
                rows.put(connection, session_id, one)
            update_session(
                connection,
                session_id,
                **model_values(model),
                notes=rows.notes_text(notes),
                state=SessionState.FINISHED.value,
                duration_s=duration_s,
            )
            return session_id

    # -- utterances ------------------------------------------------------------------------

    def put_utterance(self, session_id: int, new: NewUtterance) -> SavedUtterance | None:
        """Store a result, replacing an earlier one of its number; return the stored line.

        The user's edit is kept. Returns None if nothing is stored: the number has its final text,
        or the user deleted or merged its line.
        """
        with self._transaction() as connection:
            utterance_id = rows.put(connection, session_id, new)
            return None if utterance_id is None else rows.one(connection, utterance_id)

    def put_utterances(self, session_id: int, new: Iterable[NewUtterance]) -> None:
        """Store many results in one transaction, each as `put_utterance` does."""
        with self._transaction() as connection:
            for one in new:
                rows.put(connection, session_id, one)

    def utterances(self, session_id: int) -> tuple[SavedUtterance, ...]:
        """Return a session's lines in order."""
        with translate_errors(self.path):
            return rows.of_session(self._connection, session_id)

    def utterance(self, utterance_id: int) -> SavedUtterance:
        """Return a line."""
        with translate_errors(self.path):
            return rows.one(self._connection, utterance_id)

    def edit_text(self, utterance_id: int, text: str | None) -> LineChange:
        """Set a line's text; None restores the machine's."""
        with self._transaction() as connection:
            line = rows.one(connection, utterance_id)
            return self._apply_change(editing.edit_line(line, text))

    def edit_texts(self, texts: Mapping[int, str]) -> LineChange:
        """Set the texts of several lines of one session, by id, as one change.

        Args:
            texts: At least one; a line whose text is empty is deleted.
        """
        with self._transaction() as connection:
            found = [(rows.one(connection, one), text) for one, text in texts.items()]
            if len({line.session_id for line, _ in found}) != 1:
                raise HistoryError(LibraryMessage.SEVERAL_SESSIONS())
            return self._apply_change(editing.edit_lines(found))

    def merge_with_next(self, utterance_id: int) -> LineChange:
        """Merge a line with the next one."""
        with self._transaction() as connection:
            line = rows.one(connection, utterance_id)
            following = rows.following(connection, line)
            if following is None:
                raise HistoryError(LibraryMessage.NOTHING_TO_MERGE())
            return self._apply_change(editing.merge_lines(line, following))

    def split(self, utterance_id: int, at_word: int) -> LineChange:
        """Split a line; the second part begins at word `at_word` of `text.split_line()`."""
        with self._transaction() as connection:
            line = rows.one(connection, utterance_id)
            following = rows.following(connection, line)
            position = None if following is None else following.position
            return self._apply_change(
                editing.split_line(line, at_word, rows.next_id(connection), position)
            )

    def set_speaker(self, utterance_ids: Iterable[int], speaker: str) -> LineChange:
        """Give at least one line, all of one session, a speaker; "" for the side it comes from."""
        with self._transaction() as connection:
            found = [rows.one(connection, one) for one in dict.fromkeys(utterance_ids)]
            if len({line.session_id for line in found}) != 1:
                raise HistoryError(LibraryMessage.SEVERAL_SESSIONS())
            return self._change_speaker(found, speaker)

    def set_speaker_from(self, utterance_id: int, speaker: str) -> LineChange:
        """Give a line, and the following ones of the same speaker, another speaker.

        Results that follow on this track later get the speaker too.
        """
        with self._transaction() as connection:
            line = rows.one(connection, utterance_id)
            following = (
                one
                for one in rows.of_session(connection, line.session_id)
                if one.position >= line.position
            )
            found = list(editing.said_by_same(following, line))
            return self._change_speaker(found, speaker)

    def rename_speaker(self, utterance_id: int, speaker: str) -> LineChange:
        """Rename a line's speaker in the whole session; another speaker's name merges the two."""
        with self._transaction() as connection:
            line = rows.one(connection, utterance_id)
            lines = rows.of_session(connection, line.session_id)
            found = list(editing.said_by_same(lines, line))
            return self._change_speaker(found, speaker)

    def speakers(self, session_id: int) -> tuple[str, ...]:
        """Return the names that were given in a session, in the order in which they speak."""
        lines = self.utterances(session_id)
        return tuple(dict.fromkeys(line.speaker for line in lines if line.speaker))

    def delete_utterances(self, utterance_ids: Iterable[int]) -> LineChange:
        """Delete at least one line, all of one session."""
        with self._transaction() as connection:
            found = [rows.one(connection, one) for one in dict.fromkeys(utterance_ids)]
            if len({line.session_id for line in found}) != 1:
                raise HistoryError(LibraryMessage.SEVERAL_SESSIONS())
            return self._apply_change(editing.delete_lines(found))

    def apply(self, change: LineChange) -> LineChange:
        """Redo an undone change, or undo one with `change.inverse`; return what has changed.

        Restores the lines exactly, ids included. Where speakers change, lines that came after the
        change and took over the speaker of the line before them change with it.

        Raises:
            HistoryError: The lines have changed since or do not exist; nothing is changed.
        """
        with self._transaction() as connection:
            return self._apply_change(rows.with_later_lines(connection, change))

    # -- all texts -------------------------------------------------------------------------

    def recording(self, session_id: int) -> RecordingTranscript:
        """Return a session as a transcript for `transcript.export`, edits included."""
        return to_recording(self.session(session_id), self.utterances(session_id))

    # --------------------------------------------------------------------------------------

    def set_wait(self, wait_s: float) -> None:
        """Set how long a change waits for another connection's write."""
        if wait_s != self._wait_s:
            with translate_errors(self.path):
                self._connection.execute(f"PRAGMA busy_timeout = {round(wait_s * 1_000)}")
            self._wait_s = wait_s

    def _apply_change(self, change: LineChange) -> LineChange:
        if change.before != change.after:
            rows.apply(self._connection, change)
        return change

    def _change_speaker(self, lines: Sequence[SavedUtterance], speaker: str) -> LineChange:
        change = self._apply_change(editing.set_speaker(lines, speaker))
        return replace(change, last_id=rows.next_id(self._connection) - 1)
