"""Read the sound of utterances for the worker: recent samples from memory, older ones from the
journal.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.messages.session import SessionMessage
from granite_live.session.scheduler import Job
from granite_live.session.worker_process import WorkerProcess
from granite_live.util.errors import AudioError, GraniteError
from granite_live.util.lifecycle import ReportingThread

_log = logging.getLogger(__name__)

ReadSamples = Callable[[int, int], NDArray[np.int16]]
"""Returns samples start..stop of the recording [shape=(stop - start,)]."""

Bounds = tuple[int, int]
CutUtterance = Callable[[Job, NDArray[np.int16]], list[Bounds]]
"""Returns the bounds of what was said in the utterance of a job; none if it is to stay as it is."""

# A thread whose disk hangs is left behind after this time.
_CLOSE_S = 0.5


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A request to read a job's audio from `window_s` on, and that of its batch, for a worker."""

    job: Job
    window_s: float
    batch: tuple[Job, ...]
    worker: WorkerProcess

    def stretches(self, sample_rate_hz: int) -> Iterator[tuple[Job, int]]:
        """Yield each job and the first sample to read of it."""
        yield self.job, self.job.start_sample + int(self.window_s * sample_rate_hz)
        for one in self.batch:
            yield one, one.start_sample


@dataclass(frozen=True, slots=True, eq=False)
class ReadResult:
    """The audio of a job and of the first of its batch; or `error` and no audio.

    `cuts` has those jobs whose utterances are to be cut, and where.
    """

    request: ReadRequest
    sounds: tuple[NDArray[np.int16], ...]
    error: Exception | None = None
    cuts: tuple[tuple[Job, list[Bounds]], ...] = ()


class UtteranceReader:
    """Serves one request at a time in a thread of its own."""

    def __init__(
        self,
        sounds: Sequence[ReadSamples],
        sample_rate_hz: int,
        on_change: Callable[[], None],
        cut: CutUtterance | None = None,
    ) -> None:
        """Create the reader of `sounds`, one for each track.

        Its thread calls `on_change` when `poll` has something to return.
        """
        self._sounds, self._rate, self._cut = sounds, sample_rate_hz, cut
        self.is_busy = False
        """Whether a request was made whose result `poll` has not returned yet."""
        self._on_change = on_change
        self._requests: queue.Queue[ReadRequest | None] = queue.Queue(2)
        self._read: queue.Queue[ReadResult] = queue.Queue(1)
        self._thread = ReportingThread(self._run, name="sound reader", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, request: ReadRequest) -> None:
        """Request a read. Must not be called while `is_busy`."""
        self.is_busy = True
        self._requests.put_nowait(request)

    def poll(self) -> ReadResult | None:
        """Return a finished read, None if there is none."""
        try:
            read = self._read.get_nowait()
        except queue.Empty:
            return None
        self.is_busy = False
        return read

    def close(self) -> None:
        """End the thread; it is left behind if it hangs."""
        self._requests.put_nowait(None)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        while (request := self._requests.get()) is not None:
            self._read.put_nowait(self._all(request))
            self._on_change()

    def _all(self, request: ReadRequest) -> ReadResult:
        sounds: list[NDArray[np.int16]] = []
        cuts: list[tuple[Job, list[Bounds]]] = []
        for job, start in request.stretches(self._rate):
            stop = job.stop_sample
            try:
                sounds.append(self._sounds[job.track](start, stop))
                if self._cut is not None:
                    cuts.append((job, self._cut(job, sounds[-1])))
            except Exception as error:
                # Any error is reported, and the read is retried.
                is_known = isinstance(error, GraniteError | OSError)
                trace = None if is_known else error
                _log.warning(
                    "Samples %d to %d cannot be read: %s", start, stop, error, exc_info=trace
                )
                return ReadResult(request, tuple(sounds), None if sounds else error)
        return ReadResult(request, tuple(sounds), cuts=tuple(one for one in cuts if one[1]))


ReadOlderSamples = Callable[[int, int], NDArray[np.int16]]
"""Returns samples start..stop of the recording [shape=(stop - start,)]; raises AudioError."""


class RecentSamples:
    """Keeps the newest samples in memory, up to a limit.

    One thread adds, another reads. Positions count from the first sample of the recording.
    """

    def __init__(self, max_samples: int, older: ReadOlderSamples) -> None:
        self._max = max_samples
        self._older = older
        self._chunks: deque[NDArray[np.int16]] = deque()
        self._start = self._stop = 0
        self._lock = threading.Lock()

    @property
    def total(self) -> int:
        """Number of samples added so far."""
        return self._stop

    def add(self, samples: NDArray[np.int16]) -> None:
        """Append samples [shape=(any,)], which must not change afterwards."""
        with self._lock:
            self._chunks.append(samples)
            self._stop += len(samples)
            while self._chunks and self._stop - self._start - len(self._chunks[0]) >= self._max:
                self._start += len(self._chunks.popleft())

    def get(self, start: int, stop: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            AudioError: They were not added yet, or the journal cannot read older ones.
        """
        with self._lock:
            first, chunks = self._start, list(self._chunks)
        pieces = [self._older(start, min(stop, first))] if start < first else []
        at = first
        for chunk in chunks:
            begin, end = max(start - at, 0), min(stop - at, len(chunk))
            if begin < end:
                pieces.append(chunk[begin:end])
            at += len(chunk)
        found = np.concatenate([np.empty(0, np.int16), *pieces])
        if len(found) != stop - start:
            raise AudioError(
                SessionMessage.SOUND_SHORT(found=len(found), wanted=stop - start, start=start)
            )
        return found
