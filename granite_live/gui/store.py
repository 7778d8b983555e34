"""The library for the window: requests run in order in a thread of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from granite_live.app.library import open_library
from granite_live.gui.background import Failed, Lane
from granite_live.library import DamagedHistoryError, Library

T = TypeVar("T")


class Store(QObject):
    """Opens the library on the first request and closes it at the end.

    Emits `trouble`, from other threads, if the library was damaged and replaced, or is not used.
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
        """Run `work` with the library after all earlier requests; deliver in the GUI thread."""

        def worked() -> T:
            try:
                return work(self._opened())
            except DamagedHistoryError:
                # Damage may be detected long after opening the file.
                self._close()
                return work(self._opened(checks=True))

        self._lane.run(worked, done, failed)

    def close(self, timeout_s: float = 1.0) -> bool:
        """Finish the queued requests and close; return whether that was done in time."""
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
