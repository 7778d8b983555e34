"""A session of real parts with a real model, and its timed events."""

from __future__ import annotations

import queue
import time
from pathlib import Path
from typing import Any, TypeVar

import pytest

from granite_live.app.factory import SessionSettings, make_session
from granite_live.audio.journal import Journal
from granite_live.audio.source import AudioSource
from granite_live.session import events
from granite_live.session.messages import ModelSpec
from granite_live.util.paths import demo_bundle_dir

WAIT_S = 60.0
LEVELS_PER_S = 10
"""A level is reported for every tenth of a second."""

EventType = TypeVar("Told")


def small_model() -> ModelSpec:
    """Return the committed bundle of random weights: it loads soon, and its words mean nothing."""
    return ModelSpec(str(Path(__file__).parents[1] / "data" / "bundle"), "int8", "cpu")


def demo_model() -> ModelSpec:
    """Return the demo model for a worker; skip if it was not built."""
    if not (demo_bundle_dir() / "int8").is_dir():
        pytest.skip("assets/demo is missing: the demo bundle has not been built here")
    return ModelSpec(str(demo_bundle_dir()), None, "cpu")


class LiveSession:
    """Starts a session at once. Every event is stored with its time [time.monotonic]."""

    def __init__(
        self,
        source: AudioSource,
        folder: Path,
        *,
        settings: SessionSettings | None = None,
        sync_every_s: float = 1.0,
        system_source: AudioSource | None = None,
        model: ModelSpec | None = None,
    ) -> None:
        self.journal = Journal.create(
            folder,
            sync_every_s=sync_every_s,
            system_source="" if system_source is None else system_source.name,
        )
        self.told: list[tuple[events.SessionEvent, float]] = []
        self._news: queue.SimpleQueue[tuple[events.SessionEvent, float]] = queue.SimpleQueue()
        self.session = make_session(
            source, model or demo_model(), self.journal, self._listen, settings, system_source
        )
        self.session.start()

    def _listen(self, event: events.SessionEvent) -> None:
        heard = event, time.monotonic()
        self.told.append(heard)
        self._news.put(heard)

    def until(
        self, kind: type[EventType], *, timeout_s: float = WAIT_S, **fields: Any
    ) -> tuple[EventType, float]:
        """Wait for the next event of this type with these fields; return it and its time."""
        give_up_s = time.monotonic() + timeout_s
        while True:
            event, at_s = self._news.get(timeout=max(0.0, give_up_s - time.monotonic()))
            if isinstance(event, kind) and all(getattr(event, k) == v for k, v in fields.items()):
                return event, at_s

    def ready(self) -> None:
        """Wait until the session listens and the model is loaded."""
        states = self.all(events.StateChanged)
        while not states or states[-1].detail.endswith("loads.") or states[-1].state == "waiting":
            states.append(self.until(events.StateChanged)[0])

    def hear(self, seconds: float) -> None:
        """Wait until this much more audio is recorded."""
        wanted = len(self.all(events.LevelMeasured)) + seconds * LEVELS_PER_S
        while len(self.all(events.LevelMeasured)) < wanted:
            self.until(events.LevelMeasured)

    def all(self, kind: type[EventType]) -> list[EventType]:
        """Return every event of this type so far."""
        return [event for event, _ in self.told if isinstance(event, kind)]

    def stop(self) -> float:
        """Stop listening and return how long that took [seconds]."""
        began_s = time.monotonic()
        self.session.stop()
        return time.monotonic() - began_s

    def end(self, timeout_s: float = WAIT_S) -> events.SessionClosed:
        """Stop, wait for everything, and return the totals."""
        self.session.stop()
        assert self.session.join(timeout_s)
        (closed,) = self.all(events.SessionClosed)
        assert self.told[-1][0] is closed
        return closed

    def leave(self) -> None:
        """End the session in any state, at the end of a test."""
        self.session.stop(keep_unfinished=True)
        assert self.session.join(WAIT_S)
