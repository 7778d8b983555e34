"""The worker as its parent sees it: a process, a pipe, and the signs that it lives."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.connection import Connection

from granite_live.live import worker
from granite_live.live.messages import Message, ModelSpec, Stop, pack, unpack

_JOIN_S = 2.0


class WorkerProcess:
    """A spawned worker. Spawned, not forked: the parent has threads and an audio stack."""

    def __init__(self, factory: str, spec: ModelSpec) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, childs = context.Pipe()
        # A daemon: should this process end without stopping it, Python ends it then.
        self._process = context.Process(
            target=worker.main, args=(childs, factory, spec), name="granite-worker", daemon=True
        )
        self._process.start()
        childs.close()  # so that the worker's end is an end of the pipe here too

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid or 0

    @property
    def waitables(self) -> tuple[Connection, int]:
        """What `multiprocessing.connection.wait` can wait for: messages, and the end."""
        return self._connection, self._process.sentinel

    def send(self, message: Message) -> bool:
        """Send a message; return False if the worker is gone."""
        try:
            self._connection.send_bytes(pack(message))
        except OSError:
            return False
        return True

    def receive(self) -> list[Message] | None:
        """Return all messages that have arrived; None once the worker has closed the pipe."""
        messages: list[Message] = []
        try:
            while self._connection.poll():
                messages.append(unpack(self._connection.recv_bytes()))
        except (EOFError, OSError, ValueError):
            # A message cut short is the end of a worker that died over it.
            return messages or None
        return messages

    def stop(self) -> None:
        """End the worker: politely, then firmly. It is gone when this returns."""
        self.send(Stop())
        self._process.join(_JOIN_S)
        self.kill()

    def kill(self) -> str:
        """End the worker at once and return how it ended, in words. Idempotent."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._connection.close()
        code = self._process.exitcode
        if code is not None and code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = str(-code)
            return f"it was ended by signal {name}"
        return f"it ended with exit code {code}"
