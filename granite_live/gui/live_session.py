"""A live session in the window's thread, and how long after the last word its text comes."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import replace
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice
from granite_live.app.sessions import RunningSession, SessionRequest
from granite_live.gui.background import Background
from granite_live.session import events
from granite_live.session.events import DraftText, LevelMeasured, SessionEvent

# Deliver events for at most this long, then let the window paint.
_MAX_DELIVERY_S = 0.010


class EventBridge(QObject):
    """Receives a session's events in any thread and emits them in the GUI thread.

    Only the newest level, and the newest draft of each utterance, wait. So the queue is bounded by
    the number of utterances, however long the GUI thread is busy.
    """

    event_received = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[SessionEvent] = deque()
        self._is_delivery_pending = False
        self.replaced_count = 0
        """The number of levels and drafts that a newer one replaced."""
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, event: SessionEvent) -> None:
        """Queue an event, from any thread. Never blocks."""
        with self._lock:
            if not self._replace(event):
                self._waiting.append(event)
            wakes, self._is_delivery_pending = not self._is_delivery_pending, True
        if wakes:
            self._wake.emit()

    def _replace(self, event: SessionEvent) -> bool:
        """Replace a waiting event of the same kind; return whether there was one."""
        if not isinstance(event, LevelMeasured | DraftText) or not self._waiting:
            return False
        for at in range(len(self._waiting) - 1, -1, -1):
            waiting = self._waiting[at]
            if isinstance(event, LevelMeasured):
                if not isinstance(waiting, LevelMeasured) or waiting.track != event.track:
                    continue
                # Keep the louder of two levels, so that a clipped moment stays visible, but the
                # newer answer to whether someone speaks.
                louder = event if waiting.peak_dbfs <= event.peak_dbfs else waiting
                self._waiting[at] = replace(louder, speech=event.speech)
            elif isinstance(waiting, DraftText) and waiting.utterance == event.utterance:
                self._waiting[at] = event
            else:
                continue
            self.replaced_count += 1
            return True
        return False

    def _deliver(self) -> None:
        until_s = time.perf_counter() + _MAX_DELIVERY_S
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_delivery_pending = False
                    return
                event = self._waiting.popleft()
            self.event_received.emit(event)
            if time.perf_counter() > until_s:
                self._wake.emit()
                return


_HEARING_STATES = frozenset({"listening", "catching_up", "recording_only"})


class SessionActivity(Enum):
    """What the running session does at the moment."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STANDBY = "standby"
    """A session for dictation waits for its key and records nothing."""
    STOPPING = "stopping"


class LiveSession(QObject):
    """Runs at most one session at a time.

    Signals: `event_received` an event; `activity_changed`; `hearing_changed` with whether sound
    arrives; `started` the library id once the session runs;
    `ended` after its last event; `failed` why it could not start; `discarded` if nothing was
    recorded, so that the library dropped it; `unpacked` why the recording is not in its final form.
    """

    event_received = Signal(object)
    activity_changed = Signal(object)
    hearing_changed = Signal(bool)
    started = Signal(int)
    ended = Signal(int)
    failed = Signal(str)
    discarded = Signal(int)
    unpacked = Signal(str)

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._running: RunningSession | None = None
        self._bridge: EventBridge | None = None
        self._stop_requested = False
        self._other_model: ModelChoice | None = None
        self._next_request: SessionRequest | None = None
        # Starting takes a moment in which the window may be closed; then `_started` is never
        # called.
        self._handover_lock = threading.Lock()
        self._is_abandoned = False
        self._latest_session: RunningSession | None = None
        # Events that arrive before `_started` was called.
        self._early_events: list[events.SessionEvent] = []
        self.activity = SessionActivity.IDLE
        self.is_hearing = False
        """Whether sound arrives from the input. It takes the system a moment to open one."""
        self.has_heard = False
        """Whether sound has arrived in the newest session."""
        self.is_dictation = False
        """Whether the newest session was started by dictation."""
        self.should_record = False
        """Whether the session records while the user does not dictate."""

    @property
    def is_active(self) -> bool:
        """Whether a session is starting, running or stopping."""
        return self.activity is not SessionActivity.IDLE

    @property
    def is_followed(self) -> bool:
        """Whether another session starts as soon as this one has ended."""
        return self._next_request is not None

    @property
    def session_id(self) -> int:
        """The session's id in the library, 0 if there is none."""
        return 0 if self._running is None else self._running.session_id

    def start(self, wanted: SessionRequest) -> None:
        """Start a session, unless one is active. It takes the place of one on standby."""
        if self.activity is SessionActivity.STANDBY and not wanted.is_dictation:
            self.stop()
            self._next_request = wanted
            return
        if self.is_active or self.is_followed:
            return
        self._stop_requested = self._is_abandoned = False
        self.is_dictation = wanted.is_dictation
        self.should_record = not wanted.is_dictation
        self._other_model = None
        self._latest_session = None
        self._early_events = []
        self._set_hearing(False)
        self.has_heard = False
        self._set_activity(SessionActivity.STARTING)
        bridge = self._bridge = EventBridge(self)
        bridge.event_received.connect(self._handle_event)

        def begin() -> RunningSession:
            running = self._engine.start_session(wanted, bridge.post)
            with self._handover_lock:
                self._latest_session = running
                is_abandoned = self._is_abandoned
            if is_abandoned:
                running.stop(keep_unfinished=True)
            return running

        self._background.run(begin, self._started, self._start_failed)

    def refuse(self, sentence: str) -> None:
        """Report why no session can start."""
        self.failed.emit(sentence)

    def pause(self) -> None:
        """Stop recording until `resume`."""
        if self.activity is SessionActivity.RUNNING and self._running is not None:
            self.should_record = False
            self._running.pause()

    def resume(self) -> None:
        """Record again."""
        if self.activity is SessionActivity.PAUSED and self._running is not None:
            self.should_record = True
            self._running.resume()

    def begin_take(self) -> None:
        """Record from now on, even if paused, in a new utterance."""
        if self._running is not None:
            self._running.pause()  # ends the open utterance
            self._running.resume()

    def end_take(self) -> None:
        """End the open utterance at once and return to the state before the take."""
        if self._running is not None:
            self._running.pause()
            if self.should_record:
                self._running.resume()

    def stop(self, *, keep_unfinished: bool = False) -> None:
        """Stop listening. The last texts still arrive, unless they are left to recovery."""
        running, self._next_request = self._running, None
        if self.activity is SessionActivity.STARTING:
            self._stop_requested = True
            if keep_unfinished:
                self._abandon_started()
        elif running is not None:
            self._set_activity(SessionActivity.STOPPING)
            self._background.run(lambda: running.stop(keep_unfinished=keep_unfinished))

    def switch_model(self, model: ModelChoice) -> None:
        """Make the active session use another model as soon as that is loaded."""
        running = self._running
        if running is not None:
            self._background.run(lambda: running.switch_model(model))
        elif self.is_active:
            self._other_model = model

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until the newest session is written; return whether it is within `timeout_s`.

        If a session is still starting, wait for the background jobs first.
        """
        newest = self.latest_session
        return newest is None or newest.join(timeout_s)

    @property
    def latest_session(self) -> RunningSession | None:
        """The session that was started last, None if there was none."""
        with self._handover_lock:
            return self._latest_session

    def export(self, path: Path | None, lines: int) -> None:
        """Write the running session's text to a file; None ends that."""
        running = self._running
        if running is not None:
            self._background.run(lambda: running.set_live_export(path, lines))

    def _abandon_started(self) -> None:
        with self._handover_lock:
            self._is_abandoned = True
            running = self._latest_session
        if running is not None:
            self._background.run(lambda: running.stop(keep_unfinished=True))

    def _started(self, running: RunningSession) -> None:
        self._running = running
        is_standby = self.is_dictation and not self.should_record
        self._set_activity(SessionActivity.STANDBY if is_standby else SessionActivity.RUNNING)
        self.started.emit(running.session_id)
        early, self._early_events = self._early_events, []
        for event in early:
            self._handle_event(event)
        if self._other_model is not None:
            self.switch_model(self._other_model)
        if self._stop_requested and self._running is not None:
            self.stop(keep_unfinished=self._is_abandoned)

    def _start_failed(self, sentence: str) -> None:
        self._delete_bridge()
        self._set_activity(SessionActivity.IDLE)
        self.failed.emit(sentence)

    def _handle_event(self, event: events.SessionEvent) -> None:
        if self._running is None:
            self._early_events.append(event)
            return
        if isinstance(event, events.StateChanged):
            self._set_hearing(event.state in _HEARING_STATES)
            if event.state == "paused":
                is_standby = self.is_dictation and not self.should_record
                waits = SessionActivity.STANDBY if is_standby else SessionActivity.PAUSED
                self._set_activity(waits)
            elif event.state == "stopping":
                self._set_activity(SessionActivity.STOPPING)
            elif self.activity in (SessionActivity.PAUSED, SessionActivity.STANDBY):
                self._set_activity(SessionActivity.RUNNING)
        self.event_received.emit(event)
        if isinstance(event, events.SessionClosed):
            self._close()

    def _close(self) -> None:
        running, self._running = self._running, None
        self._set_hearing(False)
        self._delete_bridge()
        self._set_activity(SessionActivity.IDLE)
        if running is not None:
            # The recording is compressed meanwhile.
            self._background.run(running.join, lambda _done: self._joined(running))
            self.ended.emit(running.session_id)
        following, self._next_request = self._next_request, None
        if following is not None:
            self.start(following)

    def _joined(self, running: RunningSession) -> None:
        if running.is_discarded:
            self.discarded.emit(running.session_id)
        elif running.unpacked_reason:
            self.unpacked.emit(running.unpacked_reason)

    def _delete_bridge(self) -> None:
        if self._bridge is not None:
            self._bridge.deleteLater()
            self._bridge = None

    def _set_hearing(self, is_hearing: bool) -> None:
        self.has_heard |= is_hearing
        if is_hearing != self.is_hearing:
            self.is_hearing = is_hearing
            self.hearing_changed.emit(is_hearing)

    def _set_activity(self, activity: SessionActivity) -> None:
        if activity is not self.activity:
            self.activity = activity
            self.activity_changed.emit(activity)


LEVEL_EVERY_S = 0.1
"""The interval of level events while recording."""
# Levels arrive a little unevenly. A longer gap is a pause or a lost device.
_GAP_S = 0.4


class AwayTime:
    """Measures how long a device was away: the recording has silence for that time.

    It has none if the user paused meanwhile.
    """

    def __init__(self) -> None:
        self._lost_t: float | None = None

    def apply(self, event: events.SessionEvent) -> float:
        """Return the seconds that the device was away when it is back, 0 for other events."""
        match event:
            case events.DeviceLost():
                self._lost_t = event.t if self._lost_t is None else self._lost_t
            case events.StateChanged(state="paused"):
                self._lost_t = None
            case events.DeviceRecovered():
                lost_t, self._lost_t = self._lost_t, None
                return 0.0 if lost_t is None else max(0.0, event.t - lost_t)
        return 0.0


class DelayTracker:
    """Follows one session. The recording's time stops during pauses; the clock `t` does not."""

    def __init__(self) -> None:
        self._not_recorded_s = 0.0
        self._level_s: float | None = None
        self._away = AwayTime()
        self._filled_s = 0.0

    def apply(self, event: events.SessionEvent) -> float | None:
        """Return the delay of a final text in seconds, None for other events."""
        self._filled_s = self._away.apply(event) or self._filled_s
        if isinstance(event, events.LevelMeasured):
            self._follow(event.t)
        if not isinstance(event, events.FinalText):
            return None
        return max(0.0, event.t - event.end_s - self._not_recorded_s)

    def _follow(self, t: float) -> None:
        before_s = 0.0 if self._level_s is None else self._level_s
        missing_s = t - before_s - LEVEL_EVERY_S
        # After a device was away, the recording has silence in place of the missing sound.
        is_filled, self._filled_s = self._filled_s > 0.0, 0.0
        if self._level_s is None or (missing_s > _GAP_S and not is_filled):
            self._not_recorded_s += max(0.0, missing_s)
        self._level_s = max(before_s, t)
