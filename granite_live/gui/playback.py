"""Playback of one line at a time, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.app.engine import Engine
from granite_live.gui.background import SerialExecutor
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.library import SavedSession


class LinePlayer(QObject):
    """Emits `changed` with the line being played, or None; `failed` with a sentence."""

    changed = Signal(object)
    failed = Signal(str)
    _finished = Signal(int, str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._executor = SerialExecutor("playing", self)
        self._request_number = 0
        self._finished.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self.line: Line | None = None
        """The line being played."""

    def play(self, session: SavedSession, line: Line) -> None:
        """Play a line of a session instead of the current one."""
        if line.state is LineState.OPEN:
            self.failed.emit(self.tr("This is still being spoken: play it when its text is final."))
            return
        self._request_number += 1
        number = self._request_number

        def work() -> None:
            on_finished = self._finished.emit
            self._engine.play(
                session, line.start_s, line.end_s, lambda sentence: on_finished(number, sentence)
            )

        self._set_line(line)
        self._executor.run(work, None, lambda sentence: self._end(number, sentence))

    def stop(self, then: Callable[[], None] | None = None) -> None:
        """Stop the playback; call `then` when the file is closed."""
        self._request_number += 1
        self._set_line(None)
        self._executor.run(
            self._engine.stop_playing, None if then is None else lambda _done: then()
        )

    def close(self, timeout_s: float) -> bool:
        """End the playback thread; return whether that was done in time."""
        self._request_number += 1
        self._executor.run(self._engine.stop_playing)
        return self._executor.close(timeout_s)

    def _end(self, number: int, sentence: str) -> None:
        if number != self._request_number:
            return  # another line has been started since, or the playback was stopped
        self._set_line(None)
        if sentence:
            self.failed.emit(sentence)

    def _set_line(self, line: Line | None) -> None:
        if line is not self.line:
            self.line = line
            self.changed.emit(line)
