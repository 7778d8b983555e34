"""The worker process: load the model and transcribe what is sent, until told to stop."""

from __future__ import annotations

import hashlib
import importlib
import logging
import threading
import time
import traceback
from collections import OrderedDict
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.messages.session import WorkerMessage
from granite_live.session.messages import (
    Heartbeat,
    ModelLoaded,
    ModelSpec,
    PipeMessage,
    StopWorker,
    TaskDone,
    TaskFailed,
    TranscriptionTask,
    pack,
    unpack,
)
from granite_live.session.protocols import SpeechRecognizer
from granite_live.session.scheduler import MAX_KEPT_DRAFTS
from granite_live.transcript.model import Transcript
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread, summarize_error
from granite_live.util.pcm import to_float32


class TaskExecutor:
    """Executes tasks with a recognizer. Cached results serve identical samples only."""

    def __init__(self, recognizer: SpeechRecognizer) -> None:
        self._recognizer = recognizer
        self._drafts: OrderedDict[int, tuple[bytes, Any]] = OrderedDict()
        self._transcripts: dict[int, tuple[bytes, Transcript]] = {}

    def execute(self, task: TranscriptionTask) -> Transcript:
        """Return the transcript for a task.

        Raises:
            GraniteError: The recognizer failed.
        """
        if task.kind == "final":
            return self._final(task)
        draft = self._recognizer.draft(to_float32(task.samples))
        if task.kind == "provisional":
            self._drafts[task.utterance] = _digest(task.samples), draft
            if len(self._drafts) > MAX_KEPT_DRAFTS:
                self._drafts.popitem(last=False)
        return self._recognizer.transcript_of_draft(draft)

    def _final(self, task: TranscriptionTask) -> Transcript:
        recognizer, heard = self._recognizer, _digest(task.samples)
        sound, transcript = self._transcripts.pop(task.utterance, (b"", None))
        if transcript is not None and sound == heard:
            return transcript
        # The utterance may have grown since the draft was kept.
        sound, draft = self._drafts.pop(task.utterance, (b"", None))
        if draft is not None and sound == heard and recognizer.fits(draft):
            return recognizer.edit(draft)
        if task.batch:
            together = self._transcribe_batch(task)
            if together is not None:
                return together
        return recognizer.transcribe(to_float32(task.samples))

    def _transcribe_batch(self, task: TranscriptionTask) -> Transcript | None:
        """Transcribe a task and its batch, whose transcripts are kept; return None if that fails.

        The caller then transcribes each alone, which shows which one fails.
        """
        sounds = [task.samples, *(one.samples for one in task.batch)]
        try:
            first, *others = self._recognizer.transcribe_many([to_float32(one) for one in sounds])
        except GraniteError:
            return None
        self._transcripts = {
            one.utterance: (_digest(one.samples), transcript)
            for one, transcript in zip(task.batch, others, strict=True)
        }
        return first


def _digest(samples: NDArray[np.int16]) -> bytes:
    return hashlib.blake2b(samples.tobytes(), digest_size=16).digest()


_log = logging.getLogger(__name__)

HEARTBEAT_INTERVAL_S = 1.0
"""Seconds between two heartbeats."""


class _Channel:
    """The worker's end of the pipe; two threads send through it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()

    def send(self, message: PipeMessage) -> None:
        with self._sending:
            self._connection.send_bytes(pack(message))

    def receive(self) -> PipeMessage:
        return unpack(self._connection.recv_bytes())


def run_worker(connection: Connection, factory: str, spec: ModelSpec) -> None:
    """Load the model and do tasks until a stop message or the end of the pipe.

    Args:
        connection: The pipe to the session; the worker exits when it closes.
        factory: "package.module:function" that makes a `SpeechRecognizer` from a `ModelSpec`.
        spec: The model to load.
    """
    channel = _Channel(connection)
    has_ended = threading.Event()
    beats = ReportingThread(lambda: _send_heartbeats(channel, has_ended), name="beats", daemon=True)
    beats.start()
    try:
        recognizer = _load(channel, factory, spec)
        if recognizer is not None:
            try:
                _serve(channel, recognizer)
            finally:
                recognizer.close()
    except (EOFError, ConnectionError):
        return  # the session has ended
    except Exception as error:
        _log.critical("The worker failed.", exc_info=True)
        channel.send(_failure(None, WorkerMessage.FAILED(reason=summarize_error(error))))
    finally:
        has_ended.set()
        beats.join()


def _send_heartbeats(channel: _Channel, has_ended: threading.Event) -> None:
    while not has_ended.wait(HEARTBEAT_INTERVAL_S):
        try:
            channel.send(Heartbeat())
        except OSError:
            return  # the main thread gets the same error


def _load(channel: _Channel, factory: str, spec: ModelSpec) -> SpeechRecognizer | None:
    began = time.perf_counter()
    module, _, function = factory.partition(":")
    try:
        recognizer: SpeechRecognizer = getattr(importlib.import_module(module), function)(spec)
    except GraniteError as error:
        channel.send(TaskFailed(None, str(error)))
        return None
    except MemoryError:
        channel.send(TaskFailed(None, WorkerMessage.MODEL_TOO_LARGE()))
        return None
    except Exception as error:
        # A defect, or a temporary failure such as of a disk: the session retries it.
        _log.critical("Loading the model failed.", exc_info=True)
        channel.send(_failure(None, WorkerMessage.LOADING_FAILED(reason=summarize_error(error))))
        return None
    channel.send(
        ModelLoaded(
            recognizer.model_info,
            recognizer.provider_notes,
            recognizer.threads,
            time.perf_counter() - began,
            recognizer.batch_window_s,
        )
    )
    return recognizer


def _serve(channel: _Channel, recognizer: SpeechRecognizer) -> None:
    transcribing = TaskExecutor(recognizer)
    while True:
        message = channel.receive()
        if isinstance(message, StopWorker):
            return
        if not isinstance(message, TranscriptionTask):
            continue
        began = time.perf_counter()
        try:
            transcript = transcribing.execute(message)
        except GraniteError as error:
            channel.send(TaskFailed(message.number, str(error)))
        except MemoryError:
            channel.send(TaskFailed(message.number, WorkerMessage.OUT_OF_MEMORY()))
            return  # a new process starts with this one's memory free
        except Exception as error:
            # The recognizer keeps no state of a task, so the next task can be done.
            _log.exception("A task failed.")
            reason = WorkerMessage.UTTERANCE_FAILED(reason=summarize_error(error))
            channel.send(_failure(message.number, reason))
        else:
            channel.send(TaskDone(message.number, transcript, time.perf_counter() - began))


def _failure(number: int | None, reason: str) -> TaskFailed:
    """Return a `TaskFailed` with the traceback of the current exception."""
    return TaskFailed(number, reason, traceback.format_exc())
