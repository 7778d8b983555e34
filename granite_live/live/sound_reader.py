"""Reads the sound of utterances, away from the thread that watches the worker.

Older sound lies on a disk, which may fail or hang. Whoever watches the worker must not hang too.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.errors import GraniteError
from granite_live.live.process import WorkerProcess
from granite_live.live.scheduler import Job
from granite_live.threads import ReportingThread

_log = logging.getLogger(__name__)

ReadSound = Callable[[int, int], NDArray[np.int16]]
"""Returns samples start..stop of the recording [shape=(stop - start,)]."""

# A disk that hangs is left behind after so long.
_CLOSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Request:
    """A job whose sound is wanted for a worker, from `window_s` on, and what may go with it."""

    job: Job
    window_s: float
    company: tuple[Job, ...]
    worker: WorkerProcess

    def stretches(self, sample_rate_hz: int) -> Iterator[tuple[int, int]]:
        """Yield first sample and end of what is to be read."""
        first = self.job.start_sample + int(self.window_s * sample_rate_hz)
        yield first, self.job.stop_sample
        for one in self.company:
            yield one.start_sample, one.stop_sample


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """The sound of a job and of the first of its company; or `error`, and no sound."""

    request: Request
    sounds: tuple[NDArray[np.int16], ...]
    error: Exception | None = None


class SoundReader:
    """One request at a time, answered in a thread of its own."""

    def __init__(self, sound: ReadSound, sample_rate_hz: int, on_news: Callable[[], None]) -> None:
        """Prepare; `on_news` is called from that thread when `take` has something to return."""
        self._sound, self._rate = sound, sample_rate_hz
        self.is_busy = False
        """Whether something was asked for that `take` has not returned yet."""
        self._on_news = on_news
        self._asked: queue.Queue[Request | None] = queue.Queue(2)
        self._read: queue.Queue[Read] = queue.Queue(1)
        self._thread = ReportingThread(self._run, name="sound reader", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def ask(self, request: Request) -> None:
        """Have this read. Not while `is_busy`."""
        self.is_busy = True
        self._asked.put_nowait(request)

    def take(self) -> Read | None:
        """Return what was read; None while it is not there."""
        try:
            read = self._read.get_nowait()
        except queue.Empty:
            return None
        self.is_busy = False
        return read

    def close(self) -> None:
        """End the thread; one that hangs is left behind."""
        self._asked.put_nowait(None)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        while (request := self._asked.get()) is not None:
            self._read.put_nowait(self._all(request))
            self._on_news()

    def _all(self, request: Request) -> Read:
        sounds: list[NDArray[np.int16]] = []
        for start, stop in request.stretches(self._rate):
            try:
                sounds.append(self._sound(start, stop))
            except Exception as error:
                # Whatever it is: it is told, and tried again.
                is_known = isinstance(error, GraniteError | OSError)
                trace = None if is_known else error
                _log.warning("%d..%d cannot be read: %s", start, stop, error, exc_info=trace)
                return Read(request, tuple(sounds), None if sounds else error)
        return Read(request, tuple(sounds))
