"""The client of a live session: it sends sound over a WebSocket and reads the events."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from granite_live.session import events
from granite_live.session.events import event_line

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
