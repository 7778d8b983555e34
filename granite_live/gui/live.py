"""The session that runs: begun, paused and stopped by the user, told to the window."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Signal

from granite_live.engine import Engine, RunningSession, Wanted
from granite_live.gui.background import Background
from granite_live.gui.bridge import Bridge
from granite_live.live import events


class Activity(Enum):
    """What the window is doing with the microphone."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"


class LiveSession(QObject):
    """At most one session at a time.

    `told` gives its events, `activity_changed` what is going on, `began` its id in the library
    once it runs, `ended` when its last event was told, `failed` why it could not begin.
    """

    told = Signal(object)
    activity_changed = Signal(object)
    began = Signal(int)
    ended = Signal(int)
    failed = Signal(str)

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._running: RunningSession | None = None
        self._bridge: Bridge | None = None
        self._stop_wanted = False
        self.activity = Activity.IDLE

    @property
    def is_active(self) -> bool:
        """Whether a session is going on, its beginning and end included."""
        return self.activity is not Activity.IDLE

    @property
    def session_id(self) -> int:
        """Its id in the library, 0 if there is none."""
        return 0 if self._running is None else self._running.session_id

    def start(self, wanted: Wanted) -> None:
        """Begin, unless one goes on."""
        if self.is_active:
            return
        self._stop_wanted = False
        self._set(Activity.STARTING)
        bridge = self._bridge = Bridge(self)
        bridge.told.connect(self._tell)
        self._background.run(
            lambda: self._engine.begin(wanted, bridge.tell), self._begun, self._not_begun
        )

    def pause(self) -> None:
        """Record nothing for a while."""
        if self.activity is Activity.RUNNING and self._running is not None:
            self._running.pause()

    def resume(self) -> None:
        """Record again."""
        if self.activity is Activity.PAUSED and self._running is not None:
            self._running.resume()

    def stop(self, *, keep_unfinished: bool = False) -> None:
        """Stop listening; the last texts still come, unless that is left to recovery."""
        running = self._running
        if self.activity is Activity.STARTING:
            self._stop_wanted = True
        elif running is not None:
            self._set(Activity.STOPPING)
            self._background.run(lambda: running.stop(keep_unfinished=keep_unfinished))

    def join(self, timeout_s: float) -> bool:
        """Wait until all is written, so long at most; return whether it is."""
        return self._running is None or self._running.join(timeout_s)

    def _begun(self, running: RunningSession) -> None:
        self._running = running
        self._set(Activity.RUNNING)
        self.began.emit(running.session_id)
        if self._stop_wanted:
            self.stop()

    def _not_begun(self, sentence: str) -> None:
        self._forget_bridge()
        self._set(Activity.IDLE)
        self.failed.emit(sentence)

    def _tell(self, event: events.Event) -> None:
        if isinstance(event, events.State):
            if event.state == "paused":
                self._set(Activity.PAUSED)
            elif event.state == "stopping":
                self._set(Activity.STOPPING)
            elif self.activity is Activity.PAUSED:
                self._set(Activity.RUNNING)
        self.told.emit(event)
        if isinstance(event, events.Closed):
            self._close()

    def _close(self) -> None:
        running, self._running = self._running, None
        self._forget_bridge()
        self._set(Activity.IDLE)
        if running is not None:
            # The recording is packed meanwhile; nobody waits for it.
            self._background.run(running.join)
            self.ended.emit(running.session_id)

    def _forget_bridge(self) -> None:
        if self._bridge is not None:
            self._bridge.deleteLater()
            self._bridge = None

    def _set(self, activity: Activity) -> None:
        if activity is not self.activity:
            self.activity = activity
            self.activity_changed.emit(activity)
