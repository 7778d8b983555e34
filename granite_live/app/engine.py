"""What a front end may ask for: inputs, sessions, models, playback. One object, replaceable in
tests.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.corrections import is_worth_offering
from granite_live.app.file_transcription import FileTracks, file_tracks, open_recording
from granite_live.app.input_devices import AudioInput, InputDevices
from granite_live.app.library_sync import delete, find_or_add_session
from granite_live.app.model_inventory import ModelInventory
from granite_live.app.models import (
    ModelChoice,
    ModelRequest,
    all_models,
    set_aside_damaged_files,
    stored_model,
)
from granite_live.app.retranscription import RetranscriptionTask
from granite_live.app.session_player import SessionPlayer
from granite_live.app.session_tasks import (
    InterruptedSession,
    RecoveryTask,
    find_interrupted,
)
from granite_live.app.sessions import (
    RunningSession,
    SessionRequest,
    SessionStarter,
    finalize_session,
    session_resume_key,
)
from granite_live.app.sound_search import SoundSearchTask
from granite_live.settings import load_settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.app.alignment_tasks import AlignedSessionTask, AlignmentTask
    from granite_live.app.comparison import Comparison, ComparisonRequest
    from granite_live.app.level_monitor import LevelListener, LevelMonitor
    from granite_live.app.session_tasks import SessionTask
    from granite_live.library import SavedSession, SessionPart
    from granite_live.session.events import SessionEvent
    from granite_live.transcript.model import RecordingTranscript


_log = logging.getLogger(__name__)


class Engine:
    """The application as seen by the window. Call methods that "may take" time in a thread."""

    def __init__(self) -> None:
        self.on_inputs_changed: Callable[[], None] = lambda: None
        """Called from any thread when an input device is added or removed."""
        self.on_live_export_error: Callable[[str], None] = _log.warning
        """Called from any thread with a sentence when the live text file cannot be written."""
        self.on_library_error: Callable[[str], None] = _log.warning
        """Called from any thread with a sentence when the library is damaged or busy."""
        self._inputs = InputDevices(lambda: self.on_inputs_changed())
        self._sessions = SessionStarter(
            self._inputs,
            lambda told: self.on_live_export_error(told),
            lambda told: self.on_library_error(told),
        )
        self._player = SessionPlayer()
        self.model_inventory = ModelInventory()
        """The installed and available models, and the operations on them."""

    def watch_inputs(self) -> None:
        """Start watching the input devices. May take seconds.

        Raises:
            AudioError: This computer cannot record.
        """
        self._inputs.open()

    def refresh_inputs(self) -> None:
        """Enumerate the inputs where the system does not report changes. May take seconds.

        Raises:
            AudioError: The sound system does not answer.
        """
        self._inputs.refresh()

    def inputs(self) -> tuple[AudioInput, ...]:
        """Return the known inputs."""
        return self._inputs.devices()

    def monitor_level(
        self, input_id: str | None, *, system_sound: bool, listener: LevelListener
    ) -> LevelMonitor:
        """Measure the level of an input until `stop` of the result; nothing is recorded.

        `listener` is called from a thread. May take a second.

        Raises:
            AudioError: The input is not connected, or this computer cannot record.
        """
        from granite_live.app.level_monitor import LevelMonitor

        source = self._inputs.open_source(input_id, system_sound=system_sound)
        monitor = LevelMonitor(source, listener)
        monitor.start()
        return monitor

    def default_model(self) -> ModelChoice:
        """Return the model that a new session would use. May take a second.

        Raises:
            BundleError: No model is usable.
        """
        return stored_model()

    def models(self) -> tuple[ModelChoice, ...]:
        """Return every tier of every usable model. May take a second.

        Raises:
            BundleError: No model is usable.
        """
        settings = load_settings()
        path = ModelRequest.of(settings).path
        return all_models(path, settings.provider, settings.skip_editor, settings.editing_passes)

    def start_session(
        self, request: SessionRequest, listener: Callable[[SessionEvent], None]
    ) -> RunningSession:
        """Start a session; `listener` is called from its threads. May take a second.

        Raises:
            GraniteError: The session cannot start; the message says why.
        """
        return self._sessions.start(request, self.default_model(), listener)

    def duration_s(self, request: SessionRequest) -> float:
        """Return a file's duration in seconds, 0.0 if it is unknown before decoding.

        Raises:
            AudioError: The file cannot be read.
        """
        if request.file is None:
            return 0.0
        with open_recording(request.file) as audio:
            return audio.duration_s or 0.0

    def tracks(self, wanted: SessionRequest) -> FileTracks | None:
        """Return which audio track of a file is taken; None if no other one has sound.

        May take a second.

        Raises:
            AudioError: The file cannot be read.
        """
        if wanted.file is None:
            return None
        with open_recording(wanted.file) as audio:
            return file_tracks(audio, wanted.audio_track)

    def interrupted_sessions(self) -> tuple[InterruptedSession, ...]:
        """Return the sessions that can be recovered. May take a second.

        Raises:
            AudioError: The sessions folder cannot be read.
        """
        return find_interrupted()

    def interrupted_file(self, wanted: SessionRequest) -> InterruptedSession | None:
        """Return the interrupted session that goes on with a file, None if there is none.

        It is the newest one of the same file, track, model and options. May take a second.

        Raises:
            GraniteError: The sessions cannot be read, or there is no model.
        """
        if wanted.file is None:
            return None
        left = [one for one in find_interrupted() if one.resume_key]
        if not left:
            return None
        model = self.default_model()
        key = session_resume_key(wanted, model, load_settings())
        same = [one for one in left if one.resume_key == key]
        if not same:
            return None
        found = replace(same[-1], file=wanted.file)
        return replace(found, session_id=find_or_add_session(found, model))

    def recovery_task(self, session: InterruptedSession) -> SessionTask:
        """Return the task that finishes an interrupted session, with the rest of its file."""
        return RecoveryTask(session, self.default_model)

    def continuation_task(self, session: SavedSession) -> SessionTask:
        """Return the task that adds the rest of a canceled file to its session."""
        from granite_live.app.session_tasks import ContinuationTask

        return ContinuationTask(session, self.default_model)

    def retranscription_task(self, session: SavedSession, model: ModelChoice) -> SessionTask:
        """Return the task that transcribes a finished session again, with this model."""
        return RetranscriptionTask(session, model)

    def finalize_session(self, session_id: int, total_s: float = 0.0) -> None:
        """Finish a session that was stopped with utterances left. May take seconds.

        With `total_s`, the length of its file in seconds, it notes where its text ends.

        Raises:
            GraniteError: Another program uses the session, or the disk cannot be written.
        """
        finalize_session(session_id, total_s)

    def play(
        self,
        session: SavedSession,
        start_s: float,
        end_s: float,
        on_finished: Callable[[str], None],
        speed: float = 1.0,
        track: int | None = None,
    ) -> None:
        """Play a range of a session's recording, see `SessionPlayer.play`. May take a second.

        Call this and `stop_playing` from one thread at a time.

        Raises:
            AudioError: The recording of this session is deleted.
        """
        self._player.play(session, start_s, end_s, on_finished, speed, track)

    @property
    def play_position_s(self) -> float | None:
        """The playing position in the recording, None if nothing plays. For any thread."""
        return self._player.position_s

    def session_peaks(
        self, session: SavedSession, is_cancelled: Callable[[], bool]
    ) -> NDArray[np.uint8]:
        """Return a recording's peaks, see `audio.journal.peaks.session_peaks`. May take seconds.

        Raises:
            AudioError: The recording of this session is deleted, or cannot be read.
        """
        return SessionPlayer.peaks(session, is_cancelled)

    def sound_search(self, term: str, session_id: int | None = None) -> SoundSearchTask:
        """Return a task that searches the recordings of all sessions, or of one, for a term."""
        return SoundSearchTask(term, session_id)

    def alignment(self, recording: Path, text: Path) -> AlignmentTask:
        """Return a task that finds when the words of a text file are said in a recording."""
        from granite_live.app.alignment_tasks import AlignmentTask

        return AlignmentTask(recording, text)

    def aligned_session(self, transcript: RecordingTranscript) -> AlignedSessionTask:
        """Return a task that saves an aligned text with its sound as a session."""
        from granite_live.app.alignment_tasks import AlignedSessionTask

        return AlignedSessionTask(transcript)

    def comparison(self, request: ComparisonRequest) -> Comparison:
        """Return a comparison of models, not yet begun."""
        from granite_live.app.comparison import Comparison

        return Comparison(request)

    def is_worth_offering(self, term: str) -> bool:
        """Return whether a corrected term is new and rare. May take a second.

        Raises:
            BundleError: No model is usable.
        """
        model = self.default_model()
        return is_worth_offering(term, model.path, model.tier)

    def stop_playing(self) -> bool:
        """Stop playback, see `SessionPlayer.stop`. May take a second."""
        return self._player.stop()

    def delete_session_part(self, session: SavedSession, part: SessionPart) -> None:
        """Delete a finished session's recording, its text, or both. May take a second.

        Raises:
            GraniteError: It cannot be deleted, or another program uses it.
        """
        delete(session, part)

    def sync_and_apply_retention(self) -> None:
        """Synchronize the library with the journals, then delete expired sessions.

        Call it at start-up, before a session begins. May take seconds.

        Raises:
            GraniteError: The settings, the journals or the library cannot be read.
        """
        from granite_live.app.alignment_tasks import remove_drafts
        from granite_live.app.library_sync import (
            apply_library_retention,
            open_library,
            stored_polish,
            sync_library,
        )
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.journal.retention import apply_retention

        for damage in set_aside_damaged_files():
            self.on_library_error(damage)
        remove_drafts()
        settings = load_settings()
        root, keep = sessions_dir(), settings.keep
        library, sentence = open_library(check_integrity=True)
        if sentence:
            self.on_library_error(sentence)
        with library:
            sync_library(library, stored_polish())
            try:
                outcome = apply_retention(root, keep)
            except OSError as error:
                _log.warning("The sessions in %s cannot be searched: %s", root, error)
                return
            for failure in outcome.failures:
                _log.warning("%s", failure)
            apply_library_retention(library, keep, datetime.now(UTC))

    def close(self) -> None:
        """Stop watching the inputs. May take a second."""
        self._inputs.close()
