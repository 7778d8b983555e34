"""The task that a dialog runs in the background: one at a time, with progress."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.gui.background import Background


class StoppableTask(Protocol):
    """Long work. `run` blocks and belongs in a thread; `stop` is for any."""

    def run(self, on_progress: Callable[..., None]) -> Any:
        """Do the work and return its result."""

    def stop(self) -> None:
        """End the work. Returns at once."""


class DialogTask(QObject):
    """Runs a task and passes on what it says, in the GUI thread.

    A task that was dropped may still answer, after its dialog was closed or has begun another one:
    its answer reaches nobody.
    """

    _progressed = Signal(object, object)

    def __init__(
        self, background: Background, show_progress: Callable[..., None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background, self._show_progress = background, show_progress
        self.current: StoppableTask | None = None
        """The task that runs."""
        self._progressed.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def start(
        self, task: StoppableTask, done: Callable[[Any], None], failed: Callable[[str], None]
    ) -> None:
        """Run a task; then call `done` with its result, or `failed` with a sentence."""
        self.current = task
        self._background.run(
            partial(task.run, partial(self._tell, task)),
            partial(self._answer, task, done),
            partial(self._answer, task, failed),
        )

    def drop(self) -> None:
        """Stop the task if one runs. It gets no answer."""
        if self.current is not None:
            self.current.stop()
            self.current = None

    def _tell(self, task: StoppableTask, *progress: object) -> None:
        self._progressed.emit(task, progress)

    def _pass_on(self, task: StoppableTask, progress: tuple[object, ...]) -> None:
        if task is self.current:
            self._show_progress(*progress)

    def _answer(self, task: StoppableTask, call: Callable[[Any], None], value: Any) -> None:
        if task is self.current:
            self.current = None
            call(value)
