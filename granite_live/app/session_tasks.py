"""Long work on stored sessions: recover interrupted ones, and go on with canceled files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from granite_live.app.file_transcription import open_recording
from granite_live.app.library_sync import find_or_add_session
from granite_live.app.sessions import finalize_session
from granite_live.library.records import SessionState, SourceKind
from granite_live.messages import has_code
from granite_live.messages.library import LibraryMessage
from granite_live.messages.session import SessionMessage
from granite_live.settings import load_settings
from granite_live.transcript.export.text_formats import format_clock
from granite_live.util.errors import GraniteError, HistoryError

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.audio.journal import (
        Recovery,
        UnfinishedSession,
    )
    from granite_live.library import LineChange, SavedSession
    from granite_live.session.events import SessionEvent


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The result of a task.

    Attributes:
        session_id: The session in the library, None if nothing was stored.
        copied_corrections: The corrections copied from an earlier session, None without any;
            `Library.apply(copied_corrections.inverse)` undoes the copy.
        utterances_without_text: How many utterances still have no text; their audio is kept.
        detail: A sentence on what else is missing, "" if nothing is.
    """

    session_id: int | None
    copied_corrections: LineChange | None = None
    utterances_without_text: int = 0
    detail: str = ""


class SessionTask(Protocol):
    """A long task. `run` blocks and belongs in a thread."""

    def run(self, listener: Callable[[SessionEvent], None]) -> TaskResult:
        """Run the task. `listener` receives the texts, from the task's own threads.

        Raises:
            GraniteError: The task failed; the message says why.
        """

    def stop(self) -> None:
        """Stop soon, or as soon as it starts. Returns at once; may be called from any thread."""


@dataclass(frozen=True, slots=True)
class InterruptedSession:
    """A session to recover. `warning` describes damage, "" for none.

    Attributes:
        file: The recording that it can be resumed from, None if there is none.
        audio_track: The track of `file` that was asked for.
        resume_key: Identifies the recording, the model and the options; see
            `file_transcription.resume_key`.
        text_s: Up to where every utterance has its text, in seconds.
        idle_starts: How often it was resumed since its last text.
        session_id: Its id in the library, 0 if that was not looked up.
    """

    journal: Path
    started: datetime | None
    duration_s: float
    warning: str
    file: Path | None = None
    audio_track: int | None = None
    resume_key: str = ""
    text_s: float = 0.0
    idle_starts: int = 0
    session_id: int = 0


def find_interrupted() -> tuple[InterruptedSession, ...]:
    """Return the interrupted sessions, oldest first.

    Raises:
        AudioError: The sessions folder cannot be read.
    """
    from granite_live.audio.journal import find_unfinished

    return tuple(map(_interrupted, find_unfinished()))


def _interrupted(one: UnfinishedSession) -> InterruptedSession:
    found = InterruptedSession(one.path, one.started, one.duration_s, one.warning)
    beginning = one.beginning
    if not beginning.resume_key or beginning.origin is None or one.has_other_source:
        return found
    return replace(
        found,
        file=Path(beginning.origin.name),
        audio_track=beginning.origin.audio_track,
        resume_key=beginning.resume_key,
        text_s=one.text_s,
        idle_starts=one.idle_starts,
    )


class RecoveryTask:
    """A `SessionTask` that finishes an interrupted session: first the missing texts, then the
    files."""

    def __init__(self, session: InterruptedSession, model: Callable[[], ModelChoice]) -> None:
        """Store the arguments; `run` calls `model` in its thread."""
        from granite_live.session.recovery import RecoveryCancellation

        self._session, self._model = session, model
        self._interruption = RecoveryCancellation()

    def stop(self) -> None:
        """Stop soon; utterances without text can be recovered later. Returns at once."""
        self._interruption.cancel()

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._interruption.is_requested

    def run(self, listener: Callable[[SessionEvent], None]) -> TaskResult:
        """Recover the session and return it. Takes as long as transcribing the missing speech.

        What is missing of the recording that it came from is read first, if that is still there.

        Raises:
            GraniteError: The session cannot be read, or the disk cannot be written.
        """
        from granite_live.app.factory import SessionSettings, transcribe_missing
        from granite_live.audio.journal import open_for_recovery
        from granite_live.library import Library, SessionState
        from granite_live.library.recorder import LibraryRecorder

        session, model = self._session, self._model()
        chosen = SessionSettings.of(load_settings())
        with Library.open() as library:
            session_id = session.session_id or find_or_add_session(session, model)
            recorder = LibraryRecorder(session_id)

            def listen(event: SessionEvent) -> None:
                recorder(event)
                listener(event)

            try:
                left = open_for_recovery(session.journal)
                try:
                    detail = self._read_rest(left)
                except BaseException:
                    left.close()
                    raise
                done = transcribe_missing(left, model.spec, chosen, listen, self._interruption)
            finally:
                recorder.close()
            state = SessionState.INTERRUPTED if done.unfinished else SessionState.FINISHED
            library.set_state(session_id, state, done.sound_s)
            library.set_notes(session_id, notes_on(session.journal))
        return TaskResult(session_id, utterances_without_text=done.unfinished, detail=detail)

    def _read_rest(self, left: Recovery) -> str:
        """Read what is missing of the recording; return a sentence if that is not possible."""
        from granite_live.audio.file_rest import append_rest, is_read_to_its_end

        file = self._session.file
        if file is None or is_read_to_its_end(left):
            return ""
        if not file.exists():
            return SessionMessage.FILE_VANISHED(
                name=file.name, end=format_clock(left.sound.samples / left.sample_rate_hz)
            )
        append_rest(left, file, lambda: self._interruption.is_requested)
        return ""


def notes_on(folder: Path) -> str:
    """Return what the journal says about the recording that the session came from."""
    from granite_live.audio.journal.records import RECORDS_NAME, read_records, source_notes

    try:
        return source_notes(read_records(folder / RECORDS_NAME).records)
    except OSError:
        return ""  # it was recovered all the same


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
        from granite_live.audio.journal.flac import reopen_session
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
