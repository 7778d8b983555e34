"""Decide which worker process runs: start it, restart it after failures, replace it by another
model's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from granite_live.messages.session import SessionMessage, WorkerMessage
from granite_live.session.messages import ModelLoaded, ModelSpec, TaskFailed
from granite_live.session.worker_process import WorkerProcess, WorkerTimeouts


class WorkerManager:
    """Holds the current worker and a standby that loads another model. For one thread.

    Args:
        factory: "package.module:function" that makes a `SpeechRecognizer` from a `ModelSpec`.
        spec: The model to load.
        timeouts: Time limits and restart delays.
        on_change: Called from other threads when a worker sent something.
    """

    def __init__(
        self,
        factory: str,
        spec: ModelSpec,
        timeouts: WorkerTimeouts,
        on_change: Callable[[], None],
    ) -> None:
        self._factory, self._spec = factory, spec
        self._timeouts, self._on_change = timeouts, on_change
        self.worker: WorkerProcess | None = None
        self.is_ready = False
        """Whether the newest worker has loaded its model."""
        self.is_unavailable = False
        """Whether the model is given up: no worker is started any more."""
        self.is_asleep = False
        """Whether the worker was ended because there was no work; `wake` lets it start again."""
        self.restarts = 0
        self._standby: StandbyWorker | None = None
        self._requested: ModelSpec | None = None
        self._lock = threading.Lock()
        self._failed_starts = 0
        self._restart_at_s = 0.0

    def request_model(self, spec: ModelSpec) -> None:
        """Let `start_standby` load another model; from any thread. Replaces a pending request."""
        with self._lock:
            self._requested = spec

    @property
    def has_prospects(self) -> bool:
        """Whether there is, or may be, a worker."""
        with self._lock:
            is_requested = self._requested is not None
        return not self.is_unavailable or self._standby is not None or is_requested

    @property
    def is_switching(self) -> bool:
        """Whether the standby is loaded, so that the current worker gets no further task."""
        return self._standby is not None and self._standby.loaded is not None

    def start_if_due(self) -> str:
        """Start the worker if there is none; return why that failed, "" if it did not."""
        is_early = time.monotonic() < self._restart_at_s
        if self.worker is not None or self.is_unavailable or self.is_asleep or is_early:
            return ""
        self.is_ready = False
        try:
            self.worker = self._start(self._spec)
        except OSError as error:
            return WorkerMessage.PROCESS_NOT_STARTED(reason=error.strerror)
        return ""

    def start_standby(self) -> str:
        """Start a standby if another model was requested; return why it failed, else ""."""
        with self._lock:
            spec, self._requested = self._requested, None
        if spec is None:
            return ""
        self._drop_standby()
        try:
            self._standby = StandbyWorker(spec, self._start(spec))
        except OSError as error:
            return SessionMessage.STANDBY_UNSTARTABLE(reason=error.strerror)
        return ""

    def switch(self) -> ModelLoaded | None:
        """Replace the worker by the standby if that is loaded; return its message.

        Must not be called while a task runs.
        """
        standby = self._standby
        if standby is None or standby.loaded is None:
            return None
        self._standby = None
        old, self.worker = self.worker, standby.worker
        if old is not None:
            old.kill()  # it holds nothing but memory, and an orderly stop takes time
        self._spec, self.is_ready, self.is_unavailable = standby.spec, True, False
        self.is_asleep = False
        self._failed_starts = 0
        return standby.loaded

    def check_standby(self) -> str:
        """Process the standby's messages; return why it failed, "" if it did not."""
        reason = "" if self._standby is None else self._standby.process_messages()
        if reason:
            self._drop_standby()
        return reason

    def task_done(self) -> None:
        """Take note that the worker works: the next failure is the first one again."""
        self._failed_starts = 0

    @property
    def can_sleep(self) -> bool:
        """Whether a loaded worker could be ended without harm to what is under way."""
        with self._lock:
            is_requested = self._requested is not None
        is_busy = self._standby is not None or is_requested
        return self.worker is not None and self.is_ready and not is_busy

    def sleep(self) -> None:
        """End the worker, which has no work, to free its memory, until `wake`."""
        self.is_asleep = True
        self.remove("")

    def wake(self) -> None:
        """Let `start_if_due` start a worker again."""
        self.is_asleep = False

    def remove(self, reason: str | None) -> str:
        """Kill the worker, which failed; return `reason`, or why it ended if that is None."""
        worker, self.worker = self.worker, None
        ended = worker.kill() if worker is not None else ""
        return reason or ended

    def schedule_restart(self) -> bool:
        """Count a failure; return False if there were too many for another start."""
        self._failed_starts += 1
        delays = self._timeouts.restart_delays_s
        if self._failed_starts > len(delays) and not self.is_ready:
            return False
        delay_s = delays[min(self._failed_starts, len(delays)) - 1]
        self._restart_at_s = time.monotonic() + delay_s
        self.restarts += 1
        return True

    def give_up(self) -> None:
        """Kill the worker and start none until another model is loaded."""
        self.is_unavailable = True
        self.remove("")

    def deadlines_s(self) -> list[float]:
        """Return the times [time.monotonic] at which a worker is due to start or counts as dead."""
        times = [] if self._standby is None else [self._standby.worker.heartbeat_deadline_s]
        if self.worker is not None:
            times.append(self.worker.heartbeat_deadline_s)
        elif not self.is_unavailable and not self.is_asleep:
            times.append(self._restart_at_s)
        return times

    def extend_deadlines(self) -> None:
        """Restart the time limits after a suspension, which will have stopped the workers too."""
        if self.worker is not None:
            self.worker.extend_deadline()
        if self._standby is not None:
            self._standby.worker.extend_deadline()

    def end(self, *, orderly: bool) -> None:
        """End all workers; with `orderly`, ask a loaded one to exit first."""
        self._drop_standby()
        worker, self.worker = self.worker, None
        if worker is not None:
            (worker.stop if orderly and self.is_ready else worker.kill)()

    def _start(self, spec: ModelSpec) -> WorkerProcess:
        timeouts = self._timeouts
        return WorkerProcess(
            self._factory, spec, timeouts.start_s, timeouts.heartbeat_s, self._on_change
        )

    def _drop_standby(self) -> None:
        standby, self._standby = self._standby, None
        if standby is not None:
            standby.worker.kill()


class StandbyWorker:
    """A worker that loads a model and then replaces the current worker."""

    def __init__(self, spec: ModelSpec, worker: WorkerProcess) -> None:
        """Create it from a started worker process."""
        self.spec = spec
        self.worker = worker
        self.loaded: ModelLoaded | None = None
        """The worker's message once its model is ready."""

    def process_messages(self) -> str:
        """Process the worker's messages; return why it failed, "" if it did not."""
        messages = self.worker.receive()
        if messages is None:
            return WorkerMessage.STOPPED_WHILE_LOADING(reason=self.worker.kill())
        for message in messages:
            if isinstance(message, ModelLoaded):
                self.loaded = message
            elif isinstance(message, TaskFailed):
                return message.reason
        if time.monotonic() < self.worker.heartbeat_deadline_s:
            return ""
        self.worker.kill()
        return WorkerMessage.GAVE_NO_SIGN_OF_LIFE()
