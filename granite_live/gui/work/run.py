"""Run a task of the engine in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from granite_live.app.tasks import Outcome, Task
from granite_live.gui.background import Background
from granite_live.gui.bridge import Bridge


class TaskRun(QObject):
    """Runs one task at a time. Emits `told` with events, `done` with the outcome, or `failed`."""

    told = Signal(object)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._task: Task | None = None
        self._bridge: Bridge | None = None

    def start(self, task: Task) -> None:
        """Start a task; no other one may be running."""
        self._task = task
        bridge = self._bridge = Bridge(self)
        bridge.told.connect(self.told)
        self._background.run(lambda: task.run(bridge.tell), self._end, self._fail)

    def stop(self) -> None:
        """Stop the task; `done` or `failed` still follows."""
        if self._task is not None:
            self._task.stop()

    def _end(self, outcome: Outcome) -> None:
        self._forget()
        self.done.emit(outcome)

    def _fail(self, sentence: str) -> None:
        self._forget()
        self.failed.emit(sentence)

    def _forget(self) -> None:
        self._task = None
        if self._bridge is not None:
            self._bridge.deleteLater()
            self._bridge = None
