"""Run the worker process: load the model and transcribe tasks until a stop message.

All native inference code runs here. If this process crashes, hangs or runs out of memory, the
session continues recording and starts another one.
"""

from __future__ import annotations

import importlib
import logging
import threading
import time
import traceback
from multiprocessing.connection import Connection

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
from granite_live.session.transcribing import Transcribing
from granite_live.util.errors import GraniteError
from granite_live.util.threads import ReportingThread, in_short

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
        line.send(_failure(None, f"it failed: {in_short(error)}"))
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
        line.send(Trouble(None, "The model does not fit into the memory that is left."))
        return None
    except Exception as error:
        # A defect, or a temporary failure such as of a disk: the session retries it.
        _log.critical("Loading the model failed.", exc_info=True)
        line.send(_failure(None, f"it failed to load the model: {in_short(error)}"))
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
            line.send(Trouble(message.number, "The memory that is left does not suffice."))
            return  # a new process starts with this one's memory free
        except Exception as error:
            # The recognizer keeps no state of a task, so the next task can be done.
            _log.exception("A task failed.")
            reason = f"The recogniser failed over it: {in_short(error)}."
            line.send(_failure(message.number, reason))
        else:
            line.send(Done(message.number, transcript, time.perf_counter() - began))


def _failure(number: int | None, reason: str) -> Trouble:
    """Return a `Trouble` with the traceback of the current exception."""
    return Trouble(number, reason, traceback.format_exc())
