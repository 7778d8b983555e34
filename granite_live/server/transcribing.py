"""Transcribe uploaded recordings, one after the other, in the worker process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from granite_live.app.factory import SessionSettings, make_segmenter
from granite_live.app.file_transcription import FileListener, FileTranscriber, open_recording
from granite_live.app.worker_recognizer import WorkerRecognizer
from granite_live.messages import replaced
from granite_live.messages.recording import RecordingMessage
from granite_live.server.guard import ApiError
from granite_live.transcript.model import RecordingTranscript, Transcript
from granite_live.transcript.polish import Polish
from granite_live.util.errors import AudioError, GraniteError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.session.messages import ModelSpec
    from granite_live.transcript.model import ModelInfo

MAX_WAITING = 16
"""Recordings that may wait; more are refused for now."""
_RETRY_S = 10
_SEGMENTS_AHEAD = 2
"""The worker does not wait for the voice detector, which runs in this process, if a segment is
ready when the one before is transcribed."""


class CanceledError(Exception):
    """The client has gone."""


@dataclass(slots=True)
class Job(FileListener):
    """One recording. `on_text` receives each utterance's polished text, in the job's thread."""

    file: BinaryIO
    on_text: Callable[[str], None] = lambda _text: None
    _canceled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Stop soon; from any thread."""
        self._canceled.set()

    def progress(self, done_s: float) -> None:
        """Stop if the client has gone."""
        self.check()

    def check(self) -> None:
        """Raise `CanceledError` after `cancel`; from any thread."""
        if self._canceled.is_set():
            raise CanceledError


class _TellingRecognizer:
    """A recognizer that also tells a job each text as soon as it is there."""

    def __init__(self, recognizer: WorkerRecognizer, job: Job, polish: Polish) -> None:
        self._recognizer, self._job, self._polish = recognizer, job, polish
        self.threads = recognizer.threads
        self.sample_rate_hz = recognizer.sample_rate_hz
        self.max_samples = recognizer.max_samples
        self.batch_window_s = recognizer.batch_window_s
        self.provider_notes = recognizer.provider_notes
        self.model_info: ModelInfo = recognizer.model_info

    def transcribe_many(self, waveforms: Sequence[NDArray[np.float32]]) -> list[Transcript]:
        self._job.check()
        found = self._recognizer.transcribe_many(waveforms)
        for one in found:
            if text := self._polish(one).text:
                self._job.on_text(text)
        return found


class Transcriber:
    """Holds the worker, which is started by the first recording and ended when idle.

    Args:
        spec: The model.
        settings: How speech is found and texts are written.
        idle_s: Seconds without work after which the worker ends; None for never.
    """

    def __init__(self, spec: ModelSpec, settings: SessionSettings, idle_s: float | None) -> None:
        self._spec, self._settings, self._idle_s = spec, settings, idle_s
        self._loaded_spec = spec
        self._live_sessions = 0
        self._turn = asyncio.Lock()
        self._jobs = 0
        self._recognizer: WorkerRecognizer | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._freeing: asyncio.Task[None] | None = None
        self.done = self.failed = self.refused = 0
        self.audio_s = 0.0

    @property
    def waiting(self) -> int:
        """The recordings that wait or are transcribed."""
        return self._jobs

    @property
    def is_loaded(self) -> bool:
        """Whether a worker runs."""
        return self._recognizer is not None

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none."""
        return 0 if self._recognizer is None else self._recognizer.worker_pid

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place in the queue while the block runs.

        Raises:
            ApiError: Too many recordings wait.
        """
        if self._jobs > MAX_WAITING:
            self.refused += 1
            raise ApiError(
                429,
                f"{MAX_WAITING} recordings are waiting already: try again later.",
                code="rate_limit_exceeded",
                headers={"Retry-After": str(_RETRY_S)},
            )
        self._jobs += 1
        try:
            yield
        finally:
            self._jobs -= 1

    async def transcribe(self, job: Job) -> RecordingTranscript:
        """Transcribe a recording when its turn comes; return its polished transcript.

        Raises:
            ApiError: It cannot be read or transcribed.
            CanceledError: The client has gone.
        """
        async with self._turn:
            if self._idle_timer is not None:
                self._idle_timer.cancel()
            try:
                # The thread must end before the next turn, whoever gives up waiting for it.
                work = asyncio.ensure_future(asyncio.to_thread(self._run, job))
                try:
                    transcript = await asyncio.shield(work)
                except asyncio.CancelledError:
                    job.cancel()
                    await asyncio.wait([work])
                    raise
            except ApiError:
                self.failed += 1
                raise
            finally:
                self._free_when_idle()
        self.done += 1
        self.audio_s += transcript.duration_s
        return transcript

    def use_model(self, spec: ModelSpec) -> None:
        """Use another model from the next recording on."""
        self._spec = spec

    def live_session_began(self) -> None:
        """Free the model whenever no recording waits: a live session has its own in memory."""
        self._live_sessions += 1
        if not self._turn.locked():
            self._free_when_idle()

    def live_session_ended(self) -> None:
        """Keep the model in memory again between recordings."""
        self._live_sessions -= 1

    async def close(self) -> None:
        """End the worker."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        await self._free()

    def _free_when_idle(self) -> None:
        """Free the model after the idle time, at once if a live session needs the memory."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        idle_s = 0.0 if self._live_sessions else self._idle_s
        if idle_s is not None:
            loop = asyncio.get_running_loop()
            self._idle_timer = loop.call_later(idle_s, self._free_later)

    def _free_later(self) -> None:
        if not self._turn.locked():  # else the recording at work starts the time again
            self._freeing = asyncio.ensure_future(self._free())

    async def _free(self) -> None:
        async with self._turn:
            recognizer, self._recognizer = self._recognizer, None
            if recognizer is not None:
                await asyncio.to_thread(recognizer.close)

    def _run(self, job: Job) -> RecordingTranscript:
        delivered: list[RecordingTranscript] = []
        try:
            job.check()
            with open_recording(job.file) as audio:
                recognizer = self._ready_recognizer()
                transcriber = FileTranscriber(
                    _TellingRecognizer(recognizer, job, self._settings.polish),
                    lambda: make_segmenter(self._settings),
                    polish=self._settings.polish,
                    segments_ahead=_SEGMENTS_AHEAD,
                )
                transcriber.transcribe(audio, job, delivered.append, is_resumable=False)
        except AudioError as error:
            message = replaced(str(error), RecordingMessage.STANDARD_INPUT(), "The file")
            raise ApiError(400, message, code="invalid_file", param="file") from error
        except GraniteError as error:
            raise ApiError(500, str(error), code="transcription_failed") from error
        (transcript,) = delivered
        return transcript

    def _ready_recognizer(self) -> WorkerRecognizer:
        """Return the worker's recognizer; replace one that failed or has another model."""
        found = self._recognizer
        if found is not None and (found.failure or self._loaded_spec != self._spec):
            found.close()
            self._recognizer = None
        if self._recognizer is None:
            self._loaded_spec = self._spec
            self._recognizer = WorkerRecognizer(self._loaded_spec)
        return self._recognizer
