"""Recovers sessions that a crash or an early exit left without their last texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.resuming import listed
from granite_live.app.tasks import Outcome
from granite_live.settings import load_settings
from granite_live.transcript.export.timestamps import clock

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.audio.journal import Recovery, UnfinishedSession
    from granite_live.session.events import Event


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A session to recover. `warning` describes damage, "" for none.

    Attributes:
        file: The recording that it can be resumed from, None if there is none.
        audio_track: The track of `file` that was asked for.
        resume_key: Identifies the recording, the model and the options; see `resuming`.
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


def find_interrupted() -> tuple[Interrupted, ...]:
    """Return the interrupted sessions, oldest first.

    Raises:
        AudioError: The sessions folder cannot be read.
    """
    from granite_live.audio.journal import find_unfinished

    return tuple(map(_interrupted, find_unfinished()))


def _interrupted(one: UnfinishedSession) -> Interrupted:
    found = Interrupted(one.path, one.started, one.duration_s, one.warning)
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


class Recovering:
    """A `Task` that finishes an interrupted session: first the missing texts, then the files."""

    def __init__(self, session: Interrupted, model: Callable[[], ModelChoice]) -> None:
        """Store the arguments; `run` calls `model` in its thread."""
        from granite_live.session.recovery import Interruption

        self._session, self._model = session, model
        self._interruption = Interruption()

    def stop(self) -> None:
        """Stop soon; utterances without text can be recovered later. Returns at once."""
        self._interruption.interrupt()

    def run(self, listener: Callable[[Event], None]) -> Outcome:
        """Recover the session and return it. Takes as long as transcribing the missing speech.

        What is missing of the recording that it came from is read first, if that is still there.

        Raises:
            GraniteError: The session cannot be read, or the disk cannot be written.
        """
        from granite_live.app.composition import RECOGNISER_FACTORY, SessionSettings, make_cutter
        from granite_live.app.polished_events import polishing
        from granite_live.audio.journal import open_for_recovery
        from granite_live.library import Library, SessionState
        from granite_live.library.recorder import Recorder
        from granite_live.session.recovery import recover

        session, model = self._session, self._model()
        chosen = SessionSettings.of(load_settings())
        with Library.open() as library:
            session_id = session.session_id or listed(session, model)
            recorder = Recorder(session_id)

            def listen(event: Event) -> None:
                recorder(event)
                listener(event)

            try:
                left = open_for_recovery(session.journal)
                try:
                    detail = self._read_rest(left)
                except BaseException:
                    left.close()
                    raise
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
        return Outcome(session_id, without_text=done.unfinished, detail=detail)

    def _read_rest(self, left: Recovery) -> str:
        """Read what is missing of the recording; return a sentence if that is not possible."""
        from granite_live.audio.file_rest import append_rest, is_read_to_its_end

        file = self._session.file
        if file is None or is_read_to_its_end(left):
            return ""
        if not file.exists():
            return (
                f"'{file.name}' is no longer there, so that the text ends at "
                f"{clock(left.sound.samples / left.sample_rate_hz)}."
            )
        append_rest(left, file, lambda: self._interruption.is_wanted)
        return ""
