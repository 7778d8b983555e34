"""The worker that shall take over: it loads another model while the old one goes on working."""

from __future__ import annotations

import time

from granite_live.live.messages import Loaded, ModelSpec, Trouble
from granite_live.live.process import WorkerProcess


class Successor:
    """A worker on its way. Until it has taken over, nothing depends on it."""

    def __init__(self, spec: ModelSpec, worker: WorkerProcess) -> None:
        """Wait for what `worker` says of its model."""
        self.spec = spec
        self.worker = worker
        self.loaded: Loaded | None = None
        """What it says of its model once it could take over."""

    def hear(self) -> str:
        """Take its messages, if there are any; return why it cannot take over, "" if it may yet."""
        messages = self.worker.receive()
        if messages is None:
            return f"Its recogniser stopped while it was loaded: {self.worker.kill()}."
        for message in messages:
            if isinstance(message, Loaded):
                self.loaded = message
            elif isinstance(message, Trouble):
                return message.reason
        if time.monotonic() < self.worker.silent_until_s:
            return ""
        self.worker.kill()
        return "It gave no sign of life and was ended."

    def end(self) -> None:
        """End it: it is not wanted any more. It is gone when this returns."""
        self.worker.kill()
