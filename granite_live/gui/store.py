"""The library as the window uses it: in a thread of its own, one request after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from granite_live.engine import open_library
from granite_live.gui.background import Failed, Lane
from granite_live.transcript.history import DamagedHistoryError, Library

T = TypeVar("T")


class Store(QObject):
    """Opens the library with the first request and closes it at the end.

    `trouble` tells, from other threads, that it was damaged and is a new one now, or is not used.
    """

    trouble = Signal(str)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._library: Library | None = None
        self._lane = Lane("library", self)

    def run(
        self,
        work: Callable[[Library], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Do `work` with the library after all that was asked before; answer in this thread."""

        def worked() -> T:
            try:
                return work(self._opened())
            except DamagedHistoryError:
                # Damage may show long after the file was opened.
                self._close()
                return work(self._opened(checks=True))

        self._lane.run(worked, done, failed)

    def close(self, timeout_s: float = 1.0) -> bool:
        """Do what was asked for and close; return whether that was done in time."""
        self._lane.run(self._close)
        return self._lane.close(timeout_s)

    def _opened(self, *, checks: bool = False) -> Library:
        if self._library is None:
            self._library, sentence = open_library(self._path, checks=checks)
            if sentence:
                self.trouble.emit(sentence)
        return self._library

    def _close(self) -> None:
        if self._library is not None:
            self._library.close()
            self._library = None
