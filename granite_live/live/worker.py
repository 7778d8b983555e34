"""The worker process: loads the model and transcribes what it is sent, until told to stop.

It owns everything native. If it crashes, hangs or runs out of memory, the session's process
goes on recording and starts another one.
"""

from __future__ import annotations

import importlib
import signal
import sys
import threading
import time
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


def main(connection: Connection, factory: str, spec: ModelSpec) -> None:
    """Run the worker. The target of the spawned process.

    Args:
        connection: The pipe to the session; its end is the end of the worker.
        factory: "package.module:function" of a `RecogniserFactory`.
        spec: What to load.
    """
    # Ctrl-C in a terminal, and the terminal's end, reach the whole group; the session decides
    # what they mean.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    line = _Line(connection)
    over = threading.Event()
    beats = threading.Thread(target=_beat, args=(line, over), name="beats", daemon=True)
    beats.start()
    try:
        recogniser = _load(line, factory, spec)
        if recogniser is not None:
            try:
                _serve(line, recogniser)
            finally:
                recogniser.close()
    except (EOFError, ConnectionError):
        return  # the session is gone, and so is the reason to live
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
        else:
            line.send(Done(message.number, transcript, time.perf_counter() - began))
