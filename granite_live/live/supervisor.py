"""Keeps a worker process alive and busy: dispatches, watches, restarts.

One thread waits for messages, the worker's end, news from the session and deadlines, all at
once; nothing polls. The session's sound does not depend on any of it.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.live.company import Company
from granite_live.live.drafting import window_start_s
from granite_live.live.messages import Done, Loaded, ModelSpec, Task, Trouble
from granite_live.live.process import WorkerProcess
from granite_live.live.scheduler import Job, Scheduler
from granite_live.live.successor import Successor
from granite_live.threads import ReportingThread, in_short
from granite_live.transcript.model import Transcript

# What the worker does for jobs whose name says when rather than what.
_TASKS = {"early": "final", "ahead": "provisional"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the worker may take before it counts as hung."""

    start_s: float = 120.0
    """For a new process to give its first sign of life. Python itself takes long to start
    on a busy machine; ending it for that would only make the machine busier."""
    beat_s: float = 20.0
    """Without any sign of life. Generous: a machine that swaps is slow, not dead."""
    task_s: float = 30.0
    """For a task, however short."""
    task_per_sound: float = 20.0
    """And for each second of its sound."""
    restart_s: tuple[float, ...] = (0.0, 1.0, 5.0)
    """Before the first, second, third restart in a row that came to nothing."""


class Listener(Protocol):
    """Who hears of the work. Called from the supervisor's thread, without its lock."""

    def loaded(self, message: Loaded) -> None:
        """The model is ready."""

    def result(self, job: Job, window_s: float, transcript: Transcript, *, last: bool) -> None:
        """A job is done; its transcript's times count from the utterance's start."""

    def given_up(self, job: Job, attempts: int, reason: str) -> None:
        """An utterance will not be tried again in this session."""

    def restarted(self, reason: str, unfinished: int) -> None:
        """The worker ended and a new one is being started."""

    def broken(self, reason: str) -> None:
        """No worker can be had; sound is still recorded."""

    def refused(self, reason: str) -> None:
        """Another model was wanted and cannot be had; what was in use goes on."""


class Supervisor:
    """Runs the jobs of a `Scheduler` in a worker process, until told to finish."""

    def __init__(
        self,
        factory: str,
        spec: ModelSpec,
        scheduler: Scheduler,
        sound: Callable[[int, int], NDArray[np.int16]],
        sample_rate_hz: int,
        listener: Listener,
        patience: Patience | None = None,
    ) -> None:
        self._factory, self._spec = factory, spec
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._sound, self._rate = sound, sample_rate_hz
        self._company = Company(sound, sample_rate_hz)
        self._listener = listener
        self._patience = patience or Patience()
        self._wake_r, self._wake_w = multiprocessing.Pipe(duplex=False)
        self._woken = False
        self._finishing = self._abandoned = self._broken = False
        self._worker: WorkerProcess | None = None
        self._wanted: ModelSpec | None = None
        self._successor: Successor | None = None
        self._ready = False
        self._job: Job | None = None
        self._early: tuple[Job, Transcript] | None = None
        self._window_s = 0.0
        self._number = 0
        self._silent_until_s = self._job_deadline_s = 0.0
        self._fruitless = 0
        self._restart_at_s = 0.0
        self.restarts = 0
        self._thread = ReportingThread(self._run, name="supervisor", on_failure=self._failed)

    def start(self) -> None:
        """Start the worker and the thread that minds it."""
        self._thread.start()

    def tell(self, change: Callable[[Scheduler], None]) -> None:
        """Change the scheduler, from any thread, and let the supervisor look at it."""
        with self._lock:
            change(self._scheduler)
        self._wake()

    def use(self, spec: ModelSpec) -> None:
        """Work with another model as soon as it is loaded; from any thread, returns at once.

        Until then, and if it cannot be loaded, the old one does all the work. Whoever is told a
        further model meanwhile takes that one.
        """
        with self._lock:
            self._wanted = spec
        self._wake()

    def backlog(self) -> tuple[int, float]:
        """Return how many closed utterances wait, and their length in seconds."""
        with self._lock:
            return self._scheduler.backlog, self._scheduler.backlog_s

    def unfinished(self) -> tuple[int, ...]:
        """Return the utterances that have no final result."""
        with self._lock:
            return self._scheduler.unfinished()

    def finish(self) -> None:
        """Let the worker end once every closed utterance has its result; returns at once."""
        self._finishing = True
        self._wake()

    def abandon(self) -> None:
        """Let the worker end now; returns at once."""
        self._abandoned = True
        self._wake()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end after `finish` or `abandon`; return whether it came."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none now."""
        worker = self._worker
        return worker.pid if worker else 0

    def _wake(self) -> None:
        with self._lock:
            if self._woken:
                return
            self._woken = True
        try:
            self._wake_w.send_bytes(b"!")
        except OSError:
            return  # the thread has ended, as it was told to; nobody needs waking

    def _run(self) -> None:
        try:
            while not self._is_over():
                self._follow_wish()
                self._take_over()
                self._start_if_due()
                self._dispatch()
                self._hear(self._next_deadline_s())
        finally:
            if self._successor is not None:
                self._successor.end()
            if self._worker is not None:
                # One that loads or computes does not hear: nobody waits for that.
                if self._job is not None or not self._ready:
                    self._worker.kill()
                else:
                    self._worker.stop()
                self._worker = None
            self._wake_w.close()
            self._wake_r.close()

    def _failed(self, error: BaseException) -> None:
        self._listener.broken(f"The recogniser failed: {in_short(error)}.")

    def _is_over(self) -> bool:
        if self._abandoned:
            return True
        if not self._finishing or self._job is not None:
            return False
        with self._lock:
            has_hope = not self._broken or self._successor is not None or self._wanted is not None
            return not has_hope or self._scheduler.backlog == 0

    def _follow_wish(self) -> None:
        """Start the worker of another model, if one is wanted."""
        with self._lock:
            spec, self._wanted = self._wanted, None
        if spec is None:
            return
        if self._successor is not None:
            self._successor.end()
        patience = self._patience
        self._successor = Successor(self._factory, spec, patience.start_s, patience.beat_s)

    def _take_over(self) -> None:
        """Let the new model's worker take the old one's place once that has nothing in hand."""
        successor = self._successor
        if successor is None or successor.loaded is None or self._job is not None:
            return
        self._successor = None
        old, self._worker = self._worker, successor.worker
        if old is not None:
            old.kill()  # it holds nothing but memory, and saying farewell takes time
        self._spec, self._ready, self._broken = successor.spec, True, False
        self._fruitless, self._early = 0, None
        self._silent_until_s = successor.silent_until_s
        with self._lock:
            self._scheduler.forget_drafts()
        self._loaded(successor.loaded)

    def _start_if_due(self) -> None:
        if self._worker is None and not self._broken and time.monotonic() >= self._restart_at_s:
            self._worker = WorkerProcess(self._factory, self._spec)
            self._ready = False
            self._silent_until_s = time.monotonic() + self._patience.start_s

    def _dispatch(self) -> None:
        if self._worker is None or not self._ready or self._job is not None:
            return
        if self._successor is not None and self._successor.loaded is not None:
            return
        now_s = time.monotonic()
        with self._lock:
            job = self._scheduler.next_job(now_s)
        while job is not None and self._was_early(job):
            with self._lock:
                job = self._scheduler.next_job(now_s)
        if job is None:
            return
        self._window_s = 0.0
        if job.kind == "draft":
            self._window_s = window_start_s((job.stop_sample - job.start_sample) / self._rate)
        samples = self._sound(job.start_sample + int(self._window_s * self._rate), job.stop_sample)
        with self._lock:
            waiting = self._scheduler.after(job) if self._company.is_welcome else []
        company = self._company.of(job, waiting)
        self._number += 1
        self._job = job
        patience = self._patience
        sound_s = sum(map(len, (samples, *(one.samples for one in company)))) / self._rate
        self._job_deadline_s = now_s + patience.task_s + patience.task_per_sound * sound_s
        # If the worker is gone already, its end is heard next and the job is dealt with there.
        kind = _TASKS.get(job.kind, job.kind)
        self._worker.send(Task(self._number, kind, job.utterance, samples, company))

    def _was_early(self, job: Job) -> bool:
        """Report the final that `job` asks for, if its text was made before it ended."""
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
        if self._worker is None and not self._broken:
            times.append(self._restart_at_s)
        if self._successor is not None:
            times.append(self._successor.silent_until_s)
        if self._worker is not None:
            times.append(self._silent_until_s)
            if self._job is not None:
                times.append(self._job_deadline_s)
            elif self._ready:
                with self._lock:
                    due_s = self._scheduler.next_draft_s()
                if due_s is not None:
                    times.append(due_s)
        return min(times, default=None)

    def _hear(self, until_s: float | None) -> None:
        """Wait for whatever comes first, and deal with it."""
        sources = [self._wake_r, *(self._worker.waitables if self._worker else ())]
        if self._successor is not None:
            sources += self._successor.worker.waitables
        timeout_s = None if until_s is None else max(0.0, until_s - time.monotonic())
        heard = wait(sources, timeout_s)
        if self._wake_r in heard:
            self._wake_r.recv_bytes()
            with self._lock:
                self._woken = False
        if self._successor is not None:
            self._hear_successor(self._successor, heard)
        worker = self._worker
        if worker is None:
            return
        if any(source in heard for source in worker.waitables):
            self._hear_worker(worker)
        elif time.monotonic() >= self._silent_until_s:
            self._lost("it gave no sign of life and was ended")
        elif self._job is not None and time.monotonic() >= self._job_deadline_s:
            self._lost("it hung over an utterance and was ended")

    def _hear_successor(self, successor: Successor, heard: Sequence[object]) -> None:
        reason = successor.hear(heard)
        if reason:
            self._successor = None
            successor.end()
            self._listener.refused(reason)

    def _hear_worker(self, worker: WorkerProcess) -> None:
        messages = worker.receive()
        if messages is None:
            self._lost(None)
            return
        for message in messages:
            self._silent_until_s = time.monotonic() + self._patience.beat_s
            if isinstance(message, Loaded):
                self._ready = True
                self._loaded(message)
            elif isinstance(message, Trouble) and message.number is None:
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
        """The worker is dead or must be: end it, count the attempt, plan the next one."""
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
            self._listener.given_up(job, attempts, f"The recogniser failed: {reason}.")
        self._fruitless += 1
        waits = self._patience.restart_s
        if self._fruitless > len(waits) and not self._ready:
            self._give_up_on_model(f"The recogniser cannot be started: {reason}.")
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
