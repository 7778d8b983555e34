"""Connects the transcript and the playback bar with the playback of the displayed session."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from shiboken6 import isValid

from granite_live.app.engine import Engine
from granite_live.gui import notices
from granite_live.gui.background import Background
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.playback import RecordingPlayer
from granite_live.gui.session_view import SessionView
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.library import SavedSession, SessionState

_NO_PEAKS = np.zeros(0, np.uint8)


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
        self._peaks_id = 0  # the session whose waveform is shown or on its way
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
        gone = self.tr("The sound of this session is deleted: there is nothing to play.")
        self._view.panel.no_sound_reason = gone if is_gone else ""
        if is_other:
            self._pending_s = None
            self._cancel_peaks.set()
            self._peaks_id = 0
            self._view.playback_bar.slider.show_peaks(_NO_PEAKS)
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
            and self._live.activity in (SessionActivity.IDLE, SessionActivity.PAUSED)
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
        elif activity not in (SessionActivity.IDLE, SessionActivity.PAUSED):
            self.pause()
        self._show_bar()

    # -- display ------------------------------------------------------------------------------

    def _show_bar(self) -> None:
        bar, session = self._view.playback_bar, self._session
        is_shown = self._can_play() and self._player.duration_s > 0
        self._view.panel.can_play = is_shown
        bar.setVisible(is_shown)
        if session is not None:
            # The sound of a session that is not finished still grows, or is being packed.
            is_finished = session.state is not SessionState.RUNNING
            if is_shown and is_finished and session.id != self._peaks_id:
                self._load_peaks(session)
            bar.show_recording(self._player.duration_s)
            bar.show_position(self._player.position_s)

    def _load_peaks(self, session: SavedSession) -> None:
        self._peaks_id = session.id
        cancelled = self._cancel_peaks = threading.Event()

        def show(peaks: NDArray[np.uint8]) -> None:
            # The window may have been closed meanwhile.
            if not cancelled.is_set() and isValid(self._view.playback_bar):
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
