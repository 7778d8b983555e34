"""Start, run and end live sessions."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.file_transcription import open_recording, resume_key
from granite_live.settings import Keep, Settings, load_settings
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.app.input_devices import InputDevices
    from granite_live.app.listeners import LiveExport
    from granite_live.app.models import ModelChoice
    from granite_live.audio.journal import Journal
    from granite_live.audio.source import AudioSource
    from granite_live.library import Library, NewSession, SavedSession
    from granite_live.library.recorder import LibraryRecorder
    from granite_live.session.events import SessionEvent
    from granite_live.session.session import Session


_log = logging.getLogger(__name__)

# A file's audio exists anyway, so its journal is synced rarely.
_SYNC_FILE_EVERY_S = 10.0
_EMPTY_S = 5.0
"""A live session without speech that is shorter was started by mistake."""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What to transcribe: a file, or the input of this id, or the default input of its kind.

    With `with_system_sound`, the computer's own output is recorded beside the microphone, on a
    track of its own.

    A dictation session begins paused, with the input open and the model loading, so that it starts
    fast; nothing is recorded before. If nothing was recorded at all, it leaves no entry.
    """

    input_id: str | None = None
    system_sound: bool = False
    with_system_sound: bool = False
    file: Path | None = None
    audio_track: int | None = None
    is_dictation: bool = False


class RunningSession:
    """A session that is recorded in the library. Methods may be called from any thread."""

    def __init__(
        self,
        session: Session,
        recorder: LibraryRecorder,
        export: LiveExport,
        journal: Path,
        *,
        is_dictation: bool = False,
        empty_s: float | None = None,
    ) -> None:
        """Store the parts of a session.

        Args:
            session: The session.
            recorder: Its listener that writes the library.
            export: Its listener that writes the live text file.
            journal: Its folder.
            is_dictation: Whether it begins paused.
            empty_s: At the end, a session without speech that is no longer than these seconds is
                discarded; None for never.
        """
        self._is_dictation, self._empty_s = is_dictation, empty_s
        self._is_library_synced = False
        self._discard_lock = threading.Lock()
        self.is_discarded = False
        """After `join`: whether nothing was said, so that the session is not in the library."""
        self._session = session
        self._recorder = recorder
        self._export = export
        self.session_id = recorder.session_id
        """The id in the library, 0 if the library did not accept it at first."""
        self.journal = journal

    def start(self) -> None:
        """Start; a dictation starts paused."""
        if self._is_dictation:
            self._session.pause()  # before any audio arrives
        self._session.start()

    def pause(self) -> None:
        """Stop recording until `resume`."""
        self._session.pause()

    def resume(self) -> None:
        """Continue recording."""
        self._session.resume()

    def stop(self, *, keep_unfinished: bool = False) -> None:
        """Stop capturing, see `Session.stop`. Returns within a second."""
        self._session.stop(keep_unfinished=keep_unfinished)

    def switch_model(self, model: ModelChoice) -> None:
        """Switch to another model as soon as it is loaded, see `Session.use`."""
        self._session.switch_model(model.spec)

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is written and closed; return whether it is."""
        if not self._session.join(timeout_s):
            return False
        self._recorder.close()
        self._export.stop()
        self._discard_if_empty()
        self._sync_library()
        return True

    def set_live_export(self, path: Path | None, lines: int) -> None:
        """Write a text file that follows the session, None for none; see `LiveExport`.

        May take two seconds if the disk hangs.
        """
        if path is None:
            self._export.stop()
        else:
            self._export.start(path, lines)

    def _discard_if_empty(self) -> None:
        """Delete a session that was started by mistake, with its recording."""
        from granite_live.session.intake import SAMPLE_RATE_HZ

        if self._empty_s is None or self._session.utterances:
            return
        if self._session.samples_recorded > self._empty_s * SAMPLE_RATE_HZ:
            return
        from granite_live.app.library_sync import delete
        from granite_live.audio.journal.retention import Deletion, DeletionScope
        from granite_live.audio.journal.retention import delete as delete_journal
        from granite_live.library import Library, SessionPart

        with self._discard_lock:
            if self.is_discarded:
                return
            try:
                if self._recorder.session_id:
                    with Library.open() as library:
                        session = library.session(self._recorder.session_id)
                    delete(session, SessionPart.BOTH)
                else:
                    delete_journal([Deletion(self.journal, DeletionScope.EVERYTHING)])
            except GraniteError as error:
                _log.warning("An empty session could not be removed from the list. %s", error)
            else:
                self.is_discarded = True

    def _sync_library(self) -> None:
        """Import from the journals what the library rejected or lost.

        If that fails, the next start of the program retries it.
        """
        recorder = self._recorder
        is_listed = bool(recorder.session_id) and not recorder.unsaved_results
        if self._is_library_synced or (is_listed and not recorder.is_library_replaced):
            return
        self._is_library_synced = True
        from granite_live.app.library_sync import open_library, stored_polish, sync_library

        try:
            library, _ = open_library()
            with library:
                sync_library(library, stored_polish())
        except GraniteError as error:
            _log.warning("A session could not be added to the list. %s", error)

    @property
    def unpacked_reason(self) -> str:
        """After `join`: why the recording is not in its final form yet, "" if it is."""
        return self._session.packing_error


class SessionStarter:
    """Starts sessions on the watched inputs."""

    def __init__(
        self,
        inputs: InputDevices,
        on_live_export_error: Callable[[str], None],
        on_library_error: Callable[[str], None],
    ) -> None:
        """Store the callbacks for errors; they receive a sentence, from any thread.

        Args:
            inputs: The input devices.
            on_live_export_error: Called if the live text file cannot be written.
            on_library_error: Called if the library cannot be written.
        """
        self._inputs = inputs
        self._on_live_export_error = on_live_export_error
        self._on_library_error = on_library_error

    def start(
        self, request: SessionRequest, model: ModelChoice, listener: Callable[[SessionEvent], None]
    ) -> RunningSession:
        """Start a session and return it. May take a second.

        Raises:
            GraniteError: The input or file does not exist, or this computer cannot record.
        """
        from granite_live.audio.journal import Journal
        from granite_live.audio.journal.recording import SYNC_EVERY_S

        settings = load_settings()
        if request.is_dictation and settings.dictation_quick:
            model = replace(model, skip_editor="fast")
        source = self._open_source(request)
        system_source: AudioSource | None = None
        if request.with_system_sound:
            system_source = self._inputs.open_source(None, system_sound=True)
        sync_every_s = SYNC_EVERY_S if request.file is None else _SYNC_FILE_EVERY_S
        key = "" if request.file is None else session_resume_key(request, model, settings)
        journal = Journal.create(
            sync_every_s=sync_every_s,
            origin=source.origin,
            resume_key=key,
            system_source="" if system_source is None else system_source.origin.name,
            stores_peaks=True,
        )
        try:
            running = self._build_session(
                *(request, model, listener, settings, source, system_source, journal)
            )
        except BaseException:
            journal.discard()
            raise
        running.start()
        return running

    def _build_session(
        self,
        request: SessionRequest,
        model: ModelChoice,
        listener: Callable[[SessionEvent], None],
        settings: Settings,
        source: AudioSource,
        system_source: AudioSource | None,
        journal: Journal,
    ) -> RunningSession:
        from granite_live.app.factory import SessionSettings, make_session
        from granite_live.app.listeners import LiveExport
        from granite_live.library.recorder import LibraryRecorder

        new = _new_session(request, model, source, system_source, journal)
        recorder = LibraryRecorder(new, on_error=self._on_library_error)
        export = LiveExport(self._on_live_export_error)

        def listen(event: SessionEvent) -> None:
            # An error in one listener must not keep the event from the others.
            with ExitStack() as calls:
                for hear in (recorder, export, listener):
                    calls.callback(hear, event)

        try:
            session = make_session(
                source,
                model.spec,
                journal,
                listen,
                SessionSettings.of(settings, is_dictation=request.is_dictation),
                system_source,
            )
        except BaseException:
            recorder.discard()
            raise
        if request.file is None and settings.live_export:
            export.start(Path(settings.live_export), settings.live_export_lines)
        empty_s = None if request.file is not None else _EMPTY_S
        if request.is_dictation:
            empty_s = 0.0  # a held key can be shorter than any session
        return RunningSession(
            session,
            recorder,
            export,
            journal.path,
            is_dictation=request.is_dictation,
            empty_s=empty_s,
        )

    def _open_source(self, request: SessionRequest) -> AudioSource:
        if request.file is None:
            return self._inputs.open_source(request.input_id, system_sound=request.system_sound)
        from granite_live.audio.file_source import FileSource

        open_recording(request.file, request.audio_track).close()
        return FileSource(request.file, audio_track=request.audio_track)


def session_resume_key(request: SessionRequest, model: ModelChoice, settings: Settings) -> str:
    """Return the `resume_key` of a file's session, "" if the file cannot be read."""
    assert request.file is not None
    options = [
        *(request.audio_track, model.tier, model.provider, model.skip_editor),
        *(model.editing_passes, settings.silence_ms, settings.detector),
    ]
    try:
        return resume_key(request.file, model.path, options)
    except OSError:
        return ""


def _new_session(
    wanted: SessionRequest,
    model: ModelChoice,
    source: AudioSource,
    system_source: AudioSource | None,
    journal: Journal,
) -> NewSession:
    """Return the library entry of a session that begins."""
    from granite_live.app.library_sync import source_names
    from granite_live.library import NewSession, SourceKind

    kind, name = SourceKind(source.origin.kind.value), source.origin.name
    if system_source is not None:
        kind, name = SourceKind.MEETING, source_names(name, system_source.origin.name)
    return NewSession(
        started_at=journal.started,
        source_kind=kind,
        source=name,
        journal=journal.path.name,
        title="" if wanted.file is None else wanted.file.stem,
        model_path=str(model.path),
        tier=model.tier,
    )


def finalize_session(session_id: int, total_s: float = 0.0) -> None:
    """Finish a session that was stopped with utterances left.

    With `total_s`, the length of its file in seconds, the session notes where its text ends.

    Packs the recording, or deletes it if the settings keep only text. A finished session stays as
    it is. May take seconds.

    Raises:
        GraniteError: Another program uses the session, or the disk cannot be written; it stays
            recoverable.
    """
    from granite_live.audio.journal import open_for_recovery, sessions_dir
    from granite_live.library import Library, SessionState

    with Library.open() as library:
        session = library.session(session_id)
        if session.state is not SessionState.FINISHED:
            left = open_for_recovery(sessions_dir() / session.journal)
            try:
                left.finish(keep_sound=load_settings().keep.keep is not Keep.TEXT)
            finally:
                left.close()
            library.set_state(session_id, SessionState.FINISHED)
        if total_s:
            library.set_notes(session_id, _canceled_notes(library, session, total_s))


def _canceled_notes(library: Library, session: SavedSession, total_s: float) -> str:
    """Return the session's notes, with where its text ends."""
    from granite_live.messages import joined
    from granite_live.messages.library import LibraryMessage
    from granite_live.transcript.export.text_formats import format_clock

    done_s = max((line.end_s for line in library.utterances(session.id)), default=0.0)
    canceled = LibraryMessage.CANCELED_AT(done=format_clock(done_s), total=format_clock(total_s))
    return joined(filter(None, (session.notes, canceled)))
