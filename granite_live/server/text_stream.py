"""The texts of a recording for a client that reads them while they are made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any


class TextStream:
    """Passes texts from a job's thread to the event loop.

    Texts that a slow client has not taken yet are joined to one, so that never more waits than the
    whole text of the recording.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._has_news = asyncio.Event()
        self._texts: list[str] = []
        self._last: dict[str, Any] | None = None

    def add(self, text: str) -> None:
        """Add an utterance's text, from any thread."""
        self._loop.call_soon_threadsafe(self._add, text)

    def end(self, last: dict[str, Any]) -> None:
        """End the stream with an event. For the event loop's thread."""
        self._last = last
        self._has_news.set()

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the new text as events of OpenAI's API, then the last event."""
        separator = ""
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            texts, self._texts = self._texts, []
            if texts:
                delta = separator + " ".join(texts)
                yield {"type": "transcript.text.delta", "delta": delta}
                separator = " "
            if self._last is not None and not self._texts:
                yield self._last
                return

    def _add(self, text: str) -> None:
        self._texts.append(text)
        self._has_news.set()
