"""Measure the lengths of queued files in advance, for the remaining time of the queue."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.app.sessions import Wanted
from granite_live.gui.background import Background
from granite_live.gui.work.jobs import FileJob, JobState


class Lengths(QObject):
    """Measures one file at a time. Emits `changed` when a length is known, or cannot be."""

    changed = Signal()

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._background = engine, background
        self._waiting: deque[FileJob] = deque()
        self._asked: FileJob | None = None

    def measure(self, files: Iterable[FileJob]) -> None:
        """Queue files to measure."""
        self._waiting.extend(files)
        if self._asked is None:
            self._next()

    def stop(self) -> None:
        """Drop the waiting files."""
        self._waiting.clear()

    def _next(self) -> None:
        self._asked = None
        # A file that has started is measured by the queue.
        while self._waiting and self._waiting[0].state is not JobState.WAITING:
            self._waiting.popleft()
        if not self._waiting:
            return
        job = self._asked = self._waiting.popleft()
        wanted = Wanted(file=job.path)
        self._background.run(
            lambda: self._engine.duration_s(wanted),
            lambda duration_s: self._known(job, duration_s),
            lambda _sentence: self._unreadable(job),
        )

    def _known(self, job: FileJob, duration_s: float) -> None:
        job.duration_s = duration_s
        self.changed.emit()
        self._next()

    def _unreadable(self, job: FileJob) -> None:
        """Ignore the file in the remaining time; its job will report the reason."""
        job.is_unreadable = True
        self.changed.emit()
        self._next()
