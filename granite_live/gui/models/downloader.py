"""One download of a model for the window."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from granite_live.app.engine import Engine
from granite_live.app.model_inventory import InventoryTier
from granite_live.app.model_tasks import DownloadStatus, ModelDownload
from granite_live.app.models import ModelChoice
from granite_live.gui.background import Background
from granite_live.gui.messages import translate_message
from granite_live.messages.download import DownloadMessage

_FIRST_ANSWER_MS = 7_500
"""How long a user waits for the first answer of a server. Neither a name server nor a server that
accepts connections needs to answer at all."""


class ModelDownloader(QObject):
    """Emits `changed` on progress, `done` with the model, `failed` with a sentence.

    `stopped` confirms a cancellation. Of unprocessed progress only the newest is kept.
    """

    changed = Signal()
    done = Signal(object)
    failed = Signal(str)
    stopped = Signal()
    _progress_arrived = Signal()

    def __init__(
        self, engine: Engine, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._background = engine, background
        self._download: ModelDownload | None = None
        self._lock = threading.Lock()
        self._latest_progress: DownloadStatus | None = None
        self._is_canceled = False
        self.tier: InventoryTier | None = None
        """The present or last model of a download."""
        self.progress = DownloadStatus()
        self.answer_timer = QTimer(self, singleShot=True, interval=_FIRST_ANSWER_MS)
        self.answer_timer.timeout.connect(self._give_up)
        self._progress_arrived.connect(self._publish_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether a download runs."""
        return self._download is not None

    def start(self, tier: InventoryTier) -> None:
        """Start a download, unless one runs."""
        if self.is_running:
            return
        self.tier, self.progress, self._is_canceled = tier, DownloadStatus(), False
        download = self._engine.model_inventory.download_task(
            tier.model, tier.tier, self._receive_progress
        )
        self._download = download

        def finished(choice: ModelChoice) -> None:
            if self._download is download:
                self._finished(choice)

        def failed(sentence: str) -> None:
            if self._download is download:
                self._download_failed(sentence)

        self._background.run(download.run, finished, failed)
        self.answer_timer.start()
        self.changed.emit()

    def pause(self) -> None:
        """Pause the download."""
        self.answer_timer.stop()
        if self._download is not None:
            self._download.pause()

    def resume(self) -> None:
        """Resume the download."""
        if self._download is not None:
            self._download.resume()

    def cancel(self) -> None:
        """Cancel the download; the downloaded part is kept."""
        if self._download is not None:
            self._is_canceled = True
            self._download.cancel()

    def _receive_progress(self, now: DownloadStatus) -> None:
        with self._lock:
            is_first, self._latest_progress = self._latest_progress is None, now
        if is_first:
            self._progress_arrived.emit()

    def _publish_progress(self) -> None:
        with self._lock:
            news, self._latest_progress = self._latest_progress, None
        if news is not None and self.is_running:
            self.progress = news
            if news.total_bytes:
                self.answer_timer.stop()
            self.changed.emit()

    def _give_up(self) -> None:
        """Fail without an answer; the thread of the download ends when its request does."""
        if self._download is not None and self.tier is not None:
            self._download.cancel()
            reason = DownloadMessage.NO_ANSWER()
            told = DownloadMessage.NOT_NOW(origin=self.tier.origin, reason=reason)
            self._download_failed(translate_message(told))

    def _finished(self, choice: ModelChoice) -> None:
        self.answer_timer.stop()
        self._download = None
        self.changed.emit()
        self.done.emit(choice)

    def _download_failed(self, sentence: str) -> None:
        self.answer_timer.stop()
        self._download = None
        self.changed.emit()
        if self._is_canceled:
            self.stopped.emit()
        else:
            self.failed.emit(sentence)
