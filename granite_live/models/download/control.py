"""Pause, resume and cancel a download, and the events that it reports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from granite_live.messages.download import DownloadMessage
from granite_live.util.errors import DownloadError


class _Request(Enum):
    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"


class DownloadCanceledError(DownloadError):
    """The user canceled the download. Fetched data stays for the next attempt."""


class DownloadControl:
    """The requested state of a running download. All methods are thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wish = _Request.GO
        self._interrupt: Callable[[], None] | None = None

    def pause(self) -> None:
        """Pause until `resume`. The connection is closed meanwhile."""
        self._set(_Request.PAUSE)

    def resume(self) -> None:
        """Resume the download."""
        self._set(_Request.GO)

    def cancel(self) -> None:
        """Cancel the download; this is final."""
        self._set(_Request.CANCEL)

    def is_paused(self) -> bool:
        """Return whether a pause is requested."""
        return self._wish is _Request.PAUSE

    def is_canceled(self) -> bool:
        """Return whether canceling is requested."""
        return self._wish is _Request.CANCEL

    def should_stop(self) -> bool:
        """Return whether the downloading thread should stop its current work."""
        return self._wish is not _Request.GO

    def wait_while_paused(self) -> None:
        """Wait until the download may continue.

        Raises:
            DownloadCanceledError: It was canceled.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not _Request.PAUSE)
        self.raise_if_canceled()

    def wait(self, seconds: float) -> None:
        """Wait for `seconds`, or until a pause or cancel is requested.

        Raises:
            DownloadCanceledError: The download was canceled.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not _Request.GO, timeout=seconds)
        self.raise_if_canceled()

    def raise_if_canceled(self) -> None:
        """Raise if the download was canceled.

        Raises:
            DownloadCanceledError: The download was canceled.
        """
        if self._wish is _Request.CANCEL:
            raise DownloadCanceledError(DownloadMessage.STOPPED())

    @contextmanager
    def interrupt_on_change(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Call `interrupt` on a pause or cancel while the `with` block runs."""
        with self._changed:
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._changed:
                self._interrupt = None

    def _set(self, wish: _Request) -> None:
        with self._changed:
            if self._wish is _Request.CANCEL or self._wish is wish:
                return
            self._wish = wish
            if wish is not _Request.GO and self._interrupt is not None:
                self._interrupt()
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class DownloadPlanned:
    """The files to fetch are known. `have_bytes` of `total_bytes` are already on the disk."""

    bundle: str
    tier: str
    origin: str
    revision: str | None
    folder: Path
    files: int
    have_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Progress of the download; `rate_bytes_s` and `left_s` are None while unknown.

    `file` is the current file, as a path inside the bundle.
    """

    file: str
    done_bytes: int
    total_bytes: int
    rate_bytes_s: float | None
    left_s: float | None


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """An attempt failed with `reason`; the next attempt starts in `wait_s` seconds."""

    reason: str
    wait_s: float
    attempt: int


@dataclass(frozen=True, slots=True)
class FileRefetched:
    """A file failed verification and is fetched again from its beginning."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class DownloadPaused:
    """The download is paused."""


@dataclass(frozen=True, slots=True)
class DownloadResumed:
    """The download continues after a pause."""


@dataclass(frozen=True, slots=True)
class DownloadFinished:
    """The tier is installed in `path`. `fetched_bytes` were transferred over the network."""

    path: Path
    tier: str
    fetched_bytes: int


Event = (
    DownloadPlanned
    | DownloadProgress
    | RetryScheduled
    | FileRefetched
    | DownloadPaused
    | DownloadResumed
    | DownloadFinished
)
