"""Live sessions whose sound a client sends over a WebSocket, and those who watch their events."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from granite_live.app.factory import SessionSettings, make_session
from granite_live.audio.journal import Journal
from granite_live.audio.source import PushedSource
from granite_live.session import events
from granite_live.session.events import event_line
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.session.messages import ModelSpec
    from granite_live.session.session import Session


_SILENT_S = 60.0
"""A client that sends neither sound nor an answer to a ping for so long is given up."""
_TOO_SLOW = 1008
"""The close code for a client that breaks the rules."""
_CLOSE_S = 1.0


class ClientEvents:
    """The events that wait for the client. For the event loop's thread.

    A client that does not read loses levels and drafts first, which the next ones replace. If it
    still does not read, its connection ends.
    """

    def __init__(self, max_passing: int = 500, max_waiting: int = 2000) -> None:
        """Drop levels and drafts while `max_passing` events wait; end when `max_waiting` do."""
        self._max_passing, self._max_waiting = max_passing, max_waiting
        self._lines: asyncio.Queue[str | None] = asyncio.Queue(max_waiting + 1)
        self._has_ended = False
        self.dropped = 0
        """The levels and drafts that were dropped because the client did not read."""
        self.given_up = asyncio.Event()
        """Set when the events end because the client does not read."""

    def put(self, event: events.SessionEvent) -> None:
        """Add an event."""
        if self._has_ended:
            return
        waiting = self._lines.qsize()
        if isinstance(event, events.LevelMeasured | events.DraftText):
            if waiting >= self._max_passing:
                self.dropped += 1
                return
        elif waiting >= self._max_waiting:
            self._has_ended = True
            self.given_up.set()
            self._lines.put_nowait(None)
            return
        self._lines.put_nowait(event_line(event))
        if isinstance(event, events.SessionClosed):
            self._has_ended = True
            self._lines.put_nowait(None)

    async def next(self) -> str | None:
        """Return the next event as a line of JSON; None after the last one."""
        return await self._lines.get()


class SoundSession(Protocol):
    """The part of `live.PushedSession` that a client uses."""

    events: ClientEvents

    def push(self, data: bytes) -> bool:
        """Take sound; return False after the end."""

    def end_sound(self) -> None:
        """Let the session finish its texts."""

    async def close(self, *, keep_unfinished: bool) -> None:
        """End the session."""


async def serve_client(
    socket: WebSocket, session: SoundSession, on_sound_end: Callable[[], None]
) -> None:
    """Pass sound and events on until the session has ended or the client is gone.

    `on_sound_end` is called when no more sound comes; the session may still finish its texts.
    """

    async def send() -> None:
        while (line := await session.events.next()) is not None:
            await socket.send_text(line)
        await socket.close()

    sending = asyncio.ensure_future(send())
    taking = asyncio.ensure_future(_take_sound(socket, session))
    # A client that does not read blocks what sends, so that only this tells.
    giving_up = asyncio.ensure_future(session.events.given_up.wait())
    is_whole = False
    try:
        try:
            await asyncio.wait({sending, taking, giving_up}, return_when=asyncio.FIRST_COMPLETED)
            is_whole = taking.done() and taking.result()
        finally:
            on_sound_end()
        if is_whole:
            session.end_sound()
            await asyncio.wait({sending, giving_up}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        taking.cancel()
        await session.close(keep_unfinished=not is_whole)
        for task in (sending, giving_up):
            task.cancel()
        await asyncio.wait({sending, taking, giving_up})
    if session.events.given_up.is_set():
        with contextlib.suppress(TimeoutError, RuntimeError):  # the server ends it when this ends
            await asyncio.wait_for(socket.close(_TOO_SLOW), _CLOSE_S)


async def _take_sound(socket: WebSocket, session: SoundSession) -> bool:
    """Take sound until the client says that it ends; return False if it just goes."""
    while True:
        try:
            async with asyncio.timeout(_SILENT_S):
                message = await socket.receive()
        except (TimeoutError, WebSocketDisconnect):
            return False
        if message["type"] == "websocket.disconnect":
            return False
        if data := message.get("bytes"):
            session.push(data)
        elif (message.get("text") or "").strip() in ("end", '{"type": "end"}'):
            return True


_KEPT_EVENTS = 1000
_WAITING_EVENTS = 500
_SOURCE = "a program"

Numbered = tuple[int, bytes]
"""An event's number, which grows, and its message as server-sent event."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """A client that watches: its address, and since when."""

    address: str
    since: datetime
    is_remote: bool = False
    """Whether it is another device."""


class EventQueue:
    """The events for one watcher: those that were missed, then the new ones."""

    def __init__(self, missed: list[Numbered], *, wants_levels: bool) -> None:
        self.wants_levels = wants_levels
        self._missed = deque(missed)
        self._new: asyncio.Queue[Numbered | None] = asyncio.Queue(_WAITING_EVENTS + 1)

    @property
    def is_full(self) -> bool:
        """Whether the watcher has fallen too far behind."""
        return self._new.qsize() >= _WAITING_EVENTS

    def put(self, event: Numbered) -> None:
        """Add an event, unless it `is_full`."""
        self._new.put_nowait(event)

    def end(self) -> None:
        """Drop what waits, and end."""
        while not self._new.empty():
            self._new.get_nowait()
        self._new.put_nowait(None)

    async def next(self) -> Numbered | None:
        """Return the next event, None at the end."""
        return self._missed.popleft() if self._missed else await self._new.get()


class EventHub:
    """Passes events on to all who watch; the last ones are kept for those who come back.

    For the event loop's thread, except `post`. Levels are not kept.
    """

    def __init__(self, on_watchers: Callable[[tuple[Watcher, ...]], None]) -> None:
        """Create the hub; `on_watchers` is called when somebody begins or ends to watch."""
        self._loop = asyncio.get_running_loop()
        self._on_watchers = on_watchers
        self._kept: deque[Numbered] = deque(maxlen=_KEPT_EVENTS)
        self._watchers: dict[EventQueue, Watcher] = {}
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
        with contextlib.suppress(RuntimeError):  # the service has ended
            self._loop.call_soon_threadsafe(self._publish, line, is_kept)

    def close(self, *, only_remote: bool = False) -> None:
        """End all watching, or only that of other devices."""
        for queue, watcher in tuple(self._watchers.items()):
            if watcher.is_remote or not only_remote:
                self._end(queue)

    @contextlib.contextmanager
    def watching(
        self, after: int | None, watcher: Watcher, *, wants_levels: bool = True
    ) -> Iterator[EventQueue]:
        """Yield the queue of events from now on, or of those after the number `after`.

        Only the last events are kept. A number that is not reached yet comes from before a
        restart: all that is kept follows. The queue ends if the watcher falls behind; with its
        last number it can come back.
        """
        if after is not None and after > self._number:
            after = 0
        missed = [] if after is None else [one for one in self._kept if one[0] > after]
        queue = EventQueue(missed, wants_levels=wants_levels)
        self._watchers[queue] = watcher
        self._tell_watchers()
        try:
            yield queue
        finally:
            self._forget(queue)

    def _tell_watchers(self) -> None:
        self._on_watchers(tuple(self._watchers.values()))

    def _forget(self, queue: EventQueue) -> None:
        if self._watchers.pop(queue, None) is not None:
            self._tell_watchers()

    def _publish(self, line: str, is_kept: bool) -> None:
        self._number += 1
        numbered = self._number, f"id: {self._number}\ndata: {line}\n\n".encode()
        if is_kept:
            self._kept.append(numbered)
        for queue in tuple(self._watchers):
            if not is_kept and not queue.wants_levels:
                continue
            if queue.is_full:
                self.dropped += 1
                self._end(queue)
            else:
                queue.put(numbered)

    def _end(self, queue: EventQueue) -> None:
        self._forget(queue)
        queue.end()


class PushedSession:
    """A session of sound that a client sends. Nothing of it stays on the disk."""

    def __init__(
        self,
        spec: ModelSpec,
        settings: SessionSettings,
        publish: Callable[[events.SessionEvent], None],
        sample_rate_hz: int,
        folder: Path,
    ) -> None:
        """Prepare the session; `start` starts it. `folder` is for what is recorded meanwhile.

        `publish` receives each event for those who watch, from any thread.

        Raises:
            GraniteError: The session cannot be recorded.
        """
        self._loop, self._publish = asyncio.get_running_loop(), publish
        self._source = PushedSource(_SOURCE, sample_rate_hz)
        self._folder = Path(tempfile.mkdtemp(prefix="live-", dir=folder))
        self.events = ClientEvents()
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
        self._publish(event)
        self._loop.call_soon_threadsafe(self.events.put, event)

    def _remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
