"""Fetches a model for a window: how far it is, in one value; paused, resumed and cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from granite_live import paths
from granite_live.engine.models import ModelChoice, choose_model
from granite_live.errors import DownloadError

if TYPE_CHECKING:
    from granite_live.bundle.download import Patience
    from granite_live.bundle.download.events import Event


class Phase(Enum):
    """What a download is doing."""

    ASKING = "asking"
    FETCHING = "fetching"
    WAITING = "waiting"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. `total_bytes` is 0, and rate and time None, as long as nobody can say.

    `sentence` says what went wrong and passes by itself, "" for nothing.
    """

    phase: Phase = Phase.ASKING
    done_bytes: int = 0
    total_bytes: int = 0
    rate_bytes_s: float | None = None
    left_s: float | None = None
    sentence: str = ""


class StoppedError(DownloadError):
    """The user stopped it. What was fetched stays."""


class ModelDownload:
    """One download. `tell` is called in the thread of `run`, the other methods from any."""

    def __init__(
        self,
        model: str,
        tier: str,
        tell: Callable[[Progress], None],
        place: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Prepare it; nothing happens yet.

        Args:
            model: Its id in the catalogue.
            tier: One of its tiers.
            tell: Is told how far it is, whenever that changes.
            place: A folder, or one on the web, in the hub's place.
            patience: How long to wait, and how often to try again.
        """
        from granite_live.bundle.download.control import Control

        self.model, self.tier = model, tier
        self._tell, self._place, self._patience = tell, place, patience
        self._control = Control()
        self._now = Progress()

    def run(self) -> ModelChoice:
        """Fetch it, check every byte, install it. May take hours; a later one goes on from here.

        Raises:
            StoppedError: The user cancelled it.
            DownloadError: It cannot be had now; the message says why and what to do.
            BundleError: The store cannot be used, or what came is no bundle.
        """
        from granite_live.bundle.catalog import find_bundle
        from granite_live.bundle.download import Download, open_source
        from granite_live.bundle.download.control import DownloadCancelledError
        from granite_live.bundle.store import Store

        self._show(self._now)
        bundle = find_bundle(self.model)
        source = open_source(bundle, self._place, self._patience)
        try:
            path = Download(
                Store(paths.models_dir()), bundle, self.tier, source, self._hear,
                control=self._control, patience=self._patience,
            ).run()  # fmt: skip
        except DownloadCancelledError as error:
            raise StoppedError(str(error)) from error
        finally:
            source.close()
        return choose_model(path, self.tier)

    def pause(self) -> None:
        """Let it stand still; no connection is held open."""
        self._control.pause()

    def resume(self) -> None:
        """Let it go on."""
        self._control.resume()

    def cancel(self) -> None:
        """Let it end; what was fetched stays for the next time."""
        self._control.cancel()

    def _hear(self, event: Event) -> None:
        from granite_live.bundle.download import events

        now = replace(self._now, sentence="")
        match event:
            case events.Planned():
                now = Progress(Phase.FETCHING, event.have_bytes, event.total_bytes)
            case events.Progress():
                now = Progress(
                    Phase.FETCHING, event.done_bytes, event.total_bytes,
                    event.rate_bytes_s, event.left_s,
                )  # fmt: skip
            case events.Waiting():
                sentence = f"{event.reason}; trying again in {event.wait_s:.0f} s."
                now = replace(now, phase=Phase.WAITING, left_s=None, sentence=sentence)
            case events.Refetching():
                sentence = f"{event.file} came wrong ({event.reason}); fetching it again."
                now = replace(now, phase=Phase.FETCHING, sentence=sentence)
            case events.Paused():
                now = replace(now, phase=Phase.PAUSED, rate_bytes_s=None, left_s=None)
            case events.Resumed():
                now = replace(now, phase=Phase.FETCHING)
            case events.Finished():
                now = replace(now, done_bytes=now.total_bytes, left_s=0.0)
        self._show(now)

    def _show(self, now: Progress) -> None:
        self._now = now
        self._tell(now)
