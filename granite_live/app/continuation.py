"""Go on with a file whose transcription was canceled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.file_transcription import open_recording
from granite_live.app.session_tasks import InterruptedSession, RecoveryTask, TaskResult
from granite_live.app.sessions import finalize_session
from granite_live.library.records import SessionState, SourceKind
from granite_live.messages import has_code
from granite_live.messages.library import LibraryMessage
from granite_live.util.errors import GraniteError, HistoryError

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.library import SavedSession
    from granite_live.session.events import SessionEvent


def can_continue(session: SavedSession) -> bool:
    """Return whether a session is a file that was canceled and can be gone on with."""
    return (
        session.source_kind is SourceKind.FILE
        and session.state is SessionState.FINISHED
        and not (session.sound_deleted or session.text_deleted)
        and has_code(session.notes, LibraryMessage.CANCELED_AT)
    )


class ContinuationTask:
    """A `SessionTask` that adds the rest of a canceled file to its session."""

    def __init__(self, session: SavedSession, model: Callable[[], ModelChoice]) -> None:
        """Store the arguments; `run` calls `model` in its thread."""
        from granite_live.audio.journal import sessions_dir

        self._session = session
        self._folder = sessions_dir() / session.journal
        self._file = Path(session.source)
        self._recovery = RecoveryTask(
            InterruptedSession(
                self._folder,
                session.started_at,
                session.duration_s,
                "",
                file=self._file,
                session_id=session.id,
            ),
            model,
        )

    def stop(self) -> None:
        """Stop soon; the session can be gone on with later. Returns at once."""
        self._recovery.stop()

    def run(self, listener: Callable[[SessionEvent], None]) -> TaskResult:
        """Read the rest of the file, transcribe it, and return the session.

        Edited lines stay as they are. If the file cannot be gone on with, the session is as before.

        Raises:
            GraniteError: The session cannot be gone on with, or the file is gone or has changed.
        """
        from granite_live.audio.journal.reopening import reopen_session
        from granite_live.library import Library

        self._check()
        reopen_session(self._folder)
        with Library.open() as library:
            library.set_state(self._session.id, SessionState.INTERRUPTED)
        try:
            outcome = self._recovery.run(listener)
        except GraniteError:
            finalize_session(self._session.id)
            raise
        if self._recovery.is_stopped:
            finalize_session(self._session.id, self._total_s())
        return outcome

    def _check(self) -> None:
        """Refuse what must not be changed before anything is.

        Raises:
            HistoryError: The session was not canceled, or its file is gone.
        """
        from granite_live.audio.journal.records import RECORDS_NAME, SOURCE_ENDED, read_records

        if not can_continue(self._session):
            raise HistoryError(LibraryMessage.NOT_CANCELED())
        try:
            records = read_records(self._folder / RECORDS_NAME).records
        except OSError:
            records = ()
        is_read = any(one.get("event") == SOURCE_ENDED for one in records)
        if not is_read and not self._file.exists():
            raise HistoryError(
                LibraryMessage.FILE_GONE(name=self._file.name, folder=self._file.parent)
            )

    def _total_s(self) -> float:
        try:
            with open_recording(self._file) as audio:
                return audio.duration_s or self._session.duration_s
        except GraniteError:
            return self._session.duration_s
