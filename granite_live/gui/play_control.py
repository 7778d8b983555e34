"""Decide when a line may be played: not into a session that would record it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from granite_live.gui.live import Activity, LiveSession
from granite_live.gui.page import Page
from granite_live.gui.playing import Playing
from granite_live.gui.transcript.lines import Line
from granite_live.library import Session


class PlayControl(QObject):
    """Connects the lines' time stamps with the playback."""

    def __init__(
        self, playing: Playing, live: LiveSession, page: Page, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._playing, self._live, self._page = playing, live, page
        self._session: Session | None = None
        self._waiting: Line | None = None
        page.panel.play_wanted.connect(self.play)
        page.panel.stop_wanted.connect(self.stop)
        playing.changed.connect(page.panel.show_playing)
        playing.failed.connect(lambda sentence: page.notices.tell(sentence, is_trouble=True))
        live.activity_changed.connect(self._follow)

    def show(self, session: Session | None) -> None:
        """Set the displayed session; stop the playback of another one."""
        if session is None or self._session is None or session.id != self._session.id:
            self.stop()
        self._session = session
        is_gone = session is not None and (session.sound_deleted or not session.journal)
        gone = self.tr("The sound of this session is deleted: there is nothing to play.")
        self._page.panel.no_sound = gone if is_gone else ""

    def play(self, line: Line) -> None:
        """Play a line of the displayed session, or say why not."""
        if self._session is None:
            return
        match self._live.activity:
            case Activity.RUNNING:
                self._page.notices.offer(
                    self.tr("While it listens, what is played would be recorded too."),
                    self.tr("Pause and play"),
                    lambda: self._pause_and_play(line),
                )
            case Activity.STARTING:
                text = self.tr("It begins to listen: pause it before you play something.")
                self._page.notices.tell(text)
            case _:
                self._playing.play(self._session, line)

    def stop(self) -> None:
        """Stop the playback."""
        self._waiting = None
        if self._playing.line is not None:
            self._playing.stop()

    def _pause_and_play(self, line: Line) -> None:
        self._waiting = line
        if self._live.activity is Activity.RUNNING:
            self._live.pause()
        else:
            self._follow(self._live.activity)

    def _follow(self, activity: Activity) -> None:
        """Play the line that waits for a pause; stop when listening resumes."""
        line, self._waiting = self._waiting, None
        if activity is Activity.PAUSED and line is not None:
            self.play(line)
        elif activity in (Activity.STARTING, Activity.RUNNING, Activity.STOPPING):
            self.stop()
