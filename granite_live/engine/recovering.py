"""Recovers sessions that a crash or an early exit left without their last texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.engine.tasks import Outcome
from granite_live.settings import load_settings

if TYPE_CHECKING:
    from granite_live.engine.models import ModelChoice
    from granite_live.live.events import Event
    from granite_live.transcript.history import Library


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A session to recover. `warning` describes damage, "" for none."""

    journal: Path
    started: datetime | None
    duration_s: float
    warning: str


def find_interrupted() -> tuple[Interrupted, ...]:
    """Return the interrupted sessions, oldest first.

    Raises:
        AudioError: The sessions folder cannot be read.
    """
    from granite_live.audio.journal import find_unfinished

    return tuple(
        Interrupted(one.path, one.started, one.duration_s, one.warning) for one in find_unfinished()
    )


class Recovering:
    """A `Task` that finishes an interrupted session: first the missing texts, then the files."""

    def __init__(self, session: Interrupted, model: Callable[[], ModelChoice]) -> None:
        """Store the arguments; `run` calls `model` in its thread."""
        from granite_live.live.recovery import Interruption

        self._session, self._model = session, model
        self._interruption = Interruption()

    def stop(self) -> None:
        """Stop soon; utterances without text can be recovered later. Returns at once."""
        self._interruption.interrupt()

    def run(self, listener: Callable[[Event], None]) -> Outcome:
        """Recover the session and return it. Takes as long as transcribing the missing speech.

        Raises:
            GraniteError: The session cannot be read, or the disk cannot be written.
        """
        from granite_live.audio.journal import open_for_recovery
        from granite_live.composition import RECOGNISER_FACTORY, SessionSettings, make_cutter
        from granite_live.live.recovery import recover
        from granite_live.transcript.history import Library, SessionState
        from granite_live.transcript.history.recorder import Recorder
        from granite_live.transcript.polished_events import polishing

        session, model = self._session, self._model()
        chosen = SessionSettings.of(load_settings())
        with Library.open() as library:
            session_id = _listed(library, session, model)
            recorder = Recorder(session_id)

            def listen(event: Event) -> None:
                recorder(event)
                listener(event)

            try:
                left = open_for_recovery(session.journal)
                done = recover(
                    left,
                    make_cutter(chosen),
                    RECOGNISER_FACTORY,
                    model.spec,
                    polishing(chosen.polish, listen),
                    interruption=self._interruption,
                )
            finally:
                recorder.close()
            state = SessionState.INTERRUPTED if done.unfinished else SessionState.FINISHED
            library.set_state(session_id, state, done.sound_s)
        return Outcome(session_id, without_text=done.unfinished)


def _listed(library: Library, session: Interrupted, model: ModelChoice) -> int:
    from granite_live.engine.adopting import new_session, recorded

    known = library.sessions_of_journal(session.journal.name)
    if known:
        return known[0].id
    started = session.started or datetime.now().astimezone()
    new = new_session(session.journal, started, recorded(session.journal) or ())
    return library.create_session(replace(new, model_path=str(model.path), tier=model.tier))
