"""Playback of a session's recording, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from granite_live.app.engine import Engine
from granite_live.gui.background import SerialExecutor
from granite_live.library import SavedSession

_FRAME_MS = 50


class RecordingPlayer(QObject):
    """Plays the recording of one session, from any position to its end.

    Emits `playing_changed`, `position_changed` with seconds, `failed` with a sentence.
    """

    playing_changed = Signal(bool)
    position_changed = Signal(float)
    failed = Signal(str)
    _finished = Signal(int, str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._executor = SerialExecutor("playing", self)
        self._request_number = self._started_number = 0
        self._finished.connect(self._end, Qt.ConnectionType.QueuedConnection)
        # The clock of the output is read for each picture, while something plays.
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._follow)
        self.session: SavedSession | None = None
        self.duration_s = 0.0
        """The end of the recording."""
        self.position_s = 0.0
        """Where it plays, or where it would go on."""
        self.speed = 1.0

    @property
    def is_playing(self) -> bool:
        """Whether the recording plays."""
        return self._timer.isActive()

    def load(self, session: SavedSession | None, duration_s: float) -> None:
        """Set the recording; stop the playback of another one."""
        if self.session is None or session is None or session.id != self.session.id:
            self.stop()
            self._move(0.0)
        self.session, self.duration_s = session, duration_s

    def play(self, from_s: float | None = None) -> None:
        """Play from a position, by default from the present one; at the end, from the start."""
        if self.session is None:
            return
        if from_s is None:
            from_s = 0.0 if self.position_s >= self.duration_s else self.position_s
        self._move(min(max(0.0, from_s), self.duration_s))
        self._request_number += 1
        number, session, speed = self._request_number, self.session, self.speed
        start_s, end_s = self.position_s, self.duration_s

        def work() -> None:
            on_finished = self._finished.emit
            self._engine.play(
                session, start_s, end_s, lambda sentence: on_finished(number, sentence), speed
            )

        def started(_done: None) -> None:
            self._started_number = number

        was_playing = self.is_playing
        self._timer.start()
        if not was_playing:
            self.playing_changed.emit(True)
        self._executor.run(work, started, lambda sentence: self._end(number, sentence))

    def seek(self, position_s: float) -> None:
        """Go to a position; go on playing there if it plays."""
        if self.is_playing:
            self.play(position_s)
        else:
            self._move(min(max(0.0, position_s), self.duration_s))

    def set_speed(self, speed: float) -> None:
        """Set the speed: 2.0 is twice as fast, at the same pitch."""
        if self.is_playing:
            self._follow()
        self.speed = speed
        if self.is_playing:
            self.play(self.position_s)

    def stop(self, then: Callable[[], None] | None = None) -> None:
        """Stop at the present position; call `then` when the file is closed."""
        if self.is_playing:
            self._follow()
        self._request_number += 1
        self._set_stopped()
        self._executor.run(
            self._engine.stop_playing, None if then is None else lambda _done: then()
        )

    def close(self, timeout_s: float) -> bool:
        """End the playback thread; return whether that was done in time."""
        self._request_number += 1
        self._timer.stop()
        self._executor.run(self._engine.stop_playing)
        return self._executor.close(timeout_s)

    def _follow(self) -> None:
        """Show the output's position; that of an earlier request does not count."""
        if self._started_number == self._request_number:
            position_s = self._engine.play_position_s
            if position_s is not None:
                self._move(min(position_s, self.duration_s))

    def _move(self, position_s: float) -> None:
        if position_s != self.position_s:
            self.position_s = position_s
            self.position_changed.emit(position_s)

    def _end(self, number: int, sentence: str) -> None:
        if number != self._request_number:
            return  # it plays from elsewhere since, or was stopped
        self._set_stopped()
        if sentence:
            self.failed.emit(sentence)
        else:
            self._move(self.duration_s)

    def _set_stopped(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.playing_changed.emit(False)
