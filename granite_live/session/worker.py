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
    Beat,
    Done,
    Loaded,
    Message,
    ModelSpec,
    Stop,
    Task,
    Trouble,
    pack,
    unpack,
)
from granite_live.session.protocols import Recogniser
from granite_live.session.scheduler import KEPT_DRAFTS
from granite_live.transcript.model import Transcript
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread, in_short
from granite_live.util.pcm import as_float


class Transcribing:
    """Executes tasks with a recognizer. Cached results serve identical samples only."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._drafts: OrderedDict[int, tuple[bytes, Any]] = OrderedDict()
        self._transcripts: dict[int, tuple[bytes, Transcript]] = {}

    def do(self, task: Task) -> Transcript:
        """Return the transcript for a task.

        Raises:
            GraniteError: The recognizer failed.
        """
        if task.kind == "final":
            return self._final(task)
        draft = self._recogniser.draft(as_float(task.samples))
        if task.kind == "provisional":
            self._drafts[task.utterance] = _digest(task.samples), draft
            if len(self._drafts) > KEPT_DRAFTS:
                self._drafts.popitem(last=False)
        return self._recogniser.unedited(draft)

    def _final(self, task: Task) -> Transcript:
        recogniser, heard = self._recogniser, _digest(task.samples)
        sound, transcript = self._transcripts.pop(task.utterance, (b"", None))
        if transcript is not None and sound == heard:
            return transcript
        # The utterance may have grown since the draft was kept.
        sound, draft = self._drafts.pop(task.utterance, (b"", None))
        if draft is not None and sound == heard and recogniser.fits(draft):
            return recogniser.edit(draft)
        if task.company:
            together = self._together(task)
            if together is not None:
                return together
        return recogniser.transcribe(as_float(task.samples))

    def _together(self, task: Task) -> Transcript | None:
        """Transcribe a task and its batch, whose transcripts are kept; return None if that fails.

        The caller then transcribes each alone, which shows which one fails.
        """
        sounds = [task.samples, *(one.samples for one in task.company)]
        try:
            first, *others = self._recogniser.transcribe_many([as_float(one) for one in sounds])
        except GraniteError:
            return None
        self._transcripts = {
            one.utterance: (_digest(one.samples), transcript)
            for one, transcript in zip(task.company, others, strict=True)
        }
        return first


def _digest(samples: NDArray[np.int16]) -> bytes:
    return hashlib.blake2b(samples.tobytes(), digest_size=16).digest()


_log = logging.getLogger(__name__)

BEAT_S = 1.0
"""Seconds between two heartbeats."""


class _Line:
    """The worker's end of the pipe; two threads send through it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()

    def send(self, message: Message) -> None:
        with self._sending:
            self._connection.send_bytes(pack(message))

    def receive(self) -> Message:
        return unpack(self._connection.recv_bytes())


def work(connection: Connection, factory: str, spec: ModelSpec) -> None:
    """Load the model and do tasks until a stop message or the end of the pipe.

    Args:
        connection: The pipe to the session; the worker exits when it closes.
        factory: "package.module:function" of a `RecogniserFactory`.
        spec: The model to load.
    """
    line = _Line(connection)
    over = threading.Event()
    beats = ReportingThread(lambda: _beat(line, over), name="beats", daemon=True)
    beats.start()
    try:
        recogniser = _load(line, factory, spec)
        if recogniser is not None:
            try:
                _serve(line, recogniser)
            finally:
                recogniser.close()
    except (EOFError, ConnectionError):
        return  # the session has ended
    except Exception as error:
        _log.critical("The worker failed.", exc_info=True)
        line.send(_failure(None, WorkerMessage.FAILED(reason=in_short(error))))
    finally:
        over.set()
        beats.join()


def _beat(line: _Line, over: threading.Event) -> None:
    while not over.wait(BEAT_S):
        try:
            line.send(Beat())
        except OSError:
            return  # the main thread gets the same error


def _load(line: _Line, factory: str, spec: ModelSpec) -> Recogniser | None:
    began = time.perf_counter()
    module, _, function = factory.partition(":")
    try:
        recogniser: Recogniser = getattr(importlib.import_module(module), function)(spec)
    except GraniteError as error:
        line.send(Trouble(None, str(error)))
        return None
    except MemoryError:
        line.send(Trouble(None, WorkerMessage.MODEL_TOO_LARGE()))
        return None
    except Exception as error:
        # A defect, or a temporary failure such as of a disk: the session retries it.
        _log.critical("Loading the model failed.", exc_info=True)
        line.send(_failure(None, WorkerMessage.LOADING_FAILED(reason=in_short(error))))
        return None
    line.send(
        Loaded(
            recogniser.model_info,
            recogniser.provider_notes,
            recogniser.threads,
            time.perf_counter() - began,
            recogniser.gather_s,
        )
    )
    return recogniser


def _serve(line: _Line, recogniser: Recogniser) -> None:
    transcribing = Transcribing(recogniser)
    while True:
        message = line.receive()
        if isinstance(message, Stop):
            return
        if not isinstance(message, Task):
            continue
        began = time.perf_counter()
        try:
            transcript = transcribing.do(message)
        except GraniteError as error:
            line.send(Trouble(message.number, str(error)))
        except MemoryError:
            line.send(Trouble(message.number, WorkerMessage.OUT_OF_MEMORY()))
            return  # a new process starts with this one's memory free
        except Exception as error:
            # The recognizer keeps no state of a task, so the next task can be done.
            _log.exception("A task failed.")
            reason = WorkerMessage.UTTERANCE_FAILED(reason=in_short(error))
            line.send(_failure(message.number, reason))
        else:
            line.send(Done(message.number, transcript, time.perf_counter() - began))


def _failure(number: int | None, reason: str) -> Trouble:
    """Return a `Trouble` with the traceback of the current exception."""
    return Trouble(number, reason, traceback.format_exc())
