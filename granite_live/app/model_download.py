"""Download a model for the window, with pause, resume and cancel; reports `Progress`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from granite_live.app.models import ModelChoice, choose_model
from granite_live.messages.download import DownloadMessage
from granite_live.util import paths
from granite_live.util.errors import DownloadError

if TYPE_CHECKING:
    from granite_live.models.download import DownloadTimeouts
    from granite_live.models.download.control import Event


class DownloadPhase(Enum):
    """The state of a download."""

    CONNECTING = "asking"
    DOWNLOADING = "fetching"
    WAITING = "waiting"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class DownloadStatus:
    """The progress of a download. `total_bytes` is 0, rate and time None, while unknown.

    `sentence` describes a temporary problem, "" for none.
    """

    phase: DownloadPhase = DownloadPhase.CONNECTING
    done_bytes: int = 0
    total_bytes: int = 0
    rate_bytes_s: float | None = None
    left_s: float | None = None
    sentence: str = ""


class DownloadStoppedError(DownloadError):
    """The user canceled the download. The downloaded bytes are kept."""


class ModelDownload:
    """One download. `on_progress` is called in the thread of `run`; other methods may use any
    thread."""

    def __init__(
        self,
        model: str,
        tier: str,
        on_progress: Callable[[DownloadStatus], None],
        source: str | None = None,
        timeouts: DownloadTimeouts | None = None,
    ) -> None:
        """Store the arguments; `run` does the work.

        Args:
            model: The model's id in the catalog.
            tier: One of its tiers.
            on_progress: Receives each change of the progress.
            source: A folder or URL to use in place of the hub.
            timeouts: The timeouts and the number of retries.
        """
        from granite_live.models.download.control import DownloadControl

        self.model, self.tier = model, tier
        self._on_progress, self._source, self._timeouts = on_progress, source, timeouts
        self._control = DownloadControl()
        self._status = DownloadStatus()

    def run(self) -> ModelChoice:
        """Download, verify and install the model. May take hours; a later run resumes.

        Raises:
            DownloadStoppedError: The user canceled the download.
            DownloadError: The download failed; the message says why and what to do.
            BundleError: The store cannot be used, or the files are not a bundle.
        """
        from granite_live.models.catalog import find_bundle
        from granite_live.models.download import TierDownload, open_source
        from granite_live.models.download.control import DownloadCanceledError
        from granite_live.models.store import BundleStore

        self._publish(self._status)
        bundle = find_bundle(self.model)
        source = open_source(bundle, self._source, self._timeouts)
        try:
            path = TierDownload(
                BundleStore(paths.models_dir()), bundle, self.tier, source, self._handle_event,
                control=self._control, timeouts=self._timeouts,
            ).run()  # fmt: skip
        except DownloadCanceledError as error:
            raise DownloadStoppedError(str(error)) from error
        finally:
            source.close()
        return choose_model(path, self.tier)

    def pause(self) -> None:
        """Pause; no connection stays open."""
        self._control.pause()

    def resume(self) -> None:
        """Continue after `pause`."""
        self._control.resume()

    def cancel(self) -> None:
        """Cancel; the downloaded bytes are kept for the next time."""
        self._control.cancel()

    def _handle_event(self, event: Event) -> None:
        from granite_live.models.download import control

        now = replace(self._status, sentence="")
        match event:
            case control.DownloadPlanned():
                now = DownloadStatus(DownloadPhase.DOWNLOADING, event.have_bytes, event.total_bytes)
            case control.DownloadProgress():
                now = DownloadStatus(
                    DownloadPhase.DOWNLOADING, event.done_bytes, event.total_bytes,
                    event.rate_bytes_s, event.left_s,
                )  # fmt: skip
            case control.RetryScheduled():
                sentence = DownloadMessage.RETRYING(reason=event.reason, wait_s=event.wait_s)
                now = replace(now, phase=DownloadPhase.WAITING, left_s=None, sentence=sentence)
            case control.FileRefetched():
                sentence = DownloadMessage.WRONG_FILE_RETRIED(file=event.file, reason=event.reason)
                now = replace(now, phase=DownloadPhase.DOWNLOADING, sentence=sentence)
            case control.DownloadPaused():
                now = replace(now, phase=DownloadPhase.PAUSED, rate_bytes_s=None, left_s=None)
            case control.DownloadResumed():
                now = replace(now, phase=DownloadPhase.DOWNLOADING)
            case control.DownloadFinished():
                now = replace(now, done_bytes=now.total_bytes, left_s=0.0)
        self._publish(now)

    def _publish(self, status: DownloadStatus) -> None:
        self._status = status
        self._on_progress(status)
