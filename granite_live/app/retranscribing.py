"""Transcribes a stored session again, with another model or tier."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.corrections import take_over
from granite_live.app.tasks import Outcome
from granite_live.settings import load_settings
from granite_live.util.errors import HistoryError

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.audio.journal import RecordedUtterance, StoredSound
    from granite_live.library import Library, Session
    from granite_live.session.events import Event
    from granite_live.transcript.polish import Polish


class Retranscribing:
    """A `Task` that transcribes a stored session again."""

    def __init__(self, session: Session, model: ModelChoice, polish: Polish | None = None) -> None:
        """Store the arguments; without `polish`, the settings decide."""
        from granite_live.session.recovery import Interruption

        self._session, self._model = session, model
        self._polish = polish
        self._interruption = Interruption()

    def stop(self) -> None:
        """Stop soon, without a result. Returns at once."""
        self._interruption.interrupt()

    def run(self, listener: Callable[[Event], None]) -> Outcome:
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
            raise HistoryError("This session is not finished: recover it before anything else.")
        if session.sound_deleted or not session.journal:
            raise HistoryError("The sound of this session is deleted: there is nothing to hear.")
        stored = _Stored(_folder(session))
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
            try:
                is_complete = self._transcribe(stored, session_id, listener, library)
                if is_complete:
                    return Outcome(session_id, take_over(library, session.id, session_id))
            except BaseException:
                _drop(library, session_id)
                raise
            _drop(library, session_id)
        return Outcome(None)

    def _transcribe(
        self,
        stored: _Stored,
        session_id: int,
        listener: Callable[[Event], None],
        library: Library,
    ) -> bool:
        from granite_live.app.composition import RECOGNISER_FACTORY, SessionSettings, make_cutter
        from granite_live.app.polished_events import polishing
        from granite_live.library import SessionState
        from granite_live.library.recorder import Recorder
        from granite_live.session.recovery import recover

        recorder = Recorder(session_id)

        def listen(event: Event) -> None:
            recorder(event)
            listener(event)

        try:
            done = recover(
                stored,
                make_cutter(),
                RECOGNISER_FACTORY,
                self._model.spec,
                polishing(self._polish or SessionSettings.of(load_settings()).polish, listen),
                interruption=self._interruption,
            )
        finally:
            recorder.close()
        library.set_state(session_id, SessionState.FINISHED, done.sound_s)
        if self._interruption.is_wanted:
            return False
        return done.unfinished < done.missing or not done.missing


class _Stored:
    """A finished session in the form that `live.recovery` takes: all utterances lack their text.

    Utterance boundaries stay as they were. Nothing is written.
    """

    def __init__(self, folder: Path) -> None:
        """Open the recording.

        Raises:
            AudioError: The recording is deleted or unreadable.
        """
        from granite_live.audio.journal import open_sound
        from granite_live.audio.journal.records import RECORDS_NAME, read_records
        from granite_live.audio.journal.utterances import summarised

        self.sound: StoredSound = open_sound(folder)
        try:
            self.records: Sequence[Mapping[str, Any]] = read_records(folder / RECORDS_NAME).records
        except OSError:
            # Without records, segment the recording again.
            self.records = ()
        found = summarised(map(dict, self.records), self.sound.sample_rate_hz)
        self.missing: tuple[RecordedUtterance, ...] = tuple(
            replace(one, final=None)
            for one in found
            if one.end_sample is not None and one.start_sample < self.sound.samples
        )
        self.unsegmented_from_sample = self.sound.samples if self.missing else 0
        self.next_utterance = max((one.number for one in found), default=-1) + 1

    def append_record(self, record: Mapping[str, Any]) -> None:
        """Store nothing: the journal describes the original session."""

    def finish(self) -> None:
        """Close the recording."""
        self.sound.close()

    def close(self) -> None:
        """Close the recording."""
        self.sound.close()


def _folder(session: Session) -> Path:
    from granite_live.audio.journal import sessions_dir

    return sessions_dir() / session.journal


def _drop(library: Library, session_id: int) -> None:
    from granite_live.library import SessionState

    library.set_state(session_id, SessionState.FINISHED)
    library.delete_session(session_id)
