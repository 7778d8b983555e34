"""A text file that follows the running session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.preferences import Preferences


class LiveTextFile(QObject):
    """Emits `path_changed` with the path being written, or None; `failed` with a sentence."""

    path_changed = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        live: LiveSession,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._live, self._preferences = live, preferences
        self.path: Path | None = None
        engine.on_live_export_error = self.failed.emit
        live.activity_changed.connect(lambda _activity: self._show())
        preferences.changed.connect(lambda _settings: self._changed())
        self._target = self._target_of_settings()

    def _target_of_settings(self) -> tuple[str, int]:
        settings = self._preferences.settings
        return settings.live_export, settings.live_export_lines

    def _changed(self) -> None:
        wanted = self._target_of_settings()
        if wanted == self._target:
            return
        self._target = wanted
        path, lines = wanted
        self._live.export(Path(path) if path else None, lines)
        self._show()

    def _show(self) -> None:
        path, _ = self._target
        is_on = bool(path) and self._live.activity not in (
            SessionActivity.IDLE,
            SessionActivity.STARTING,
        )
        shown = Path(path) if is_on else None
        if shown != self.path:
            self.path = shown
            self.path_changed.emit(shown)
