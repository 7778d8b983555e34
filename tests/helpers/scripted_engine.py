"""Scripted engine for the window's tests, pictures and benchmarks.

It sends events from a thread of its own, as the real engine does, and stores them in the real
library.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.file_transcription import FileTracks
from granite_live.app.input_devices import AudioInput
from granite_live.app.library_sync import delete
from granite_live.app.listeners import LiveExport
from granite_live.app.models import ModelChoice
from granite_live.app.session_tasks import InterruptedSession, TaskResult
from granite_live.app.sessions import SessionRequest
from granite_live.app.sound_search import SoundPlace, SoundSearchResult
from granite_live.library import Library, NewSession, SavedSession, SessionState, SourceKind
from granite_live.library.recorder import LibraryRecorder
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.settings import load_settings
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import ModelInfo, Word
from granite_live.util.errors import AudioError, GraniteError
from helpers.scripted_inventory import ScriptedInventory, installed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.app.comparison import Candidate, ComparedModel, ComparisonRequest
    from granite_live.app.text_alignment import AlignedText
    from granite_live.transcript.model import RecordingTranscript

MICROPHONE = AudioInput("pulse:built-in", "Built-in microphone", False, True)
HEADSET = AudioInput("pulse:headset", "Headset", False, False)
SPEAKERS = AudioInput("pulse:speakers.monitor", "Speakers", True, True)
INFO = ModelInfo("/models/granite-nar", "int8", {"encoder": "CPUExecutionProvider"}, 0, 1)
DEMO = ModelInfo("/assets/demo", "int8", {"encoder": "CPUExecutionProvider"}, 0, 1, is_demo=True)

Listener = Callable[[events.SessionEvent], None]


def words(text: str, start_s: float, doubtful: dict[str, str | None] | None = None) -> Any:
    """Return a text as words; `doubtful` ones have a low confidence and a draft's word."""
    doubtful = doubtful or {}
    return tuple(
        Word(word, start_s + n * 0.3, start_s + n * 0.3 + 0.28, 0.41, doubtful[word])
        if word in doubtful
        else Word(word, start_s + n * 0.3, start_s + n * 0.3 + 0.28, 0.97)
        for n, word in enumerate(text.split())
    )


def final(
    number: int,
    start_s: float,
    text: str,
    doubtful: dict[str, str | None] | None = None,
    lag_s: float = 0.7,
) -> events.FinalText:
    """Return the final event of an utterance."""
    found = words(text, start_s, doubtful)
    end_s = found[-1].end_s if found else start_s
    return events.FinalText(end_s + lag_s, number, start_s, end_s, text, found, 0.9, text)


class ScriptedSession:
    """Session that sends the events given to `tell`, in order, from a thread of its own."""

    def __init__(
        self,
        session_id: int,
        journal: Path,
        listener: Listener,
        trouble: Callable[[str], None] = print,
    ) -> None:
        self.session_id, self.journal, self.unpacked_reason = session_id, journal, ""
        self.is_discarded = False
        self._export = LiveExport(trouble)
        self.asked: list[str] = []
        self.answers_stop = True
        self.models: list[ModelChoice] = []
        self._recorder = LibraryRecorder(session_id)
        self._listener = listener
        self._events: queue.SimpleQueue[events.SessionEvent | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="scripted session")
        self._thread.start()

    def tell(self, *told: events.SessionEvent) -> None:
        """Send these events."""
        for event in told:
            self._events.put(event)

    def close(self, **totals: int) -> None:
        """Send the totals and end."""
        usual = {
            "utterances": 0,
            "failed": 0,
            "samples_received": 160000,
            "samples_lost": 0,
            "worker_restarts": 0,
        }
        self.tell(events.SessionClosed(10.0, **{**usual, **totals}))
        self._events.put(None)

    def pause(self) -> None:
        """Send the paused state."""
        self.asked.append("pause")
        self.tell(events.StateChanged(5.0, "paused", "Paused: nothing is recorded."))

    def resume(self) -> None:
        """Send the listening state."""
        self.asked.append("resume")
        self.tell(events.StateChanged(6.0, "listening", "Listening to a script."))

    def stop(self, *, keep_unfinished: bool = False) -> None:
        """End as a session does."""
        self.asked.append("abandon" if keep_unfinished else "stop")
        if self.answers_stop or keep_unfinished:
            self.tell(events.StateChanged(9.0, "stopping", events.STOPPING_SENTENCE))
            self.close()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the thread."""
        self._thread.join(timeout_s)
        if not self._thread.is_alive():
            self._recorder.close()
            self._export.stop()
        return not self._thread.is_alive()

    def switch_model(self, model: ModelChoice) -> None:
        """Record the other model; the script sends the result."""
        self.models.append(model)

    def set_live_export(self, path: Path | None, lines: int = 0) -> None:
        """Let a file follow the events, as a real session does."""
        if path is None:
            self._export.stop()
        else:
            self._export.start(path, lines)

    def _run(self) -> None:
        while (event := self._events.get()) is not None:
            self._recorder(event)
            self._export(event)
            self._listener(event)


class ScriptedTask:
    """Task on a stored session that sends events and ends as scripted."""

    def __init__(self, ends_with: Callable[[], TaskResult]) -> None:
        self.asked: list[str] = []
        self._ends_with = ends_with
        self._told: queue.SimpleQueue[events.SessionEvent | TaskResult | GraniteError] = (
            queue.SimpleQueue()
        )

    def tell(self, *told: events.SessionEvent) -> None:
        """Send these events."""
        for event in told:
            self._told.put(event)

    def end(self, outcome: TaskResult | None = None) -> None:
        """End with this result, or with the task's own."""
        self._told.put(outcome or self._ends_with())

    def fail(self, sentence: str) -> None:
        """Fail with an error."""
        self._told.put(GraniteError(sentence))

    def stop(self) -> None:
        """Stop without a result."""
        self.asked.append("stop")
        self._told.put(TaskResult(None))

    def run(self, listener: Listener) -> TaskResult:
        """Run until the script ends the task."""
        while True:
            told = self._told.get()
            if isinstance(told, TaskResult):
                return told
            if isinstance(told, GraniteError):
                raise told
            listener(told)


class ScriptedMonitor:
    """Level of an input that tells what a test says."""

    def __init__(self, input_id: str | None, listener: Callable[..., None]) -> None:
        self.input_id, self.tell, self.is_stopped = input_id, listener, False

    def stop(self) -> None:
        """Stop measuring."""
        self.is_stopped = True


class ScriptedComparison:
    """A comparison of models that ends when the test says so."""

    def __init__(self, request: ComparisonRequest) -> None:
        self.request = request
        self.is_stopped = False
        self.began = threading.Event()
        self._over = threading.Event()
        self._result: list[ComparedModel] | GraniteError = []
        self.report: Callable[[Candidate, float], None] = lambda _running, _share: None

    def end(self, rows: list[ComparedModel]) -> None:
        """End with these rows."""
        self._result = rows
        self._over.set()

    def fail(self, sentence: str) -> None:
        """End with a problem."""
        self._result = GraniteError(sentence)
        self._over.set()

    def stop(self) -> None:
        """End without a result."""
        self.is_stopped = True
        self.fail("stopped")

    def run(self, on_progress: Callable[[Candidate, float], None]) -> list[ComparedModel]:
        """Wait for the end."""
        self.report = on_progress
        self.began.set()
        assert self._over.wait(30)
        if isinstance(self._result, GraniteError):
            raise self._result
        return self._result


class ScriptedSearch:
    """A search by sound that ends when the test says so."""

    def __init__(self, term: str, session_id: int | None) -> None:
        self.term, self.session_id = term, session_id
        self.is_stopped = False
        self.found_so_far: tuple[SoundPlace, ...] = ()
        self.began = threading.Event()
        self._over = threading.Event()
        self._result: SoundSearchResult | GraniteError = SoundSearchResult((), 0.0)
        self.report: Callable[[float], None] = lambda _share: None

    def end(self, *places: SoundPlace, problems: tuple[str, ...] = ()) -> None:
        """End with these places."""
        self._result = SoundSearchResult(places, 1.0, problems)
        self._over.set()

    def fail(self, sentence: str) -> None:
        """End with a problem."""
        self._result = GraniteError(sentence)
        self._over.set()

    def stop(self) -> None:
        """End with the places found so far."""
        self.is_stopped = True
        self._result = SoundSearchResult(self.found_so_far, 0.5)
        self._over.set()

    def run(self, on_progress: Callable[[float], None]) -> SoundSearchResult:
        """Wait for the end."""
        self.report = on_progress
        self.began.set()
        assert self._over.wait(30)
        if isinstance(self._result, GraniteError):
            raise self._result
        return self._result


class ScriptedAlignment:
    """An alignment, or the saving of its result, that ends when the test says so."""

    def __init__(self, recording: Path, text: Path) -> None:
        self.recording, self.text = recording, text
        self.is_stopped = False
        self.began = threading.Event()
        self._over = threading.Event()
        self._result: AlignedText | int | GraniteError = GraniteError("stopped")
        self.report: Callable[[float], None] = lambda _share: None

    def end(self, result: AlignedText | int | GraniteError) -> None:
        """End with a result or a problem."""
        self._result = result
        self._over.set()

    def stop(self) -> None:
        """End without a result."""
        self.is_stopped = True
        self._over.set()

    def run(self, on_progress: Callable[[float], None]) -> AlignedText | int:
        """Wait for the end."""
        self.report = on_progress
        self.began.set()
        assert self._over.wait(30)
        if isinstance(self._result, GraniteError):
            raise self._result
        return self._result


class ScriptedEngine:
    """Scripted replacement of `granite_live.app.engine.Engine`, without sound and model."""

    def __init__(self) -> None:
        self.on_inputs_changed: Callable[[], None] = lambda: None
        self.known: tuple[AudioInput, ...] = (MICROPHONE, HEADSET, SPEAKERS)
        self.left: tuple[InterruptedSession, ...] = ()
        self.refusal = ""
        self.no_inputs = ""
        self.wanted: list[SessionRequest] = []
        self.sessions: list[ScriptedSession] = []
        self.recovered: list[InterruptedSession] = []
        self.on_tidy: Callable[[], object] = lambda: None
        self.is_tidy = False
        self.has_searched = False
        self.on_live_export_error: Callable[[str], None] = print
        self.monitors: list[ScriptedMonitor] = []
        self.may_begin = threading.Event()
        self.may_begin.set()
        self.offered: tuple[ModelChoice, ...] = ()
        self.tasks: list[ScriptedTask] = []
        self.again: list[tuple[SavedSession, ModelChoice]] = []
        self.concluded: list[int] = []
        self.continued: list[SavedSession] = []
        self.played: list[tuple[int, float, float]] = []
        self.speeds: list[float] = []
        self.alignments: list[ScriptedAlignment] = []
        self.played_tracks: list[int | None] = []
        self.play_position_s: float | None = None
        self.peaks: NDArray[np.uint8] | None = None
        self.play_trouble = ""
        self._finished: Callable[[str], None] | None = None
        self.file_s = 60.0
        self.file_tracks: FileTracks | None = None
        self.is_closed = False
        self.began = threading.Event()
        self.model_inventory = ScriptedInventory()
        self.searches: list[ScriptedSearch] = []
        self.comparisons: list[ScriptedComparison] = []
        self.common_words: set[str] = set()

    @property
    def is_demo(self) -> bool:
        """Whether only the demo model exists."""
        return not self.model_inventory.here

    @is_demo.setter
    def is_demo(self, is_demo: bool) -> None:
        self.model_inventory.here = [] if is_demo else [installed()]

    def watch_inputs(self) -> None:
        """Report the scripted reason why nothing can be recorded, if there is one."""
        if self.no_inputs:
            raise AudioError(self.no_inputs)

    def refresh_inputs(self) -> None:
        """Do nothing."""

    def inputs(self) -> tuple[AudioInput, ...]:
        """Return the scripted inputs."""
        return self.known

    def plug(self, *known: AudioInput) -> None:
        """Replace the inputs; the change is reported from another thread."""
        self.known = known
        thread = threading.Thread(target=self.on_inputs_changed)
        thread.start()
        thread.join()

    def monitor_level(
        self, input_id: str | None, *, system_sound: bool, listener: Callable[..., None]
    ) -> ScriptedMonitor:
        """Return a level that the test tells, or raise the scripted error."""
        if self.refusal:
            raise AudioError(self.refusal)
        self.monitors.append(ScriptedMonitor(input_id, listener))
        return self.monitors[-1]

    def default_model(self) -> ModelChoice:
        """Return the scripted model."""
        name = "Granite Live demo" if self.is_demo else "granite-nar"
        return ModelChoice(Path("/models") / name, name, "int8", ("int8",), self.is_demo)

    def start_session(self, wanted: SessionRequest, listener: Listener) -> ScriptedSession:
        """Start a session, or raise the scripted error."""
        self.wanted.append(wanted)
        self.may_begin.wait()
        if self.refusal:
            raise AudioError(self.refusal)
        is_file = wanted.file is not None
        kind = SourceKind.FILE if is_file else SourceKind.MICROPHONE
        if wanted.with_system_sound:
            kind = SourceKind.MEETING
        with Library.open() as library:
            title = wanted.file.stem if wanted.file else ""
            journal = f"scripted-{len(self.sessions)}"
            source = str(wanted.file or "a script")
            new = NewSession(datetime.now(UTC), kind, source, journal=journal, title=title)
            session_id = library.create_session(new)
        session = ScriptedSession(session_id, Path("/nowhere"), listener, self._live_export_trouble)
        settings = load_settings()
        if settings.live_export and not is_file:
            session.set_live_export(Path(settings.live_export), settings.live_export_lines)
        if wanted.is_dictation:
            paused = events.StateChanged(0.1, "paused", "Paused: nothing is recorded.")
            session.tell(events.StateChanged(0.0, "waiting", "Waiting for a script."), paused)
        self.sessions.append(session)
        self.began.set()
        return session

    def duration_s(self, wanted: SessionRequest) -> float:
        """Return the scripted length of files."""
        if wanted.file is not None and wanted.file.suffix == ".broken":
            raise AudioError(f"'{wanted.file.name}' is no recording.")
        return self.file_s

    def tracks(self, _wanted: SessionRequest) -> FileTracks | None:
        """Return the scripted audio tracks of every file."""
        return self.file_tracks

    def interrupted_sessions(self) -> tuple[InterruptedSession, ...]:
        """Return the scripted interrupted sessions; none while the search runs."""
        found = self.left if self.is_tidy else ()
        self.has_searched = self.is_tidy
        return found

    def interrupted_file(self, wanted: SessionRequest) -> InterruptedSession | None:
        """Return the scripted rest of a file, None without one."""
        same = [one for one in self.interrupted_sessions() if one.file and one.file == wanted.file]
        return same[-1] if same else None

    def recovery_task(self, session: InterruptedSession) -> ScriptedTask:
        """Return a task that puts a session with one line into the library.

        It does so at once, but for a file and for a session of unknown length: those the test ends.
        """
        self.recovered.append(session)

        def recovered() -> TaskResult:
            return TaskResult(self.store("this was recovered"))

        task = ScriptedTask(recovered)
        if session.duration_s and session.file is None:
            task.end()
        self.tasks.append(task)
        return task

    def retranscription_task(self, session: SavedSession, model: ModelChoice) -> ScriptedTask:
        """Return a task that the test ends by `task.stop()`."""
        self.again.append((session, model))
        task = ScriptedTask(lambda: TaskResult(self.store("heard again", session)))
        self.tasks.append(task)
        return task

    def continuation_task(self, session: SavedSession) -> ScriptedTask:
        """Return a task that goes on with a session."""
        self.continued.append(session)
        task = ScriptedTask(lambda: TaskResult(session.id))
        self.tasks.append(task)
        return task

    def store(self, text: str, like: SavedSession | None = None) -> int:
        """Put a finished session of one line into the library; return its id."""
        journal = like.journal if like else "stored"
        began = like.started_at if like else datetime.now(UTC)
        with Library.open() as library:
            new = NewSession(began, SourceKind.MICROPHONE, journal=journal)
            session_id = library.create_session(new)
            recorder = LibraryRecorder(session_id)
            recorder(final(1, 0.0, text))
            recorder.close()
            library.set_state(session_id, SessionState.FINISHED, 2.0)
        return session_id

    def models(self) -> tuple[ModelChoice, ...]:
        """Return the scripted models."""
        return self.offered or (self.default_model(),)

    def finalize_session(self, session_id: int, total_s: float = 0.0) -> None:
        """Record the call, and note where the text ends."""
        self.concluded.append(session_id)
        if total_s:
            with Library.open() as library:
                notes = LibraryMessage.CANCELED_AT(done="0:01", total=format_clock(total_s))
                library.set_notes(session_id, notes)

    def play(
        self,
        session: SavedSession,
        start_s: float,
        end_s: float,
        finished: Callable[[str], None],
        speed: float = 1.0,
        track: int | None = None,
    ) -> None:
        """Play until `end_play`, or raise the scripted error."""
        self.stop_playing()
        if session.sound_deleted:
            raise AudioError(LibraryMessage.SOUND_DELETED_NOT_PLAYED())
        self.played.append((session.id, start_s, end_s))
        self.speeds.append(speed)
        self.played_tracks.append(track)
        self.play_position_s = start_s
        if self.play_trouble:
            finished(self.play_trouble)
        else:
            self._finished = finished

    def comparison(self, request: ComparisonRequest) -> ScriptedComparison:
        """Return a scripted comparison."""
        self.comparisons.append(ScriptedComparison(request))
        return self.comparisons[-1]

    def alignment(self, recording: Path, text: Path) -> ScriptedAlignment:
        """Return a scripted alignment."""
        self.alignments.append(ScriptedAlignment(recording, text))
        return self.alignments[-1]

    def aligned_session(self, transcript: RecordingTranscript) -> ScriptedAlignment:
        """Return a scripted saving."""
        self.alignments.append(ScriptedAlignment(Path(transcript.audio_path), Path()))
        return self.alignments[-1]

    def sound_search(self, term: str, session_id: int | None = None) -> ScriptedSearch:
        """Search by sound."""
        self.searches.append(ScriptedSearch(term, session_id))
        return self.searches[-1]

    def is_worth_offering(self, term: str) -> bool:
        """Say whether a word is not common."""
        return term not in self.common_words

    def session_peaks(
        self, session: SavedSession, is_cancelled: Callable[[], bool]
    ) -> NDArray[np.uint8]:
        """Return the scripted peaks."""
        import numpy as np

        return np.zeros(0, np.uint8) if self.peaks is None else self.peaks

    def stop_playing(self) -> bool:
        """Stop playback."""
        self.end_play()
        return True

    def end_play(self) -> None:
        """Reach the end of the playback."""
        finished, self._finished = self._finished, None
        self.play_position_s = None
        if finished is not None:
            finished("")

    def _live_export_trouble(self, sentence: str) -> None:
        self.on_live_export_error(sentence)

    delete_session_part = staticmethod(delete)

    def sync_and_apply_retention(self) -> None:
        """Run the scripted function, if any."""
        self.on_tidy()
        self.is_tidy = True

    def close(self) -> None:
        """Record the call."""
        self.is_closed = True
