"""Load another model in a standby worker while the current worker continues."""

from __future__ import annotations

import time

from granite_live.session.messages import Loaded, ModelSpec, Trouble
from granite_live.session.process import WorkerProcess


class Successor:
    """A worker that loads a model and then replaces the current worker."""

    def __init__(self, spec: ModelSpec, worker: WorkerProcess) -> None:
        """Create it from a started worker process."""
        self.spec = spec
        self.worker = worker
        self.loaded: Loaded | None = None
        """The worker's message once its model is ready."""

    def hear(self) -> str:
        """Process the worker's messages; return why it failed, "" if it did not."""
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
        """Kill the worker. It has ended on return."""
        self.worker.kill()
