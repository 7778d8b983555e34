"""Transcribe files and stored sessions one after the other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.app.session_tasks import InterruptedSession, SessionTask, TaskResult
from granite_live.app.sessions import SessionRequest
from granite_live.gui.background import Background
from granite_live.gui.file_queue.jobs import (
    FileJob,
    JobState,
    QueueJob,
    TaskJob,
    without_text_sentence,
)
from granite_live.gui.live_session import EventBridge, LiveSession
from granite_live.gui.messages import translate_message
from granite_live.messages import without
from granite_live.session import events


class TaskRunner(QObject):
    """Runs one task at a time. Emits `event_received`, `done` with the outcome, or `failed`."""

    event_received = Signal(object)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._task: SessionTask | None = None
        self._bridge: EventBridge | None = None

    def start(self, task: SessionTask) -> None:
        """Start a task; no other one may be running."""
        self._task = task
        bridge = self._bridge = EventBridge(self)
        bridge.event_received.connect(self.event_received)
        self._background.run(lambda: task.run(bridge.post), self._end, self._fail)

    def stop(self) -> None:
        """Stop the task; `done` or `failed` still follows."""
        if self._task is not None:
            self._task.stop()

    def _end(self, outcome: TaskResult) -> None:
        self._forget()
        self.done.emit(outcome)

    def _fail(self, sentence: str) -> None:
        self._forget()
        self.failed.emit(sentence)

    def _forget(self) -> None:
        self._task = None
        if self._bridge is not None:
            self._bridge.deleteLater()
            self._bridge = None


class FileDurations(QObject):
    """Measures one file at a time. Emits `changed` when a length is known, or cannot be."""

    changed = Signal()

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._background = engine, background
        self._waiting: deque[FileJob] = deque()
        self._asked: FileJob | None = None

    def measure(self, files: Iterable[FileJob]) -> None:
        """Queue files to measure."""
        self._waiting.extend(files)
        if self._asked is None:
            self._next()

    def stop(self) -> None:
        """Drop the waiting files."""
        self._waiting.clear()

    def _next(self) -> None:
        self._asked = None
        # A file that has started is measured by the queue.
        while self._waiting and self._waiting[0].state is not JobState.WAITING:
            self._waiting.popleft()
        if not self._waiting:
            return
        job = self._asked = self._waiting.popleft()
        wanted = SessionRequest(file=job.path)
        self._background.run(
            lambda: self._engine.duration_s(wanted),
            lambda duration_s: self._known(job, duration_s),
            lambda _sentence: self._unreadable(job),
        )

    def _known(self, job: FileJob, duration_s: float) -> None:
        job.duration_s = duration_s
        self.changed.emit()
        self._next()

    def _unreadable(self, job: FileJob) -> None:
        """Ignore the file in the remaining time; its job will report the reason."""
        job.is_unreadable = True
        self.changed.emit()
        self._next()


class JobQueue(QObject):
    """Runs one job at a time.

    Emits `changed` on any change, `started` with the session of a file, `continued` with a file job
    that resumes an interrupted session, `event_received` with its events, `finished` with a
    job that ended in any way, `unpacked` why a recording is not in its final form.
    """

    changed = Signal()
    started = Signal(int)
    continued = Signal(object)
    event_received = Signal(int, object)
    finished = Signal(object)
    unpacked = Signal(str)

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._session = LiveSession(engine, background, self)
        self._session.event_received.connect(self._handle_event)
        self._session.started.connect(self._started)
        self._session.ended.connect(self._ended)
        self._session.failed.connect(self._failed)
        self._session.unpacked.connect(self.unpacked)
        self._task_runner = TaskRunner(background, self)
        self._task_runner.event_received.connect(self._handle_event)
        self._task_runner.done.connect(self._task_done)
        self._task_runner.failed.connect(self._failed)
        self._durations = FileDurations(engine, background, self)
        self._durations.changed.connect(self.changed)
        self._is_closing = False
        self.running_job: QueueJob | None = None
        """The running job."""
        self.is_paused = False
        self.jobs: list[QueueJob] = []

    @property
    def is_busy(self) -> bool:
        """Whether a job runs or waits."""
        return self.running_job is not None or any(
            job.state is JobState.WAITING for job in self.jobs
        )

    # -- user actions -------------------------------------------------------------------------

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files at the end of the queue."""
        self.add_file_jobs([FileJob(path.name, path=path) for path in paths])

    def add_file_jobs(self, files: Sequence[FileJob]) -> None:
        """Add jobs for files at the end of the queue, and measure their lengths."""
        self.add_jobs(files)
        self._durations.measure(files)

    def add_jobs(self, jobs: Sequence[QueueJob]) -> None:
        """Add jobs at the end of the queue; a batch that is over leaves the list."""
        if jobs and not self.is_busy:
            self.jobs.clear()
        self.jobs.extend(jobs)
        self._next()
        self.changed.emit()

    def set_paused(self, is_paused: bool) -> None:
        """Pause or resume the queue; the running job is finished."""
        self.is_paused = is_paused
        self._next()
        self.changed.emit()

    def cancel(self, job: QueueJob) -> None:
        """Cancel a job; a running file keeps its text so far."""
        if job.state is JobState.WAITING:
            job.state = JobState.CANCELED
        elif job is self.running_job and job.state is JobState.RUNNING:
            job.state = JobState.CANCELED
            self._stop_running()
        self.changed.emit()

    def begin_anew(self, job: FileJob, audio_track: int | None = None) -> None:
        """Transcribe a file from its beginning; the text that it has so far is kept."""
        if not job.is_over:
            self.cancel(job)
        track = job.audio_track if audio_track is None else audio_track
        new = FileJob(job.name, path=job.path, audio_track=track, is_anew=True)
        self.add_jobs([new])

    def cancel_all(self) -> None:
        """Cancel all waiting and running jobs."""
        for job in reversed(self.jobs):
            if not job.is_over:
                self.cancel(job)

    def clear_finished(self) -> None:
        """Remove ended jobs from the list."""
        self.jobs = [job for job in self.jobs if not job.is_over]
        if not self.jobs:
            # Files added later must not wait for a pause that the user cannot see.
            self.is_paused = False
        self.changed.emit()

    # -- shutdown -----------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop for good; untranscribed speech is left to recovery."""
        self._is_closing = True
        self._durations.stop()
        for job in self.jobs:
            if job.state is JobState.WAITING:
                job.state = JobState.CANCELED
        self._stop_running()

    def join(self, timeout_s: float) -> bool:
        """Wait for the session to end after `stop`; return whether it did in time.

        Tasks run in `Background`, which is joined separately.
        """
        return self._session.join(timeout_s)

    def _stop_running(self) -> None:
        self._session.stop(keep_unfinished=True)
        self._task_runner.stop()

    # -- running jobs -------------------------------------------------------------------------

    def _next(self) -> None:
        if self.running_job is not None or self.is_paused or self._is_closing:
            return
        job = next((job for job in self.jobs if job.state is JobState.WAITING), None)
        if job is None:
            return
        self.running_job = job
        job.state, job.began_s = JobState.RUNNING, time.monotonic()
        if isinstance(job, FileJob):
            self._open(job)
        elif isinstance(job, TaskJob) and job.make is not None:
            self._task_runner.start(job.make())

    def _open(self, job: FileJob) -> None:
        wanted = SessionRequest(file=job.path, audio_track=job.audio_track)

        def look() -> tuple[float, InterruptedSession | None]:
            duration_s = self._engine.duration_s(wanted)
            job.tracks = self._engine.tracks(wanted)
            return duration_s, None if job.is_anew else self._engine.interrupted_file(wanted)

        def known(found: tuple[float, InterruptedSession | None]) -> None:
            job.duration_s, interrupted = found
            if job.state is JobState.CANCELED or self._is_closing:
                self._finish_current()
            elif interrupted is None:
                self._session.start(wanted)
            else:
                self._continue(job, interrupted)

        self._background.run(look, known, self._failed)

    def _continue(self, job: FileJob, interrupted: InterruptedSession) -> None:
        job.session_id = interrupted.session_id
        job.kept_s = job.done_s = interrupted.text_s
        self._task_runner.start(self._engine.recovery_task(interrupted))
        self.continued.emit(job)

    def _started(self, session_id: int) -> None:
        if self.running_job is not None:
            self.running_job.session_id = session_id
            self.started.emit(session_id)
            if self.running_job.state is JobState.CANCELED:
                self._stop_running()

    def _handle_event(self, event: events.SessionEvent) -> None:
        job = self.running_job
        if job is None:
            return
        if isinstance(event, events.FinalText | events.TranscriptionFailed):
            job.done_s = max(job.done_s, event.end_s)
            self.changed.emit()
        elif isinstance(event, events.StateChanged) and event.state == "stopping":
            job.problem = translate_message(without(event.detail, events.STOPPING_SENTENCE))
        elif (
            isinstance(event, events.SessionClosed)
            and event.failed
            and job.state is JobState.RUNNING
        ):
            told = without_text_sentence(event.failed)
            job.problem = f"{job.problem} {told}".strip()
        if job.session_id:
            self.event_received.emit(job.session_id, event)

    def _ended(self, session_id: int) -> None:
        if self.running_job is not None and self.running_job.state is JobState.CANCELED:
            self._finalize_canceled(session_id)
        self._finish_current()

    def _finalize_canceled(self, session_id: int) -> None:
        """Finalize a canceled file's session, so that recovery does not offer it."""
        job, running = self.running_job, self._session.latest_session
        total_s = 0.0 if job is None else job.duration_s

        def work() -> None:
            if running is not None:
                running.join()
            self._engine.finalize_session(session_id, total_s)

        def failed(sentence: str) -> None:
            if job is not None:
                job.problem = sentence
            self.changed.emit()

        if not self._is_closing:
            self._background.run(work, lambda _done: self.finished.emit(job), failed)

    def _task_done(self, outcome: TaskResult) -> None:
        job = self.running_job
        if isinstance(job, TaskJob):
            job.outcome, job.session_id = outcome, outcome.session_id or 0
            if outcome.session_id is None and job.state is JobState.RUNNING:
                job.state = JobState.FAILED
                job.problem = self.tr("No text was recognized; the session is unchanged.")
        elif isinstance(job, FileJob):
            self._file_done(job, outcome)
        self._finish_current()

    def _file_done(self, job: FileJob, outcome: TaskResult) -> None:
        """Take what came of a file whose interrupted session was gone on with."""
        if job.state is JobState.CANCELED:
            self._finalize_canceled(job.session_id)
        elif outcome.utterances_without_text:
            job.problem = without_text_sentence(outcome.utterances_without_text)

    def _failed(self, sentence: str) -> None:
        if self.running_job is not None and self.running_job.state is JobState.RUNNING:
            self.running_job.state, self.running_job.problem = JobState.FAILED, sentence
        self._finish_current()

    def _finish_current(self) -> None:
        job, self.running_job = self.running_job, None
        if job is None:
            return
        job.ended_s = time.monotonic()
        if job.state is JobState.RUNNING:
            job.state, job.done_s = JobState.DONE, job.duration_s
        self.finished.emit(job)
        self._next()
        self.changed.emit()
