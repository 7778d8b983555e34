"""The download that the window does: at most one, told in the window's own thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.engine import Engine, ModelChoice, ModelDownload, Progress, ShelfTier
from granite_live.gui.background import Background


class ModelFetch(QObject):
    """`changed` tells that it is further, `done` the model that came, `failed` a sentence.

    `stopped` tells that the user's wish to cancel was met. Of news that the window has not
    seen yet only the newest is kept.
    """

    changed = Signal()
    done = Signal(object)
    failed = Signal(str)
    stopped = Signal()
    _woken = Signal()

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._background = engine, background
        self._download: ModelDownload | None = None
        self._lock = threading.Lock()
        self._news: Progress | None = None
        self._is_cancelled = False
        self.tier: ShelfTier | None = None
        """What is fetched, or was last."""
        self.progress = Progress()
        self._woken.connect(self._show_news, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether something is being fetched."""
        return self._download is not None

    def start(self, tier: ShelfTier) -> None:
        """Fetch it, unless something is being fetched."""
        if self.is_running:
            return
        self.tier, self.progress, self._is_cancelled = tier, Progress(), False
        download = self._engine.shelf.downloading(tier.model, tier.tier, self._hear)
        self._download = download
        self._background.run(download.run, self._came, self._not_come)
        self.changed.emit()

    def pause(self) -> None:
        """Let it stand still."""
        if self._download is not None:
            self._download.pause()

    def resume(self) -> None:
        """Let it go on."""
        if self._download is not None:
            self._download.resume()

    def cancel(self) -> None:
        """End it; what came stays."""
        if self._download is not None:
            self._is_cancelled = True
            self._download.cancel()

    def _hear(self, now: Progress) -> None:
        with self._lock:
            is_first, self._news = self._news is None, now
        if is_first:
            self._woken.emit()

    def _show_news(self) -> None:
        with self._lock:
            news, self._news = self._news, None
        if news is not None and self.is_running:
            self.progress = news
            self.changed.emit()

    def _came(self, choice: ModelChoice) -> None:
        self._download = None
        self.changed.emit()
        self.done.emit(choice)

    def _not_come(self, sentence: str) -> None:
        self._download = None
        self.changed.emit()
        if self._is_cancelled:
            self.stopped.emit()
        else:
            self.failed.emit(sentence)
