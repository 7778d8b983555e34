"""Live sessions whose sound a client sends, and those who watch their events."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.factory import SessionSettings, make_session
from granite_live.audio.journal import Journal
from granite_live.audio.pushed_source import PushedSource
from granite_live.session import events
from granite_live.session.event_json import event_line
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.session.messages import ModelSpec
    from granite_live.session.session import Session

_KEPT_EVENTS = 1000
_WAITING_EVENTS = 500
_WAITING_LINES = 4 * _WAITING_EVENTS
_SOURCE = "a program"

Numbered = tuple[int, str]
"""An event's number, which grows, and its line."""


class EventHub:
    """Passes events on to all who watch; the last ones are kept for those who come back.

    For the event loop's thread, except `post`. Levels are not kept.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._kept: deque[Numbered] = deque(maxlen=_KEPT_EVENTS)
        self._watchers: set[asyncio.Queue[Numbered | None]] = set()
        self._number = 0
        self.dropped = 0
        """The watchers that were dropped because they did not read."""

    @property
    def watchers(self) -> int:
        """The number of those who watch."""
        return len(self._watchers)

    def post(self, event: events.SessionEvent) -> None:
        """Publish an event, from any thread."""
        line, is_kept = event_line(event), not isinstance(event, events.LevelMeasured)
        self._loop.call_soon_threadsafe(self._publish, line, is_kept)

    def close(self) -> None:
        """End all watching."""
        for queue in tuple(self._watchers):
            self._end(queue)

    async def watch(self, after: int | None = None) -> AsyncIterator[Numbered]:
        """Yield events from now on, or those after the number `after` that are still kept.

        A number that is not reached yet comes from before a restart: all that is kept follows.
        Ends if the watcher falls behind; with its last number it can come back.
        """
        queue: asyncio.Queue[Numbered | None] = asyncio.Queue(_WAITING_EVENTS + 1)
        if after is not None and after > self._number:
            after = 0
        missed = [] if after is None else [one for one in self._kept if one[0] > after]
        self._watchers.add(queue)
        try:
            for one in missed:
                yield one
            while (news := await queue.get()) is not None:
                yield news
        finally:
            self._watchers.discard(queue)

    def _publish(self, line: str, is_kept: bool) -> None:
        self._number += 1
        numbered = self._number, line
        if is_kept:
            self._kept.append(numbered)
        for queue in tuple(self._watchers):
            if queue.qsize() >= _WAITING_EVENTS:
                self.dropped += 1
                self._end(queue)
            else:
                queue.put_nowait(numbered)

    def _end(self, queue: asyncio.Queue[Numbered | None]) -> None:
        self._watchers.discard(queue)
        while queue.full():
            queue.get_nowait()
        queue.put_nowait(None)


class PushedSession:
    """A session of sound that a client sends. Nothing of it stays on the disk."""

    def __init__(
        self,
        spec: ModelSpec,
        settings: SessionSettings,
        hub: EventHub,
        sample_rate_hz: int,
        folder: Path,
    ) -> None:
        """Prepare the session; `start` starts it. `folder` is for what is recorded meanwhile.

        Raises:
            GraniteError: The session cannot be recorded.
        """
        self._loop, self._hub = asyncio.get_running_loop(), hub
        self._has_ended = False
        self._source = PushedSource(_SOURCE, sample_rate_hz)
        self._folder = Path(tempfile.mkdtemp(prefix="live-", dir=folder))
        self.lines: asyncio.Queue[str | None] = asyncio.Queue(_WAITING_LINES + 1)
        """The session's events as lines, then None; None also follows if too many wait."""
        try:
            journal = Journal.create(self._folder, origin=self._source.origin, keep="text")
            self._session: Session = make_session(
                self._source, spec, journal, self._listen, settings
            )
        except BaseException:
            self._remove()
            raise

    async def start(self) -> None:
        """Start the session and the worker."""
        try:
            await asyncio.to_thread(self._session.start)
        except GraniteError:
            self._remove()
            raise

    def push(self, data: bytes) -> bool:
        """Take sound: 16-bit little-endian mono. Return False after the end."""
        return self._source.push(data)

    def end_sound(self) -> None:
        """Let the session finish its texts."""
        self._source.stop()

    async def close(self, *, keep_unfinished: bool) -> None:
        """End the session, with `keep_unfinished` without the texts that are still missing."""
        await asyncio.to_thread(self._session.stop, keep_unfinished=keep_unfinished)
        await asyncio.to_thread(self._session.join)
        await asyncio.to_thread(self._remove)

    def _listen(self, event: events.SessionEvent) -> None:
        self._hub.post(event)
        self._loop.call_soon_threadsafe(self._queue, event)

    def _queue(self, event: events.SessionEvent) -> None:
        """Queue an event for the client. One that reads nothing loses levels and drafts first."""
        waiting = self.lines.qsize()
        is_passing = isinstance(event, events.LevelMeasured | events.DraftText)
        if self._has_ended or (is_passing and waiting >= _WAITING_EVENTS):
            return
        self._has_ended = isinstance(event, events.SessionClosed) or waiting >= _WAITING_LINES - 1
        self.lines.put_nowait(event_line(event))
        if self._has_ended:
            self.lines.put_nowait(None)

    def _remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
