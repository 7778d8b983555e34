"""Supervise the worker process: send it jobs, detect its failures, restart it.

One thread waits at once for messages, the worker's end, finished reads, changes of the schedule
and deadlines; nothing polls. It never blocks on what it watches: other threads read audio and
send and receive messages. The recording does not depend on this thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from granite_live.messages import as_clause
from granite_live.messages.session import SessionMessage, WorkerMessage
from granite_live.session.messages import Closed, Done, Loaded, ModelSpec, Task, Trouble
from granite_live.session.planning import Company, window_start_s
from granite_live.session.protocols import WorkListener
from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.sound_reader import Read, ReadSound, Request, SoundReader
from granite_live.session.worker_process import Alarm, Successor, WorkerProcess
from granite_live.session.worker_process import Patience as Patience
from granite_live.transcript.model import Transcript
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread, in_short, report_failure

_log = logging.getLogger(__name__)

# The worker's task kind for the job kinds that say when a job runs rather than what it does.
_TASKS = {"early": "final", "ahead": "provisional"}


class Supervisor:
    """Runs the jobs of a `Scheduler` in a worker process, until `finish` or `abandon`."""

    def __init__(
        self,
        factory: str,
        spec: ModelSpec,
        scheduler: Scheduler,
        sound: ReadSound,
        sample_rate_hz: int,
        listener: WorkListener,
        patience: Patience | None = None,
    ) -> None:
        self._factory, self._spec = factory, spec
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._rate = sample_rate_hz
        self._alarm = Alarm()
        self._sound = SoundReader(sound, sample_rate_hz, self._alarm.set)
        self._company = Company(sample_rate_hz)
        self._listener = listener
        self._patience = patience or Patience()
        self._finishing = self._abandoned = self._broken = False
        self._worker: WorkerProcess | None = None
        self._wanted: ModelSpec | None = None
        self._successor: Successor | None = None
        self._ready = False
        self._unreadable: set[int] = set()
        self._job: Job | None = None
        self._early: tuple[Job, Transcript] | None = None
        self._window_s = 0.0
        self._number = 0
        self._job_deadline_s = 0.0
        self._fruitless = 0
        self._restart_at_s = 0.0
        self.restarts = 0
        self._thread = ReportingThread(self._run, name="supervisor", on_failure=self._failed)

    def start(self) -> None:
        """Start the supervisor's thread, which starts the worker."""
        self._thread.start()

    def tell(self, change: Callable[[Scheduler], None]) -> None:
        """Apply a change to the scheduler and wake the supervisor; from any thread."""
        with self._lock:
            change(self._scheduler)
        self._alarm.set()

    def use(self, spec: ModelSpec) -> None:
        """Switch to another model when it is loaded; from any thread, returns at once.

        Until then, and if it cannot be loaded, the current one does all the work. A later call
        replaces a pending one.
        """
        with self._lock:
            self._wanted = spec
        self._alarm.set()

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
        self._alarm.set()

    def abandon(self) -> None:
        """Let the worker end now; returns at once."""
        self._abandoned = True
        self._alarm.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end after `finish` or `abandon`; return whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none now."""
        worker = self._worker
        return worker.pid if worker else 0

    def _run(self) -> None:
        self._sound.start()
        try:
            while not self._is_over():
                try:
                    self._follow_wish()
                    self._take_over()
                    self._start_if_due()
                    self._dispatch()
                    if suspended_s := self._alarm.wait(self._next_deadline_s()):
                        self._excuse(suspended_s)
                    self._hear()
                except Exception as error:
                    report_failure("The supervisor", error)
                    self._lost(WorkerMessage.DEFECT(reason=in_short(error)))
        finally:
            self._end()

    def _end(self) -> None:
        successor, worker = self._successor, self._worker
        self._successor = self._worker = None
        if successor is not None:
            successor.end()
        if worker is not None:
            # A worker that is loading cannot receive messages, so do not wait for an answer.
            (worker.stop if self._ready and self._job is None else worker.kill)()
        self._sound.close()

    def _failed(self, error: BaseException) -> None:
        self._listener.broken(SessionMessage.RECOGNIZER_FAILED(reason=in_short(error)))

    def _is_over(self) -> bool:
        if self._abandoned:
            return True
        if not self._finishing or self._job is not None or self._sound.is_busy:
            return False
        with self._lock:
            has_hope = not self._broken or self._successor is not None or self._wanted is not None
            return not has_hope or self._scheduler.backlog == 0

    def _follow_wish(self) -> None:
        """Start a standby worker if another model was requested."""
        with self._lock:
            spec, self._wanted = self._wanted, None
        if spec is None:
            return
        if self._successor is not None:
            self._successor.end()
            self._successor = None
        try:
            self._successor = Successor(spec, self._new_worker(spec))
        except OSError as error:
            self._listener.refused(SessionMessage.STANDBY_UNSTARTABLE(reason=error.strerror))

    def _new_worker(self, spec: ModelSpec) -> WorkerProcess:
        patience = self._patience
        return WorkerProcess(
            self._factory, spec, patience.start_s, patience.beat_s, self._alarm.set
        )

    def _take_over(self) -> None:
        """Replace the worker by the loaded standby worker if no job is in progress."""
        successor = self._successor
        if successor is None or successor.loaded is None or self._job is not None:
            return
        self._successor = None
        old, self._worker = self._worker, successor.worker
        if old is not None:
            old.kill()  # it holds nothing but memory, and an orderly stop takes time
        self._spec, self._ready, self._broken = successor.spec, True, False
        self._fruitless, self._early = 0, None
        with self._lock:
            self._scheduler.forget_drafts()
        self._loaded(successor.loaded)

    def _start_if_due(self) -> None:
        if self._worker is not None or self._broken or time.monotonic() < self._restart_at_s:
            return
        self._ready = False
        try:
            self._worker = self._new_worker(self._spec)
        except OSError as error:
            self._lost(WorkerMessage.PROCESS_NOT_STARTED(reason=error.strerror))

    def _dispatch(self) -> None:
        """Request the audio of the next job."""
        if self._worker is None or not self._ready or self._job is not None or self._sound.is_busy:
            return
        if self._successor is not None and self._successor.loaded is not None:
            return
        now_s = time.monotonic()
        while True:
            with self._lock:
                job = self._scheduler.next_job(now_s)
            if job is None:
                return
            if not self._was_early(job):
                break
        window_s = 0.0
        if job.kind == "draft":
            window_s = window_start_s((job.stop_sample - job.start_sample) / self._rate)
        with self._lock:
            waiting = self._scheduler.after(job) if self._company.is_welcome else []
        company = self._company.of(job, waiting)
        self._sound.ask(Request(job, window_s, company, self._worker))

    def _hear_sound(self, read: Read) -> None:
        """Send the task whose audio was read."""
        request = read.request
        if read.error is not None:
            self._put_off(request.job, read.error)
            return
        self._unreadable.discard(request.job.utterance)
        if request.worker is not self._worker:
            return  # that worker ended meanwhile; the job was not begun
        job, (samples, *others) = request.job, read.sounds
        company = request.company[: len(others)]
        self._company.went(job, company)
        also = (Closed(one.utterance, sound) for one, sound in zip(company, others, strict=True))
        self._number += 1
        self._job, self._window_s = job, request.window_s
        sound_s = sum(map(len, read.sounds)) / self._rate
        self._job_deadline_s = time.monotonic() + self._patience.task_limit_s(sound_s)
        # If the worker has ended already, that is processed next, and the job with it.
        kind = _TASKS.get(job.kind, job.kind)
        request.worker.send(Task(self._number, kind, job.utterance, samples, tuple(also)))

    def _put_off(self, job: Job, error: Exception) -> None:
        """Postpone a job whose audio cannot be read."""
        with self._lock:
            attempts = self._scheduler.attempts(job.utterance) + 1
            is_over = self._scheduler.unread(job, time.monotonic())
        known = isinstance(error, GraniteError | OSError)
        reason = as_clause(error) if known else in_short(error)
        if not self._unreadable:
            self._listener.unreadable(reason)
        self._unreadable.add(job.utterance)
        if is_over:
            self._unreadable.discard(job.utterance)
            self._listener.given_up(job, attempts, SessionMessage.SOUND_UNREADABLE(reason=reason))

    def _was_early(self, job: Job) -> bool:
        """Report the speculative result if it is the final that `job` asks for; return whether."""
        if job.kind != "final" or self._early is None:
            return False
        early, transcript = self._early
        if replace(early, kind="final") != job:
            return False
        self._early = None
        with self._lock:
            last = self._scheduler.finished(job, 0.0, time.monotonic())
        self._listener.result(job, 0.0, transcript, last=last)
        return True

    def _next_deadline_s(self) -> float | None:
        times: list[float] = []
        if self._successor is not None:
            times.append(self._successor.worker.silent_until_s)
        if self._worker is not None:
            times.append(self._worker.silent_until_s)
            if self._job is not None:
                times.append(self._job_deadline_s)
            elif self._ready and not self._sound.is_busy:
                with self._lock:
                    due = self._scheduler.next_draft_s(), self._scheduler.next_retry_s()
                times += (one for one in due if one is not None)
        elif not self._broken:
            times.append(self._restart_at_s)
        return min(times, default=None)

    def _excuse(self, seconds: float) -> None:
        """Extend the time limits after a suspension, which will have stopped the worker too."""
        _log.warning("The program did not run for %.1f s.", seconds)
        self._job_deadline_s += seconds + self._patience.task_s
        if self._worker is not None:
            self._worker.excuse()
        if self._successor is not None:
            self._successor.worker.excuse()

    def _hear(self) -> None:
        """Process finished reads, messages and expired deadlines."""
        if (read := self._sound.take()) is not None:
            self._hear_sound(read)
        if self._successor is not None:
            reason = self._successor.hear()
            if reason:
                successor, self._successor = self._successor, None
                successor.end()
                self._listener.refused(reason)
        if self._worker is not None:
            self._hear_worker(self._worker)
        if self._worker is not None and time.monotonic() >= self._worker.silent_until_s:
            self._lost(WorkerMessage.NO_SIGN_OF_LIFE())
        if self._job is not None and time.monotonic() >= self._job_deadline_s:
            self._lost(WorkerMessage.HUNG())

    def _hear_worker(self, worker: WorkerProcess) -> None:
        messages = worker.receive()
        if messages is None:
            self._lost(None)
            return
        for message in messages:
            if isinstance(message, Loaded):
                self._ready = True
                self._loaded(message)
            elif isinstance(message, Trouble) and message.number is None:
                if message.details:  # unexpected, so it may be temporary
                    self._lost(message.reason)
                else:
                    self._give_up_on_model(message.reason)
                return
            elif isinstance(message, Done | Trouble) and message.number == self._number:
                self._finish_job(message)

    def _loaded(self, message: Loaded) -> None:
        self._company.worker_loaded(message.gather_s)
        with self._lock:
            self._scheduler.prefers_finals = self._company.is_welcome
        self._listener.loaded(message)

    def _finish_job(self, message: Done | Trouble) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        self._fruitless = 0
        now_s = time.monotonic()
        if isinstance(message, Trouble):
            with self._lock:
                attempts = self._scheduler.attempts(job.utterance) + 1
                over = self._scheduler.refused(job)
            if over:
                self._listener.given_up(job, attempts, message.reason)
            return
        transcript = message.transcript.shifted(self._window_s)
        empty = not transcript.token_ids
        with self._lock:
            last = self._scheduler.finished(
                job, message.cost_s, now_s, empty=empty, timing=transcript.timing
            )
        if job.kind == "early" and not last:
            self._early = job, transcript
        self._listener.result(job, self._window_s, transcript, last=last)

    def _lost(self, reason: str | None) -> None:
        """End a failed worker, count the attempt and schedule a restart."""
        worker, self._worker = self._worker, None
        ended = worker.kill() if worker is not None else ""
        reason = reason or ended
        job, self._job = self._job, None
        self._company.worker_lost()
        over, attempts = False, 0
        with self._lock:
            if job is not None:
                attempts = self._scheduler.attempts(job.utterance) + 1
                over = self._scheduler.crashed(job)
            self._scheduler.forget_drafts()
            unfinished = len(self._scheduler.unfinished())
        if job is not None and over:
            self._listener.given_up(job, attempts, SessionMessage.RECOGNIZER_FAILED(reason=reason))
        self._fruitless += 1
        waits = self._patience.restart_s
        if self._fruitless > len(waits) and not self._ready:
            self._give_up_on_model(SessionMessage.RECOGNIZER_UNSTARTABLE(reason=reason))
            return
        self._restart_at_s = time.monotonic() + waits[min(self._fruitless, len(waits)) - 1]
        self.restarts += 1
        self._listener.restarted(reason, unfinished)

    def _give_up_on_model(self, reason: str) -> None:
        self._broken = True
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
        self._listener.broken(reason)
