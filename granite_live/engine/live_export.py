"""The text file that follows a session: begun and ended at any time of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.live.events import Event, Final, Provisional
    from granite_live.transcript.live_text import LiveText


class LiveExport:
    """A listener of one session's events. To be ended when the session is over.

    What was said before `begin` is written too. Its methods may be called from any thread.
    """

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        """Remember whom to tell, from any thread, a sentence when the file cannot be written."""
        self._on_trouble = on_trouble
        self._changing = threading.Lock()
        self._lock = threading.Lock()
        self._said: dict[int, Final | Provisional] = {}
        self._text: LiveText | None = None

    def __call__(self, event: Event) -> None:
        """Write the event's text, if it has one and a file is wanted. Never waits for the disk."""
        from granite_live.live.events import Final, Provisional

        if not isinstance(event, Final | Provisional):
            return
        with self._lock:
            # The words are in the library; here they would be kept for hours for nothing.
            self._said[event.utterance] = replace(event, words=())
            if self._text is not None:
                self._text(event)

    def begin(self, path: Path, lines: int) -> None:
        """Let `path` follow the session from now on, in place of a file that did.

        Args:
            path: The file; its folder must exist.
            lines: How many of the last utterances it holds, one a line; 0 for all.
        """
        from granite_live.transcript.live_text import LiveText

        with self._changing:
            self._end()
            with self._lock:
                text = self._text = LiveText(path, lines, self._on_trouble)
                for event in self._said.values():
                    text(event)

    def end(self) -> bool:
        """Let the file be as it is; return False if the disk hangs. May take two seconds."""
        with self._changing:
            return self._end()

    def _end(self) -> bool:
        with self._lock:
            text, self._text = self._text, None
        return text is None or text.close()
