"""Downloads a model for the window, with pause, resume and cancel; reports `Progress`."""

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


class Phase(Enum):
    """The state of a download."""

    ASKING = "asking"
    FETCHING = "fetching"
    WAITING = "waiting"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a download. `total_bytes` is 0, rate and time None, while unknown.

    `sentence` describes a temporary problem, "" for none.
    """

    phase: Phase = Phase.ASKING
    done_bytes: int = 0
    total_bytes: int = 0
    rate_bytes_s: float | None = None
    left_s: float | None = None
    sentence: str = ""


class StoppedError(DownloadError):
    """The user canceled the download. The downloaded bytes are kept."""


class ModelDownload:
    """One download. `tell` is called in the thread of `run`; other methods may use any thread."""

    def __init__(
        self,
        model: str,
        tier: str,
        tell: Callable[[Progress], None],
        place: str | None = None,
        patience: DownloadTimeouts | None = None,
    ) -> None:
        """Store the arguments; `run` does the work.

        Args:
            model: The model's id in the catalog.
            tier: One of its tiers.
            tell: Receives each change of the progress.
            place: A folder or URL to use in place of the hub.
            patience: The timeouts and the number of retries.
        """
        from granite_live.models.download.control import DownloadControl

        self.model, self.tier = model, tier
        self._tell, self._place, self._patience = tell, place, patience
        self._control = DownloadControl()
        self._now = Progress()

    def run(self) -> ModelChoice:
        """Download, verify and install the model. May take hours; a later run resumes.

        Raises:
            StoppedError: The user canceled the download.
            DownloadError: The download failed; the message says why and what to do.
            BundleError: The store cannot be used, or the files are not a bundle.
        """
        from granite_live.models.catalog import find_bundle
        from granite_live.models.download import TierDownload, open_source
        from granite_live.models.download.control import DownloadCanceledError
        from granite_live.models.store import BundleStore

        self._show(self._now)
        bundle = find_bundle(self.model)
        source = open_source(bundle, self._place, self._patience)
        try:
            path = TierDownload(
                BundleStore(paths.models_dir()), bundle, self.tier, source, self._hear,
                control=self._control, patience=self._patience,
            ).run()  # fmt: skip
        except DownloadCanceledError as error:
            raise StoppedError(str(error)) from error
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

    def _hear(self, event: Event) -> None:
        from granite_live.models.download import control

        now = replace(self._now, sentence="")
        match event:
            case control.DownloadPlanned():
                now = Progress(Phase.FETCHING, event.have_bytes, event.total_bytes)
            case control.DownloadProgress():
                now = Progress(
                    Phase.FETCHING, event.done_bytes, event.total_bytes,
                    event.rate_bytes_s, event.left_s,
                )  # fmt: skip
            case control.RetryScheduled():
                sentence = DownloadMessage.RETRYING(reason=event.reason, wait_s=event.wait_s)
                now = replace(now, phase=Phase.WAITING, left_s=None, sentence=sentence)
            case control.FileRefetched():
                sentence = DownloadMessage.WRONG_FILE_RETRIED(file=event.file, reason=event.reason)
                now = replace(now, phase=Phase.FETCHING, sentence=sentence)
            case control.DownloadPaused():
                now = replace(now, phase=Phase.PAUSED, rate_bytes_s=None, left_s=None)
            case control.DownloadResumed():
                now = replace(now, phase=Phase.FETCHING)
            case control.DownloadFinished():
                now = replace(now, done_bytes=now.total_bytes, left_s=0.0)
        self._show(now)

    def _show(self, now: Progress) -> None:
        self._now = now
        self._tell(now)
