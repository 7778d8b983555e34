"""Sessions that a crash, or a quick end of the program, left without their last texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.engine.models import ModelChoice
    from granite_live.live.events import Event
    from granite_live.transcript.history import Library


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A session to recover. `warning` says if something about it is wrong."""

    journal: Path
    started: datetime | None
    duration_s: float
    warning: str


def find_interrupted() -> tuple[Interrupted, ...]:
    """Return the interrupted sessions, oldest first.

    Raises:
        AudioError: The folder of the sessions cannot be read.
    """
    from granite_live.audio.journal import find_unfinished

    return tuple(
        Interrupted(one.path, one.started, one.duration_s, one.warning) for one in find_unfinished()
    )


class Recovering:
    """Finishes an interrupted session: the missing texts, then the files."""

    def __init__(self, model: ModelChoice) -> None:
        self._model = model

    def recover(self, session: Interrupted, listener: Callable[[Event], None]) -> int:
        """Do it; return the session's id in the library. Takes as long as its speech needs.

        Raises:
            GraniteError: It cannot be read, or the disk does not take the rest.
        """
        from granite_live.audio.journal import open_for_recovery
        from granite_live.composition import RECOGNISER_FACTORY, make_cutter
        from granite_live.live.recovery import recover
        from granite_live.transcript.history import Library, SessionState
        from granite_live.transcript.history.recorder import Recorder

        with Library.open() as library:
            session_id = self._listed(library, session)
            recorder = Recorder(session_id)

            def listen(event: Event) -> None:
                recorder(event)
                listener(event)

            try:
                left = open_for_recovery(session.journal)
                done = recover(left, make_cutter(), RECOGNISER_FACTORY, self._model.spec, listen)
            finally:
                recorder.close()
            state = SessionState.INTERRUPTED if done.unfinished else SessionState.FINISHED
            library.set_state(session_id, state, done.sound_s)
        return session_id

    def _listed(self, library: Library, session: Interrupted) -> int:
        from granite_live.engine.adopting import new_session, recorded

        known = library.sessions_of_journal(session.journal.name)
        if known:
            return known[0].id
        started = session.started or datetime.now().astimezone()
        new = new_session(session.journal, started, recorded(session.journal) or ())
        model = self._model
        return library.create_session(replace(new, model_path=str(model.path), tier=model.tier))
