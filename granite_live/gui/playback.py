"""Play a session's recording: follow the position, and control the playback."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from granite_live.app.engine import Engine
from granite_live.gui import notices
from granite_live.gui.background import Background, SerialExecutor
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.session_view import SessionView
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.library import SavedSession, SessionState, SourceKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FRAME_MS = 50
_PEAKS_PER_S = 10
_SILENT = (SessionActivity.IDLE, SessionActivity.PAUSED, SessionActivity.STANDBY)
"""The activities in which nothing is recorded, so that sound may be played."""


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
        self.track: int | None = None
        """The only track that plays, None for all."""

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
        start_s, end_s, track = self.position_s, self.duration_s, self.track

        def work() -> None:
            on_finished = self._finished.emit
            self._engine.play(
                *(session, start_s, end_s),
                lambda sentence: on_finished(number, sentence),
                speed,
                track,
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

    def set_track(self, track: int | None) -> None:
        """Play only this track, None for all; go on at the present position."""
        if track == self.track:
            return
        if self.is_playing:
            self._follow()
        self.track = track
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


class PlaybackController(QObject):
    """Plays the displayed session, and shows the word that sounds."""

    def __init__(
        self,
        engine: Engine,
        player: RecordingPlayer,
        live: LiveSession,
        view: SessionView,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._player, self._live, self._view = engine, player, live, view
        self._background = background
        self._session: SavedSession | None = None
        self._pending_s: float | None = None
        self._cancel_peaks = threading.Event()
        # The session whose waveform is shown or on its way, and its length [s].
        self._peaks_of: tuple[int, float] | None = None
        panel, bar = view.panel, view.playback_bar
        panel.play_requested.connect(self.play_line)
        panel.word_play_requested.connect(self._play_word)
        panel.stop_requested.connect(self.pause)
        panel.toggle_play_requested.connect(self.toggle)
        panel.delegate.editing_started.connect(self.pause)
        bar.toggle_requested.connect(self.toggle)
        bar.skip_requested.connect(lambda by_s: player.seek(player.position_s + by_s))
        bar.seek_requested.connect(player.seek)
        bar.speed_requested.connect(player.set_speed)
        bar.track_requested.connect(player.set_track)
        player.playing_changed.connect(self._show_playing)
        player.position_changed.connect(self._show_position)
        player.failed.connect(lambda sentence: view.notices.show_message(sentence, is_problem=True))
        live.activity_changed.connect(self._handle_activity)

    def show(self, session: SavedSession | None) -> None:
        """Set the displayed session; stop the playback of another one."""
        is_other = session is None or self._session is None or session.id != self._session.id
        self._session = session
        self._player.load(session, self._duration_s(session))
        is_gone = session is not None and (session.sound_deleted or not session.journal)
        gone = self.tr("The sound of this session was deleted, so it cannot be played.")
        self._view.panel.no_sound_reason = gone if is_gone else ""
        if is_other:
            self._pending_s = None
            self._cancel_peaks.set()
            self._peaks_of = None
            self._view.playback_bar.slider.show_peaks(None)
            is_meeting = session is not None and session.source_kind is SourceKind.MEETING
            self._view.playback_bar.offer_tracks(is_meeting)
        self._show_bar()

    def play_line(self, line: Line) -> None:
        """Play from the start of a line."""
        if line.state is LineState.OPEN:
            text = self.tr("You can play this line once it's final.")
            self._view.notices.show_message(text, is_problem=True)
        else:
            self.play(line.start_s)

    def play(self, from_s: float | None = None) -> None:
        """Play the displayed session from a position, or say why not."""
        if self._session is None:
            return
        match self._live.activity:
            case SessionActivity.RUNNING:
                self._view.notices.offer(
                    self.tr("Playback is off while listening."),
                    self.tr("Pause and play"),
                    partial(self._pause_and_play, from_s),
                    subject=notices.PLAYBACK,
                )
            case SessionActivity.STARTING:
                text = self.tr("Pause listening to play audio.")
                self._view.notices.show_message(text, subject=notices.PLAYBACK)
            case _:
                # A session that is paused has grown since it was shown.
                self._player.load(self._session, self._duration_s(self._session))
                self._player.play(from_s)

    def pause(self) -> None:
        """Pause the playback."""
        self._pending_s = None
        if self._player.is_playing:
            self._player.stop()

    def toggle(self) -> None:
        """Play or pause."""
        if self._player.is_playing:
            self.pause()
        else:
            self.play()

    def end(self) -> None:
        """End the work for the waveform."""
        self._cancel_peaks.set()

    def _play_word(self, start_s: float) -> None:
        # Clicks on words are no requests to pause a session that listens.
        if self._can_play():
            self.play(start_s)

    def _can_play(self) -> bool:
        return (
            self._session is not None
            and not self._view.panel.no_sound_reason
            and self._live.activity in _SILENT
        )

    def _duration_s(self, session: SavedSession | None) -> float:
        if session is None:
            return 0.0
        lines = self._view.panel.lines[-4:]
        return max([session.duration_s, *(line.end_s for line in lines)])

    def _pause_and_play(self, from_s: float | None) -> None:
        self._pending_s = 0.0 if from_s is None else from_s
        if self._live.activity is SessionActivity.RUNNING:
            self._live.pause()
        else:
            self._handle_activity(self._live.activity)

    def _handle_activity(self, activity: SessionActivity) -> None:
        """Play what waits for a pause; stop when listening resumes."""
        pending_s, self._pending_s = self._pending_s, None
        if activity is SessionActivity.PAUSED and pending_s is not None:
            self.play(pending_s)
        elif activity not in _SILENT:
            self.pause()
        elif activity is SessionActivity.PAUSED and not self._player.is_playing:
            # It has grown since it was shown.
            self._player.load(self._session, self._duration_s(self._session))
        self._show_bar()

    # -- display ------------------------------------------------------------------------------

    def _show_bar(self) -> None:
        bar, session = self._view.playback_bar, self._session
        is_shown = self._can_play() and self._player.duration_s > 0
        self._view.panel.can_play = is_shown
        bar.setVisible(is_shown)
        if session is not None:
            # A session that runs has other peaks after each pause. One that has ended but is not
            # finished is being packed.
            is_finished = session.state is not SessionState.RUNNING
            is_paused = self._live.session_id == session.id
            shown = (session.id, 0.0 if is_finished else self._player.duration_s)
            if is_shown and (is_finished or is_paused) and shown != self._peaks_of:
                self._load_peaks(session, shown)
            bar.show_recording(self._player.duration_s)
            bar.show_position(self._player.position_s)

    def _load_peaks(self, session: SavedSession, shown: tuple[int, float]) -> None:
        self._peaks_of = shown
        self._cancel_peaks.set()
        cancelled = self._cancel_peaks = threading.Event()

        def show(peaks: NDArray[np.uint8]) -> None:
            # The window may have been closed meanwhile.
            if not cancelled.is_set() and isValid(self._view.playback_bar):
                # The slider of a session that runs ends with its last line.
                length_s = shown[1]
                if length_s:
                    peaks = peaks[: round(length_s * _PEAKS_PER_S)]
                self._view.playback_bar.slider.show_peaks(peaks)

        def work() -> NDArray[np.uint8]:
            return self._engine.session_peaks(session, cancelled.is_set)

        # Without peaks the slider is a line; playing tells what is wrong with the sound.
        self._background.run(work, show)

    def _show_playing(self, is_playing: bool) -> None:
        self._view.playback_bar.show_playing(is_playing)
        self._show_position(self._player.position_s)

    def _show_position(self, position_s: float) -> None:
        self._view.playback_bar.show_position(position_s)
        self._view.panel.show_playback(position_s, is_playing=self._player.is_playing)
