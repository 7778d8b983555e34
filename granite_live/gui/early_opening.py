"""Hold the microphone open while the window has the focus, if the user allows that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from granite_live.app.engine import Engine
from granite_live.gui.background import Background
from granite_live.gui.live_session import LiveSession
from granite_live.gui.preferences import Preferences

if TYPE_CHECKING:
    from granite_live.app.level_monitor import LevelMonitor


class LevelMonitorSlot:
    """Holds at most one monitor. For any thread: opening and closing an input take time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._monitor: LevelMonitor | None = None
        self._turn = 0

    def begin_turn(self) -> tuple[int, LevelMonitor | None]:
        """Return the number of a new turn, and the monitor of an earlier one to stop."""
        with self._lock:
            self._turn += 1
            old, self._monitor = self._monitor, None
            return self._turn, old

    def open(self, turn: int, make: Callable[[], LevelMonitor]) -> None:
        """Hold the monitor that `make` returns, or stop it at once if the turn is over."""
        monitor = make()
        with self._lock:
            if turn == self._turn:
                self._monitor = monitor
                return
        monitor.stop()


class EarlyOpening(QObject):
    """Keeps the chosen input awake, so that a session's first words come sooner.

    What is heard meanwhile is dropped. During a session the session holds the input.
    """

    def __init__(
        self,
        engine: Engine,
        live: LiveSession,
        preferences: Preferences,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._live = engine, live
        self._preferences, self._background = preferences, background
        self._slot = LevelMonitorSlot()
        self._wanted: tuple[str, bool] | None = None
        self._is_ended = False
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self.update)
        live.activity_changed.connect(self.update)
        preferences.changed.connect(self.update)

    def end(self) -> None:
        """Close the input for good."""
        self._is_ended = True
        self.update()

    def update(self, _changed: object = None) -> None:
        """Open or close the input after a change of what is wanted."""
        wanted = self._wanted_input()
        if wanted == self._wanted or (wanted is not None and self._live.is_active):
            return  # a session holds the input that it has opened
        self._wanted = wanted
        turn, old = self._slot.begin_turn()
        if old is not None:
            self._background.run(old.stop)
        if wanted is None:
            return
        input_id, is_system = wanted

        def failed(_sentence: str) -> None:
            # A session says why it cannot start; here nobody asked.
            self._wanted = None if self._wanted is wanted else self._wanted

        def open_input() -> None:
            self._slot.open(
                turn,
                lambda: self._engine.monitor_level(
                    input_id or None, system_sound=is_system, listener=lambda _event: None
                ),
            )

        self._background.run(open_input, None, failed)

    def _wanted_input(self) -> tuple[str, bool] | None:
        """Return the input's id and whether it is the system's sound, None for no input."""
        is_active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        settings, inputs = self._preferences.settings, self._engine.inputs()
        if self._is_ended or not (settings.open_early and is_active and inputs):
            return None
        chosen = next((one for one in inputs if one.id == settings.input_device), None)
        return settings.input_device, chosen is not None and chosen.is_system_sound
