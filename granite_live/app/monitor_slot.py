"""A place for the one monitor of an input that a window needs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

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
