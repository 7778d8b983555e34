"""Transcribe a finished session again, with another model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.session_tasks import TaskResult
from granite_live.messages.library import LibraryMessage
from granite_live.settings import load_settings
from granite_live.util.errors import HistoryError

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.app.models import ModelChoice
    from granite_live.audio.journal import (
        RecordedUtterance,
        SampleReader,
    )
    from granite_live.library import Library, LineChange, SavedSession, SavedUtterance
    from granite_live.session.events import SessionEvent
    from granite_live.transcript.polish import Polish

# Lines match if their starts and their ends differ by less than this.
_MATCH_TOLERANCE_S = 0.05


def copy_corrections(library: Library, from_id: int, to_id: int) -> LineChange | None:
    """Copy the corrections and speakers of session `from_id` to the matching lines of `to_id`.

    A corrected line without a match (merged, split, deleted) stays only in the earlier session. The
    new machine text is kept. Returns the change, None if there was nothing to copy.

    Raises:
        HistoryError: The library cannot be used, or a session does not exist.
    """
    from granite_live.library.editing import edit_line
    from granite_live.library.records import LineChange, UtteranceState

    by_number = {line.number: line for line in library.utterances(to_id) if line.number is not None}
    changes = []
    for line in library.utterances(from_id):
        target = None if line.number is None else by_number.get(line.number)
        if target is None or not _is_same_range(line, target):
            continue
        wanted = replace(target, speaker=line.speaker)
        if line.is_edited and target.state is not UtteranceState.PROVISIONAL:
            (wanted,) = edit_line(wanted, line.edited_text).after
        if wanted != target:
            changes.append((target, wanted))
    if not changes:
        return None
    before, after = zip(*changes, strict=True)
    change = LineChange(to_id, before, after)
    library.apply(change)
    return change


def _is_same_range(one: SavedUtterance, other: SavedUtterance) -> bool:
    return (
        abs(one.start_s - other.start_s) < _MATCH_TOLERANCE_S
        and abs(one.end_s - other.end_s) < _MATCH_TOLERANCE_S
    )


class RetranscriptionTask:
    """A `SessionTask` that transcribes a stored session again."""

    def __init__(
        self,
        session: SavedSession,
        model: ModelChoice,
        polish: Polish | None = None,
        *,
        keep_echo: bool | None = None,
    ) -> None:
        """Store the arguments; for each that is None, the settings decide when the task runs."""
        from granite_live.session.recovery import RecoveryCancellation

        self._session, self._model = session, model
        self._polish, self._keep_echo = polish, keep_echo
        self._interruption = RecoveryCancellation()

    def stop(self) -> None:
        """Stop soon, without a result. Returns at once."""
        self._interruption.cancel()

    def run(self, listener: Callable[[SessionEvent], None]) -> TaskResult:
        """Transcribe the session's recording into a new session and return it.

        The original session and its corrections stay; both share the recording. Corrections are
        copied to the new session beside its machine text. `listener` receives live session events,
        from the run's threads.

        Nothing is stored after `stop`, or if no utterance got a text.

        Raises:
            GraniteError: The session is not finished, or its recording is deleted or unreadable.
        """
        from granite_live.library import Library, NewSession, SessionState

        session = self._session
        if session.state is not SessionState.FINISHED:
            raise HistoryError(LibraryMessage.SESSION_UNFINISHED())
        if session.sound_deleted or not session.journal:
            raise HistoryError(LibraryMessage.SOUND_DELETED_NOT_HEARD())
        stored = _FinishedSession(_folder(session))
        new = NewSession(
            started_at=session.started_at,
            source_kind=session.source_kind,
            source=session.source,
            journal=session.journal,
            title=session.title,
            model_path=str(self._model.path),
            tier=self._model.tier,
            keep=session.keep,
        )
        with Library.open() as library:
            session_id = library.create_session(new)
            library.set_notes(session_id, session.notes)
            try:
                is_complete = self._transcribe(stored, session_id, listener, library)
                if is_complete:
                    return TaskResult(session_id, copy_corrections(library, session.id, session_id))
            except BaseException:
                _delete_new_session(library, session_id)
                raise
            _delete_new_session(library, session_id)
        return TaskResult(None)

    def _transcribe(
        self,
        stored: _FinishedSession,
        session_id: int,
        listener: Callable[[SessionEvent], None],
        library: Library,
    ) -> bool:
        from granite_live.app.factory import transcribe_missing
        from granite_live.library import SessionState
        from granite_live.library.recorder import LibraryRecorder

        recorder = LibraryRecorder(session_id)
        chosen = self._settings()

        def listen(event: SessionEvent) -> None:
            recorder(event)
            listener(event)

        try:
            done = transcribe_missing(stored, self._model.spec, chosen, listen, self._interruption)
        finally:
            recorder.close()
        library.set_state(session_id, SessionState.FINISHED, done.sound_s)
        if self._interruption.is_requested:
            return False
        return done.unfinished < done.missing or not done.missing

    def _settings(self) -> SessionSettings:
        from granite_live.app.factory import SessionSettings

        chosen = SessionSettings.of(load_settings())
        if self._polish is not None:
            chosen = replace(chosen, polish=self._polish)
        if self._keep_echo is not None:
            chosen = replace(chosen, keep_echo=self._keep_echo)
        return chosen


class _FinishedSession:
    """A finished session in the form that `session.recovery` takes: all utterances lack their text.

    Utterance boundaries stay as they were. Nothing is written.
    """

    def __init__(self, folder: Path) -> None:
        """Open the recording.

        Raises:
            AudioError: The recording is deleted or unreadable.
        """
        from granite_live.audio.journal import open_session_audio
        from granite_live.audio.journal.records import (
            RECORDS_NAME,
            read_records,
            summarize_utterances,
        )
        from granite_live.audio.journal.sound import has_system_track

        self.sounds: tuple[SampleReader, ...] = (open_session_audio(folder),)
        if has_system_track(folder):
            self.sounds += (open_session_audio(folder, 1),)
        try:
            self.records: Sequence[Mapping[str, Any]] = read_records(folder / RECORDS_NAME).records
        except OSError:
            # Without records, segment the recording again.
            self.records = ()
        found = summarize_utterances(map(dict, self.records), self.sounds[0].sample_rate_hz)
        self.missing: tuple[RecordedUtterance, ...] = tuple(
            replace(one, final=None)
            for one in found
            if one.end_sample is not None
            and one.track < len(self.sounds)
            and one.start_sample < self.sounds[one.track].samples
        )
        self.unsegmented_from_samples = [one.samples if self.missing else 0 for one in self.sounds]
        self.next_utterance = max((one.number for one in found), default=-1) + 1

    def append_record(self, record: Mapping[str, Any]) -> None:
        """Store nothing: the journal describes the original session."""

    def finish(self) -> None:
        """Close the recording."""
        for one in self.sounds:
            one.close()

    def close(self) -> None:
        """Close the recording."""
        for one in self.sounds:
            one.close()


def _folder(session: SavedSession) -> Path:
    from granite_live.audio.journal import sessions_dir

    return sessions_dir() / session.journal


def _delete_new_session(library: Library, session_id: int) -> None:
    from granite_live.library import SessionState

    library.set_state(session_id, SessionState.FINISHED)
    library.delete_session(session_id)
