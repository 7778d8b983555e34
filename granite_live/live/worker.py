"""The worker process: loads the model and transcribes what it is sent, until told to stop.

It owns everything native. If it crashes, hangs or runs out of memory, the session's process
goes on recording and starts another one.
"""

from __future__ import annotations

import hashlib
import importlib
import signal
import threading
import time
from collections import OrderedDict
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from granite_live.live.scheduler import KEPT_DRAFTS
from granite_live.samples import as_float

BEAT_S = 1.0
"""Seconds between two signs of life."""

_Kept = OrderedDict[int, tuple[bytes, Any]]
"""Utterances, what of them was heard, and its draft."""


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
    # Ctrl-C in a terminal reaches the whole group; the session decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
        )
    )
    return recogniser


def _serve(line: _Line, recogniser: Recogniser) -> None:
    kept: _Kept = OrderedDict()
    while True:
        message = line.receive()
        if isinstance(message, Stop):
            return
        if not isinstance(message, Task):
            continue
        began = time.perf_counter()
        try:
            transcript = _transcribe(recogniser, message, kept)
        except GraniteError as error:
            line.send(Trouble(message.number, str(error)))
        else:
            line.send(Done(message.number, transcript, time.perf_counter() - began))


def _transcribe(recogniser: Recogniser, task: Task, kept: _Kept) -> Any:
    waveform = as_float(task.samples)
    if task.kind == "final":
        # More may have been said since the draft was kept.
        sound, draft = kept.pop(task.utterance, (b"", None))
        if draft is not None and sound == _digest(task.samples) and recogniser.fits(draft):
            return recogniser.edit(draft)
        return recogniser.transcribe(waveform)
    draft = recogniser.draft(waveform)
    if task.kind == "provisional":
        kept[task.utterance] = _digest(task.samples), draft
        if len(kept) > KEPT_DRAFTS:
            kept.popitem(last=False)
    return recogniser.unedited(draft)


def _digest(samples: NDArray[np.int16]) -> bytes:
    return hashlib.blake2b(samples.tobytes(), digest_size=16).digest()
