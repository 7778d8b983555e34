"""Pause, resume and cancel a download from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from granite_live.util.errors import DownloadError


class _Wish(Enum):
    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"


class DownloadCancelledError(DownloadError):
    """The user canceled the download. Fetched data stays for the next attempt."""


class Control:
    """The requested state of a running download. All methods are thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wish = _Wish.GO
        self._interrupt: Callable[[], None] | None = None

    def pause(self) -> None:
        """Pause until `resume`. The connection is closed meanwhile."""
        self._set(_Wish.PAUSE)

    def resume(self) -> None:
        """Resume the download."""
        self._set(_Wish.GO)

    def cancel(self) -> None:
        """Cancel the download; this is final."""
        self._set(_Wish.CANCEL)

    def is_paused(self) -> bool:
        """Return whether a pause is requested."""
        return self._wish is _Wish.PAUSE

    def is_cancelled(self) -> bool:
        """Return whether canceling is requested."""
        return self._wish is _Wish.CANCEL

    def wants_break(self) -> bool:
        """Return whether the downloading thread should stop its current work."""
        return self._wish is not _Wish.GO

    def wait_while_paused(self) -> None:
        """Wait until the download may continue.

        Raises:
            DownloadCancelledError: It was canceled.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not _Wish.PAUSE)
        self.check()

    def wait(self, seconds: float) -> None:
        """Wait for `seconds`, or until a pause or cancel is requested.

        Raises:
            DownloadCancelledError: The download was canceled.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not _Wish.GO, timeout=seconds)
        self.check()

    def check(self) -> None:
        """Raise if the download was canceled.

        Raises:
            DownloadCancelledError: The download was canceled.
        """
        if self._wish is _Wish.CANCEL:
            raise DownloadCancelledError(
                "The download was stopped; what was fetched stays, and the next one goes on there."
            )

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Call `interrupt` on a pause or cancel while the `with` block runs."""
        with self._changed:
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._changed:
                self._interrupt = None

    def _set(self, wish: _Wish) -> None:
        with self._changed:
            if self._wish is _Wish.CANCEL or self._wish is wish:
                return
            self._wish = wish
            if wish is not _Wish.GO and self._interrupt is not None:
                self._interrupt()
            self._changed.notify_all()
