"""Pause, go on, stop: said in one thread, obeyed in the one that downloads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from granite_live.errors import DownloadError


class _Wish(Enum):
    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"


class DownloadCancelledError(DownloadError):
    """The user stopped it. What was fetched stays for the next time."""


class Control:
    """What the user wants of a running download. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wish = _Wish.GO
        self._interrupt: Callable[[], None] | None = None

    def pause(self) -> None:
        """Let it stand still until `resume`; a connection is not held open meanwhile."""
        self._set(_Wish.PAUSE)

    def resume(self) -> None:
        """Let it go on."""
        self._set(_Wish.GO)

    def cancel(self) -> None:
        """Let it end, for good."""
        self._set(_Wish.CANCEL)

    def is_paused(self) -> bool:
        """Whether it is to stand still."""
        return self._wish is _Wish.PAUSE

    def is_cancelled(self) -> bool:
        """Whether it is to end."""
        return self._wish is _Wish.CANCEL

    def wants_break(self) -> bool:
        """Whether the downloading thread should leave off what it does."""
        return self._wish is not _Wish.GO

    def wait_while_paused(self) -> None:
        """Return when it may go on.

        Raises:
            DownloadCancelledError: It may not.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not _Wish.PAUSE)
        self.check()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the wish changes.

        Raises:
            DownloadCancelledError: It is to end.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not _Wish.GO, timeout=seconds)
        self.check()

    def check(self) -> None:
        """Do nothing, unless it is to end.

        Raises:
            DownloadCancelledError: It is.
        """
        if self._wish is _Wish.CANCEL:
            raise DownloadCancelledError(
                "The download was stopped; what was fetched stays, and the next one goes on there."
            )

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """While the body runs, call `interrupt` when the wish changes: it may be waiting."""
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
