"""Writes a text file that follows a running session; can start and end at any time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.app.live_text import LiveText
    from granite_live.session.events import Event, Final, Provisional


class LiveExport:
    """A listener of one session's events. Call `end` when the session is over.

    The file includes texts from before `begin`. Methods may be called from any thread.
    """

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        """Store the callback that receives, from any thread, a sentence when writing fails."""
        self._on_trouble = on_trouble
        self._changing = threading.Lock()
        self._lock = threading.Lock()
        self._said: dict[int, Final | Provisional] = {}
        self._text: LiveText | None = None

    def __call__(self, event: Event) -> None:
        """Queue the event's text for writing. Does not wait for the disk."""
        from granite_live.session.events import Final, Provisional

        if not isinstance(event, Final | Provisional):
            return
        with self._lock:
            # The library has the words; keeping them here for hours would waste memory.
            self._said[event.utterance] = replace(event, words=())
            if self._text is not None:
                self._text(event)

    def begin(self, path: Path, lines: int) -> None:
        """Write the session to `path` from now on, in place of an earlier file.

        Args:
            path: The file; its folder must exist.
            lines: How many of the last utterances the file holds, one per line; 0 for all.
        """
        from granite_live.app.live_text import LiveText

        with self._changing:
            self._end()
            with self._lock:
                text = self._text = LiveText(path, lines, self._on_trouble)
                for event in self._said.values():
                    text(event)

    def end(self) -> bool:
        """Stop writing; return False if the disk hangs. May take two seconds."""
        with self._changing:
            return self._end()

    def _end(self) -> bool:
        with self._lock:
            text, self._text = self._text, None
        return text is None or text.close()
