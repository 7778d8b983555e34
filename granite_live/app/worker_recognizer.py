"""A recognizer for files whose model runs in a supervised worker process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from granite_live.app.factory import FILE_RECOGNIZER_FACTORY
from granite_live.messages.control import ServerMessage
from granite_live.session.scheduler import Scheduler
from granite_live.session.supervisor import Supervisor
from granite_live.util.errors import ProviderError
from granite_live.util.lifecycle import Closeable
from granite_live.util.pcm import to_int16

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.session.messages import ModelLoaded, ModelSpec
    from granite_live.session.scheduler import Job
    from granite_live.transcript.model import ModelInfo, Transcript

_RATE_HZ = 16_000
# Longer than the segmenter's utterances; the worker divides longer audio itself.
_MAX_S = 600


class WorkerRecognizer(Closeable):
    """A `FileRecognizer` that sends utterances to a worker, which is replaced if it dies.

    To the supervisor all utterances lie one after the other in one endless recording, of which
    only those without a result are kept. For one thread at a time.
    """

    def __init__(self, spec: ModelSpec) -> None:
        """Start the worker."""
        self._lock = threading.Lock()
        self._sounds: dict[int, NDArray[np.int16]] = {}
        self._results: dict[int, Future[Transcript]] = {}
        self._loaded: Future[ModelLoaded] = Future()
        self._number = self._next_sample = 0
        self.failure = ""
        """Why no worker can be started any more, "" while one can."""
        self._supervisor = Supervisor(
            FILE_RECOGNIZER_FACTORY,
            spec,
            Scheduler(_RATE_HZ, drafts=False),
            (self._read,),
            _RATE_HZ,
            self,
        )
        self._supervisor.start()

    def close(self) -> None:
        """End the worker. Utterances without a result fail. Idempotent."""
        self._supervisor.abandon()
        self._supervisor.join()
        self._fail_all(ServerMessage.CLOSING())

    # -- for `FileTranscriber` ----------------------------------------------------------------

    @property
    def threads(self) -> int:
        """The threads that the worker computes with."""
        return self._message().threads

    @property
    def sample_rate_hz(self) -> int:
        """The sample rate of its waveforms in Hz."""
        return _RATE_HZ

    @property
    def max_samples(self) -> int:
        """The longest waveform per call, in samples."""
        return _MAX_S * _RATE_HZ

    @property
    def batch_window_s(self) -> float:
        """Seconds of audio worth batching; 0 if batching does not help."""
        return self._message().batch_window_s

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Why it runs on other providers than requested."""
        return tuple(self._message().notes)

    @property
    def model_info(self) -> ModelInfo:
        """The model and the provider of each graph. Waits until it is loaded."""
        return self._message().model

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none now."""
        return self._supervisor.worker_pid

    def transcribe_many(self, waveforms: Sequence[NDArray[np.float32]]) -> list[Transcript]:
        """Return the texts of waveforms [each shape=(samples,)].

        Raises:
            ProviderError: The recognizer failed on one of them, or cannot be started.
        """
        futures = [self._submit(to_int16(one)) for one in waveforms]
        return [future.result() for future in futures]

    def _message(self) -> ModelLoaded:
        return self._loaded.result()

    def _submit(self, samples: NDArray[np.int16]) -> Future[Transcript]:
        future: Future[Transcript] = Future()
        with self._lock:
            if self.failure:
                raise ProviderError(self.failure)
            self._number += 1
            number, start = self._number, self._next_sample
            stop = self._next_sample = start + len(samples)
            self._sounds[start], self._results[number] = samples, future
        self._supervisor.post(lambda schedule: schedule.closed(number, start, stop))
        return future

    def _read(self, start_sample: int, _stop_sample: int) -> NDArray[np.int16]:
        with self._lock:
            return self._sounds[start_sample]

    # -- `SupervisorListener` -------------------------------------------------------------------

    def loaded(self, message: ModelLoaded) -> None:
        """Take what the model is, the first time; later it is loaded by a new worker."""
        if not self._loaded.done():
            self._loaded.set_result(message)

    def result(self, job: Job, _window_s: float, transcript: Transcript, *, last: bool) -> None:
        """Answer a request by its transcript, once that is no draft."""
        if last and (future := self._take(job)) is not None:
            future.set_result(transcript)

    def utterance_given_up(self, job: Job, _attempts: int, reason: str) -> None:
        """Answer a request by the reason why it is given up."""
        if (future := self._take(job)) is not None:
            future.set_exception(ProviderError(reason))

    def unreadable(self, _reason: str) -> None:
        """Do nothing: samples in memory can always be read."""

    def restarted(self, _reason: str, _unfinished: int) -> None:
        """Do nothing: the new worker does what the old one left."""

    def worker_unavailable(self, reason: str) -> None:
        """No worker can be started any more."""
        self._fail_all(reason)

    def model_rejected(self, _reason: str) -> None:
        """No other model is ever requested."""

    def _take(self, job: Job) -> Future[Transcript] | None:
        with self._lock:
            self._sounds.pop(job.start_sample, None)
            return self._results.pop(job.utterance, None)

    def _fail_all(self, reason: str) -> None:
        with self._lock:
            self.failure = self.failure or str(reason)
            waiting, self._results = list(self._results.values()), {}
            self._sounds.clear()
        error = ProviderError(reason)
        for future in waiting:
            future.set_exception(error)
        if not self._loaded.done():
            self._loaded.set_exception(error)
