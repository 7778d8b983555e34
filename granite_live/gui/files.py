"""Recordings that were opened or dropped: one after the other becomes a session."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_live.engine import Engine, Wanted
from granite_live.gui.background import Background
from granite_live.gui.live import LiveSession
from granite_live.live import events


class FileState(Enum):
    """How far a file has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(slots=True)
class FileJob:
    """A file in the queue. `done_s` of `duration_s` have their text; 0.0 is unknown."""

    path: Path
    state: FileState = FileState.WAITING
    duration_s: float = 0.0
    done_s: float = 0.0
    session_id: int = 0
    problem: str = ""
    began_s: float = 0.0

    @property
    def left_s(self) -> float | None:
        """How long it will take at the speed so far, None where that cannot be told."""
        spent_s = time.monotonic() - self.began_s
        if self.state is not FileState.RUNNING or not self.duration_s or self.done_s < 1.0:
            return None
        return max(0.0, spent_s / self.done_s * (self.duration_s - self.done_s))


class FileQueue(QObject):
    """Works through files. `changed` tells of any change, `finished` the session of a file."""

    changed = Signal()
    began = Signal(int)
    finished = Signal(int)
    told = Signal(int, object)

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._session = LiveSession(engine, background, self)
        self._session.told.connect(self._tell)
        self._session.began.connect(self._begun)
        self._session.ended.connect(self._ended)
        self._session.failed.connect(self._failed)
        self._current: FileJob | None = None
        self.jobs: list[FileJob] = []

    @property
    def is_busy(self) -> bool:
        """Whether a file is being worked on, or waits."""
        return self._current is not None or any(job.state is FileState.WAITING for job in self.jobs)

    def add(self, paths: Sequence[Path]) -> None:
        """Put files at the end of the queue."""
        self.jobs.extend(FileJob(path) for path in paths)
        self._next()
        self.changed.emit()

    def cancel(self, job: FileJob) -> None:
        """Take a file out; one that is worked on keeps the text it has."""
        if job.state is FileState.WAITING:
            job.state = FileState.CANCELLED
        elif job is self._current and job.state is FileState.RUNNING:
            job.state = FileState.CANCELLED
            self._session.stop()
        self.changed.emit()

    def forget(self) -> None:
        """Take out of the list what is over."""
        self.jobs = [
            job for job in self.jobs if job.state in (FileState.WAITING, FileState.RUNNING)
        ]
        self.changed.emit()

    def stop(self) -> None:
        """Stop for good: what has no text yet is left to recovery."""
        for job in self.jobs:
            if job.state is FileState.WAITING:
                job.state = FileState.CANCELLED
        self._session.stop(keep_unfinished=True)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of what `stop` stopped; return whether it came in time."""
        return self._session.join(timeout_s)

    def _next(self) -> None:
        if self._current is not None:
            return
        job = next((job for job in self.jobs if job.state is FileState.WAITING), None)
        if job is None:
            return
        self._current = job
        job.state, job.began_s = FileState.RUNNING, time.monotonic()
        wanted = Wanted(file=job.path)

        def known(duration_s: float) -> None:
            job.duration_s = duration_s
            self._session.start(wanted)

        self._background.run(lambda: self._engine.duration_s(wanted), known, self._failed)

    def _begun(self, session_id: int) -> None:
        if self._current is not None:
            self._current.session_id = session_id
            self.began.emit(session_id)
            if self._current.state is FileState.CANCELLED:
                self._session.stop()

    def _tell(self, event: events.Event) -> None:
        job = self._current
        if job is None:
            return
        if isinstance(event, events.Final | events.Failed):
            job.done_s = max(job.done_s, event.end_s)
            self.changed.emit()
        elif isinstance(event, events.State) and event.state == "stopping":
            job.problem = event.detail.removesuffix(events.STOPPING).strip()
        self.told.emit(job.session_id, event)

    def _ended(self, session_id: int) -> None:
        job, self._current = self._current, None
        if job is not None and job.state is FileState.RUNNING:
            job.state, job.done_s = FileState.DONE, job.duration_s
        self.finished.emit(session_id)
        self._next()
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        job, self._current = self._current, None
        if job is not None:
            job.state, job.problem = FileState.FAILED, sentence
        self._next()
        self.changed.emit()
