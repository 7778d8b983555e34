"""A task of the engine's, run for the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from granite_live.engine import Outcome, Task
from granite_live.gui.background import Background
from granite_live.gui.bridge import Bridge


class TaskRun(QObject):
    """One task at a time. `told` gives its events, `done` its outcome, `failed` a sentence."""

    told = Signal(object)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._task: Task | None = None
        self._bridge: Bridge | None = None

    def start(self, task: Task) -> None:
        """Begin; to be called while none runs."""
        self._task = task
        bridge = self._bridge = Bridge(self)
        bridge.told.connect(self.told)
        self._background.run(lambda: task.run(bridge.tell), self._end, self._fail)

    def stop(self) -> None:
        """End it soon; `done` or `failed` still come."""
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
