"""The live text file: a text file that follows the running session, for OBS and others."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.gui.live import Activity, LiveSession
from granite_live.gui.preferences import Preferences


class LiveTextFile(QObject):
    """Emits `shown` with the path being written, or None; `failed` with a sentence."""

    shown = Signal(object)
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
        engine.live_export_trouble = self.failed.emit
        live.activity_changed.connect(lambda _activity: self._show())
        preferences.changed.connect(lambda _settings: self._changed())
        self._wanted = self._of_settings()

    def _of_settings(self) -> tuple[str, int]:
        settings = self._preferences.settings
        return settings.live_export, settings.live_export_lines

    def _changed(self) -> None:
        wanted = self._of_settings()
        if wanted == self._wanted:
            return
        self._wanted = wanted
        path, lines = wanted
        self._live.export(Path(path) if path else None, lines)
        self._show()

    def _show(self) -> None:
        path, _ = self._wanted
        is_on = bool(path) and self._live.activity not in (Activity.IDLE, Activity.STARTING)
        shown = Path(path) if is_on else None
        if shown != self.path:
            self.path = shown
            self.shown.emit(shown)
