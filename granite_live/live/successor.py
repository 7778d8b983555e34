"""The worker that shall take over: it loads another model while the old one goes on working."""

from __future__ import annotations

import time
from collections.abc import Sequence

from granite_live.live.messages import Loaded, ModelSpec, Trouble
from granite_live.live.process import WorkerProcess


class Successor:
    """A worker on its way. Until it has taken over, nothing depends on it."""

    def __init__(self, factory: str, spec: ModelSpec, start_s: float, beat_s: float) -> None:
        """Start it. It may take `start_s` for its first sign of life, then `beat_s` for each."""
        self.spec = spec
        self.worker = WorkerProcess(factory, spec)
        self.loaded: Loaded | None = None
        """What it says of its model once it could take over."""
        self._beat_s = beat_s
        self.silent_until_s = time.monotonic() + start_s

    def hear(self, heard: Sequence[object]) -> str:
        """Take its messages, if there are any; return why it cannot take over, "" if it may yet.

        Args:
            heard: Which of the things that were waited for had something to say.
        """
        if not any(one in heard for one in self.worker.waitables):
            if time.monotonic() < self.silent_until_s:
                return ""
            self.worker.kill()
            return "It gave no sign of life and was ended."
        messages = self.worker.receive()
        if messages is None:
            return f"Its recogniser stopped while it was loaded: {self.worker.kill()}."
        for message in messages:
            self.silent_until_s = time.monotonic() + self._beat_s
            if isinstance(message, Loaded):
                self.loaded = message
            elif isinstance(message, Trouble):
                return message.reason
        return ""

    def end(self) -> None:
        """End it: it is not wanted any more. It is gone when this returns."""
        self.worker.kill()
