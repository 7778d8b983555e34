"""The worker process: loads the model and transcribes what it is sent, until told to stop.

It owns everything native. If it crashes, hangs or runs out of memory, the session's process
goes on recording and starts another one.
"""

from __future__ import annotations

import importlib
import logging
import threading
import time
import traceback
from multiprocessing.connection import Connection

from granite_live.errors import GraniteError
from granite_live.live.messages import (
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
from granite_live.live.protocols import Recogniser
from granite_live.live.transcribing import Transcribing
from granite_live.threads import ReportingThread, in_short

_log = logging.getLogger(__name__)

BEAT_S = 1.0
"""Seconds between two signs of life."""


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
    """Load the model and do tasks until the pipe or the worker is told to end.

    Args:
        connection: The pipe to the session; its end is the end of the worker.
        factory: "package.module:function" of a `RecogniserFactory`.
        spec: What to load.
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
            return  # the main thread meets the same end


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
        # A defect, or something that passes, such as a disk that fails: it is tried again.
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
            return  # a new process begins with the memory of this one
        except Exception as error:
            # The recogniser itself keeps nothing of a task, so the next one can be done.
            _log.exception("A task failed.")
            reason = f"The recogniser failed over it: {in_short(error)}."
            line.send(_failure(message.number, reason))
        else:
            line.send(Done(message.number, transcript, time.perf_counter() - began))


def _failure(number: int | None, reason: str) -> Trouble:
    """Return what to tell of the exception that is being handled."""
    return Trouble(number, reason, traceback.format_exc())
