"""A supervisor over synthetic audio with real worker processes, and a log of its calls."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from granite_live.session.messages import ModelLoaded, ModelSpec
from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.supervisor import Supervisor, WorkerTimeouts
from granite_live.transcript.model import Transcript

RATE = 16000
QUICK = WorkerTimeouts(
    heartbeat_s=20.0, task_s=1.0, task_s_per_audio_s=0.0, restart_delays_s=(0.0, 0.0, 0.0)
)


class ListenerLog:
    """Records the supervisor's calls; `next` waits for one."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple] = queue.SimpleQueue()

    def loaded(self, message: ModelLoaded) -> None:
        self._queue.put(("loaded", message))

    def result(self, job: Job, window_s: float, transcript: Transcript, *, last: bool) -> None:
        self._queue.put(("result", job, transcript, last))

    def utterance_given_up(self, job: Job, attempts: int, reason: str) -> None:
        self._queue.put(("utterance_given_up", job.utterance, attempts, reason))

    def unreadable(self, reason: str) -> None:
        self._queue.put(("unreadable", reason))

    def restarted(self, reason: str, unfinished: int) -> None:
        self._queue.put(("restarted", reason, unfinished))

    def worker_unavailable(self, reason: str) -> None:
        self._queue.put(("worker_unavailable", reason))

    def model_rejected(self, reason: str) -> None:
        self._queue.put(("model_rejected", reason))

    def next(self, kind: str) -> tuple:
        """Return the next call, which must be of this kind."""
        item = self._queue.get(timeout=30)
        assert item[0] == kind, item
        return item

    def until(self, kind: str) -> tuple:
        """Return the next call of this kind, skipping others."""
        while True:
            item = self._queue.get(timeout=30)
            if item[0] == kind:
                return item

    def rest(self) -> list[tuple]:
        items = []
        while not self._queue.empty():
            items.append(self._queue.get())
        return items


class SupervisorRig:
    """A supervisor over synthetic audio: second k is the word w<1000 + k>."""

    def __init__(
        self,
        folder: Path,
        factory: str,
        deaths: int | None,
        timeouts: WorkerTimeouts,
        read: Callable[[int, int], np.ndarray] | None = None,
    ) -> None:
        self.sound = np.repeat(np.arange(1000, 1060, dtype=np.int16), RATE)
        self.log = ListenerLog()
        spec = ModelSpec(str(folder), None if deaths is None else str(deaths))
        self.supervisor = Supervisor(
            f"helpers.scripted_recognizers:{factory}",
            spec,
            Scheduler(RATE),
            (read or (lambda start, stop: self.sound[start:stop]),),
            RATE,
            self.log,
            timeouts,
        )

    def say(self, utterance: int, start_s: int, stop_s: int) -> None:
        self.supervisor.post(lambda s: s.closed(utterance, start_s * RATE, stop_s * RATE))

    def end(self) -> None:
        self.supervisor.finish()
        assert self.supervisor.join(30)

    def abandon(self) -> float:
        """Abandon the work; return how many seconds that took."""
        began_s = time.monotonic()
        self.supervisor.abandon()
        assert self.supervisor.join(30)
        return time.monotonic() - began_s
