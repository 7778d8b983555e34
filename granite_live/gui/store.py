"""The library as the window uses it: in a thread of its own, one request after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from granite_live.gui.background import Failed, Lane
from granite_live.transcript.history import Library

T = TypeVar("T")


class Store(QObject):
    """Opens the library with the first request and closes it at the end."""

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
        self._lane.run(lambda: work(self._opened()), done, failed)

    def close(self, timeout_s: float = 1.0) -> bool:
        """Do what was asked for and close; return whether that was done in time."""
        self._lane.run(self._close)
        return self._lane.close(timeout_s)

    def _opened(self) -> Library:
        if self._library is None:
            self._library = Library.open(self._path)
        return self._library

    def _close(self) -> None:
        if self._library is not None:
            self._library.close()
            self._library = None
