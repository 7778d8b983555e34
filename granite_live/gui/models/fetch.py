"""The window's download, at most one, with its progress in the GUI thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.app.engine import Engine
from granite_live.app.fetching import ModelDownload, Progress
from granite_live.app.models import ModelChoice
from granite_live.app.shelf_tiers import ShelfTier
from granite_live.gui.background import Background


class ModelFetch(QObject):
    """Emits `changed` on progress, `done` with the model, `failed` with a sentence.

    `stopped` confirms a cancellation. Of unprocessed progress only the newest is kept.
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
        """The present or last model of a download."""
        self.progress = Progress()
        self._woken.connect(self._show_news, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether a download runs."""
        return self._download is not None

    def start(self, tier: ShelfTier) -> None:
        """Start a download, unless one runs."""
        if self.is_running:
            return
        self.tier, self.progress, self._is_cancelled = tier, Progress(), False
        download = self._engine.shelf.downloading(tier.model, tier.tier, self._hear)
        self._download = download
        self._background.run(download.run, self._came, self._not_come)
        self.changed.emit()

    def pause(self) -> None:
        """Pause the download."""
        if self._download is not None:
            self._download.pause()

    def resume(self) -> None:
        """Resume the download."""
        if self._download is not None:
            self._download.resume()

    def cancel(self) -> None:
        """Cancel the download; the downloaded part is kept."""
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
