"""Supervise the worker: send it jobs and detect its failures; `worker_manager` replaces it.

One thread waits at once for messages, the worker's end, finished reads, changes of the schedule
and deadlines; nothing polls. It never blocks on what it watches: other threads read audio and
send and receive messages. The recording does not depend on this thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from granite_live.messages import as_clause
from granite_live.messages.session import SessionMessage, WorkerMessage
from granite_live.session.echo import UtteranceCutter
from granite_live.session.messages import (
    BatchItem,
    ModelLoaded,
    ModelSpec,
    TaskDone,
    TaskFailed,
    TranscriptionTask,
)
from granite_live.session.planning import BatchPlanner, window_start_s
from granite_live.session.protocols import SupervisorListener
from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.sound_reader import ReadRequest, ReadResult, ReadSamples, UtteranceReader
from granite_live.session.worker_manager import WorkerManager
from granite_live.session.worker_process import DeadlineEvent, WorkerProcess
from granite_live.session.worker_process import WorkerTimeouts as WorkerTimeouts
from granite_live.transcript.model import Transcript
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread, log_failure, summarize_error

_log = logging.getLogger(__name__)

# The worker's task kind for the job kinds that say when a job runs rather than what it does.
_TASKS = {"speculative_final": "final", "speculative_encode": "provisional"}


class Supervisor:
    """Runs the jobs of a `Scheduler` in a worker process, until `finish` or `abandon`.

    `sounds` return the samples of each track; `cutter` cuts utterances of the first one.
    """

    def __init__(
        self,
        factory: str,
        spec: ModelSpec,
        scheduler: Scheduler,
        sounds: Sequence[ReadSamples],
        sample_rate_hz: int,
        listener: SupervisorListener,
        timeouts: WorkerTimeouts | None = None,
        cutter: UtteranceCutter | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._rate = sample_rate_hz
        self._deadline = DeadlineEvent()
        self._sound = UtteranceReader(
            sounds, sample_rate_hz, self._deadline.set, None if cutter is None else cutter.find
        )
        self._cutter = cutter
        self._batch_planner = BatchPlanner(sample_rate_hz)
        self._listener = listener
        self._timeouts = timeouts or WorkerTimeouts()
        self._workers = WorkerManager(factory, spec, self._timeouts, self._deadline.set)
        self._finishing = self._abandoned = False
        self._unreadable: set[int] = set()
        self._job: Job | None = None
        self._speculative_result: tuple[Job, Transcript] | None = None
        self._window_s = 0.0
        self._number = 0
        self._job_deadline_s = 0.0
        self._idle_since_s: float | None = None
        self._wake_requested = False
        self._thread = ReportingThread(self._run, name="supervisor", on_failure=self._failed)

    def start(self) -> None:
        """Start the supervisor's thread, which starts the worker."""
        self._thread.start()

    def post(self, change: Callable[[Scheduler], None]) -> None:
        """Apply a change to the scheduler and wake the supervisor; from any thread."""
        with self._lock:
            change(self._scheduler)
        self._deadline.set()

    def switch_model(self, spec: ModelSpec) -> None:
        """Switch to another model when it is loaded; from any thread, returns at once.

        Until then, and if it cannot be loaded, the current one does all the work. A later call
        replaces a pending one.
        """
        self._workers.request_model(spec)
        self._deadline.set()

    def wake(self) -> None:
        """Load the model now if it was freed, because speech is likely; from any thread."""
        self._wake_requested = True
        self._deadline.set()

    def backlog(self) -> tuple[int, float]:
        """Return how many closed utterances wait, and their length in seconds."""
        with self._lock:
            return self._scheduler.backlog, self._scheduler.backlog_s

    def unfinished(self) -> tuple[int, ...]:
        """Return the utterances that have no final result."""
        with self._lock:
            return self._scheduler.unfinished()

    def finish(self) -> None:
        """Let the worker end after every closed utterance has its result; returns at once."""
        self._finishing = True
        self._deadline.set()

    def abandon(self) -> None:
        """Let the worker end now; returns at once."""
        self._abandoned = True
        self._deadline.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end after `finish` or `abandon`; return whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none now."""
        worker = self._workers.worker
        return worker.pid if worker else 0

    @property
    def restarts(self) -> int:
        """How often the worker was restarted."""
        return self._workers.restarts

    def _run(self) -> None:
        self._sound.start()
        try:
            while not self._is_over():
                try:
                    self._sleep_or_wake()
                    self._start_workers()
                    self._dispatch()
                    if suspended_s := self._deadline.wait(self._next_deadline_s()):
                        self._extend_deadlines(suspended_s)
                    self._process_events()
                except Exception as error:
                    log_failure("The supervisor", error)
                    self._worker_failed(WorkerMessage.DEFECT(reason=summarize_error(error)))
        finally:
            self._end()

    def _end(self) -> None:
        # Wait for no worker that is abandoned, or cannot answer since it loads or computes.
        self._workers.end(orderly=self._job is None and not self._abandoned)
        self._sound.close()

    def _failed(self, error: BaseException) -> None:
        self._listener.worker_unavailable(
            SessionMessage.RECOGNIZER_FAILED(reason=summarize_error(error))
        )

    def _is_over(self) -> bool:
        if self._abandoned:
            return True
        if not self._finishing or self._job is not None or self._sound.is_busy:
            return False
        with self._lock:
            return not self._workers.has_prospects or self._scheduler.backlog == 0

    def _sleep_or_wake(self) -> None:
        """End a worker that had no work for a while; wake it as soon as an utterance begins."""
        if self._timeouts.idle_s is None:
            return
        with self._lock:
            has_work = bool(self._scheduler.unfinished())
        has_work |= self._job is not None or self._sound.is_busy or self._wake_requested
        self._wake_requested = False
        now_s = time.monotonic()
        if has_work:
            self._workers.wake()
        if has_work or not self._workers.can_sleep:
            self._idle_since_s = None
        elif self._idle_since_s is None:
            self._idle_since_s = now_s
        elif now_s >= self._idle_since_s + self._timeouts.idle_s:
            self._idle_since_s = None
            with self._lock:
                self._scheduler.forget_drafts()
            self._batch_planner.worker_lost()
            self._workers.sleep()

    def _start_workers(self) -> None:
        """Start the workers that are due, and switch to another model once it is loaded."""
        if reason := self._workers.start_standby():
            self._listener.model_rejected(reason)
        if self._job is None and (message := self._workers.switch()) is not None:
            self._speculative_result = None
            with self._lock:
                self._scheduler.forget_drafts()
            self._loaded(message)
        if reason := self._workers.start_if_due():
            self._worker_failed(reason)

    @property
    def _is_idle(self) -> bool:
        """Whether a loaded worker waits for a job."""
        return self._workers.is_ready and self._job is None and not self._sound.is_busy

    def _dispatch(self) -> None:
        """Request the audio of the next job."""
        worker = self._workers.worker
        if worker is None or not self._is_idle or self._workers.is_switching:
            return
        now_s = time.monotonic()
        while True:
            with self._lock:
                job = self._scheduler.next_job(now_s)
            if job is None:
                return
            if not self._use_speculative_result(job):
                break
        window_s = 0.0
        if job.kind == "draft":
            window_s = window_start_s((job.stop_sample - job.start_sample) / self._rate)
        with self._lock:
            waiting = (
                self._scheduler.following_finals(job) if self._batch_planner.is_batching else []
            )
        batch = self._batch_planner.choose(job, waiting)
        self._sound.submit(ReadRequest(job, window_s, batch, worker))

    def _send_task(self, read: ReadResult) -> None:
        """Send the task whose audio was read."""
        request = read.request
        if read.error is not None:
            self._postpone(request.job, read.error)
            return
        self._unreadable.discard(request.job.utterance)
        if self._cutter is not None and read.cuts:
            self._cutter.cut(read.cuts, self._scheduler, self._lock)
            return  # the parts are due next
        if request.worker is not self._workers.worker:
            return  # that worker ended meanwhile; the job was not begun
        job, (samples, *others) = request.job, read.sounds
        batch = request.batch[: len(others)]
        self._batch_planner.sent(job, batch)
        also = (BatchItem(one.utterance, sound) for one, sound in zip(batch, others, strict=True))
        self._number += 1
        self._job, self._window_s = job, request.window_s
        sound_s = sum(map(len, read.sounds)) / self._rate
        self._job_deadline_s = time.monotonic() + self._timeouts.task_limit_s(sound_s)
        # If the worker has ended already, that is processed next, and the job with it.
        kind = _TASKS.get(job.kind, job.kind)
        request.worker.send(
            TranscriptionTask(self._number, kind, job.utterance, samples, tuple(also))
        )

    def _postpone(self, job: Job, error: Exception) -> None:
        """Postpone a job whose audio cannot be read."""
        with self._lock:
            attempts = self._scheduler.attempts(job.utterance) + 1
            is_over = self._scheduler.read_failed(job, time.monotonic())
        known = isinstance(error, GraniteError | OSError)
        reason = as_clause(error) if known else summarize_error(error)
        if not self._unreadable:
            self._listener.unreadable(reason)
        self._unreadable.add(job.utterance)
        if is_over:
            self._unreadable.discard(job.utterance)
            self._listener.utterance_given_up(
                job, attempts, SessionMessage.SOUND_UNREADABLE(reason=reason)
            )

    def _use_speculative_result(self, job: Job) -> bool:
        """Report the speculative result if it is the final that `job` asks for; return whether."""
        if job.kind != "final" or self._speculative_result is None:
            return False
        early, transcript = self._speculative_result
        if replace(early, kind="final") != job:
            return False
        self._speculative_result = None
        with self._lock:
            last = self._scheduler.finished(job, 0.0, time.monotonic())
        self._listener.result(job, 0.0, transcript, last=last)
        return True

    def _next_deadline_s(self) -> float | None:
        times = self._workers.deadlines_s()
        if self._workers.worker is not None:
            if self._job is not None:
                times.append(self._job_deadline_s)
            elif self._is_idle:
                with self._lock:
                    due = self._scheduler.next_draft_s(), self._scheduler.next_retry_s()
                times += (one for one in due if one is not None)
        if self._idle_since_s is not None and self._timeouts.idle_s is not None:
            times.append(self._idle_since_s + self._timeouts.idle_s)
        return min(times, default=None)

    def _extend_deadlines(self, seconds: float) -> None:
        """Extend the time limits after a suspension, which will have stopped the worker too."""
        _log.warning("The program did not run for %.1f s.", seconds)
        self._job_deadline_s += seconds + self._timeouts.task_s
        self._workers.extend_deadlines()

    def _process_events(self) -> None:
        """Process finished reads, messages and expired deadlines."""
        if (read := self._sound.poll()) is not None:
            self._send_task(read)
        if reason := self._workers.check_standby():
            self._listener.model_rejected(reason)
        if self._workers.worker is not None:
            self._process_messages(self._workers.worker)
        worker = self._workers.worker
        if worker is not None and time.monotonic() >= worker.heartbeat_deadline_s:
            self._worker_failed(WorkerMessage.NO_SIGN_OF_LIFE())
        if self._job is not None and time.monotonic() >= self._job_deadline_s:
            self._worker_failed(WorkerMessage.HUNG())

    def _process_messages(self, worker: WorkerProcess) -> None:
        messages = worker.receive()
        if messages is None:
            self._worker_failed(None)
            return
        for message in messages:
            if isinstance(message, ModelLoaded):
                self._workers.is_ready = True
                self._loaded(message)
            elif isinstance(message, TaskFailed) and message.number is None:
                if message.details:  # unexpected, so it may be temporary
                    self._worker_failed(message.reason)
                else:
                    self._give_up_on_model(message.reason)
                return
            elif isinstance(message, TaskDone | TaskFailed) and message.number == self._number:
                self._finish_job(message)

    def _loaded(self, message: ModelLoaded) -> None:
        self._batch_planner.worker_loaded(message.batch_window_s)
        with self._lock:
            self._scheduler.prefers_finals = self._batch_planner.is_batching
        self._listener.loaded(message)

    def _finish_job(self, message: TaskDone | TaskFailed) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        self._workers.task_done()
        now_s = time.monotonic()
        if isinstance(message, TaskFailed):
            with self._lock:
                attempts = self._scheduler.attempts(job.utterance) + 1
                over = self._scheduler.job_rejected(job)
            if over:
                self._listener.utterance_given_up(job, attempts, message.reason)
            return
        transcript = message.transcript.shifted(self._window_s)
        empty = not transcript.token_ids
        with self._lock:
            last = self._scheduler.finished(
                job, message.cost_s, now_s, empty=empty, timing=transcript.timing
            )
        if job.kind == "speculative_final" and not last:
            self._speculative_result = job, transcript
        self._listener.result(job, self._window_s, transcript, last=last)

    def _worker_failed(self, reason: str | None) -> None:
        """End a failed worker, count the attempt and schedule a restart."""
        reason = self._workers.remove(reason)
        job, self._job = self._job, None
        self._batch_planner.worker_lost()
        over, attempts = False, 0
        with self._lock:
            if job is not None:
                attempts = self._scheduler.attempts(job.utterance) + 1
                over = self._scheduler.worker_died(job)
            self._scheduler.forget_drafts()
            unfinished = len(self._scheduler.unfinished())
        if job is not None and over:
            self._listener.utterance_given_up(
                job, attempts, SessionMessage.RECOGNIZER_FAILED(reason=reason)
            )
        if self._workers.schedule_restart():
            self._listener.restarted(reason, unfinished)
        else:
            self._give_up_on_model(SessionMessage.RECOGNIZER_UNSTARTABLE(reason=reason))

    def _give_up_on_model(self, reason: str) -> None:
        self._workers.give_up()
        self._listener.worker_unavailable(reason)
