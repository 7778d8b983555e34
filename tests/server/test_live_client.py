"""A client that does not read loses what the next event replaces, then its connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from helpers.waiting import WAIT_S

from granite_live.session.events import (
    DraftText,
    FinalText,
    LevelMeasured,
    SessionClosed,
    SessionEvent,
)

pytest.importorskip("starlette", reason="needs the extra 'server'")

from starlette.websockets import WebSocket

from granite_live.server.live import ClientEvents, serve_client

LEVEL = LevelMeasured(1.0, -20.0, -10.0, clipped=False)
DRAFT = DraftText(1.0, 1, 0.0, "it", 0)
FINAL = FinalText(1.0, 1, 0.0, 0.9, "it rains", (), 0.9, "it rains")
CLOSED = SessionClosed(2.0, 1, 0, 32_000, 0, 0)


async def all_lines(waiting: ClientEvents) -> list[str]:
    found = []
    while (line := await waiting.next()) is not None:
        found.append(json.loads(line)["event"])
    return found


def names(*told: SessionEvent) -> tuple[list[str], ClientEvents]:
    async def put_and_read() -> tuple[list[str], ClientEvents]:
        waiting = ClientEvents(max_passing=3, max_waiting=5)
        for event in told:
            waiting.put(event)
        return await all_lines(waiting), waiting

    return asyncio.run(put_and_read())


def test_levels_and_drafts_are_dropped_and_counted_while_too_many_wait() -> None:
    found, waiting = names(LEVEL, DRAFT, LEVEL, LEVEL, DRAFT, FINAL, LEVEL, CLOSED)
    assert found == ["level", "draft", "level", "final", "closed"]
    assert waiting.dropped == 3
    assert not waiting.given_up.is_set()


def test_the_events_end_if_even_finals_are_not_read() -> None:
    found, waiting = names(*[FINAL] * 6, CLOSED)
    assert found == ["final"] * 5
    assert waiting.given_up.is_set()


def test_nothing_is_dropped_for_a_client_that_reads() -> None:
    async def read_while_told() -> ClientEvents:
        waiting = ClientEvents(max_passing=3, max_waiting=5)
        for _ in range(100):
            waiting.put(LEVEL)
            assert await waiting.next() is not None
        return waiting

    waiting = asyncio.run(read_while_told())
    assert waiting.dropped == 0


class _Session:
    """A session that takes any sound and notes how it was ended."""

    def __init__(self, waiting: ClientEvents) -> None:
        self.events = waiting
        self.is_unfinished: bool | None = None

    def push(self, data: bytes) -> bool:
        self.events.put(FINAL)
        return True

    def end_sound(self) -> None:
        self.events.put(CLOSED)

    async def close(self, *, keep_unfinished: bool) -> None:
        self.is_unfinished = keep_unfinished


class _Client:
    """A client that sends sound without end and reads nothing, so that sending to it blocks."""

    def __init__(self) -> None:
        self.has_begun = False
        self.received: list[str] = []

    async def receive(self) -> MutableMapping[str, Any]:
        if not self.has_begun:
            self.has_begun = True
            return {"type": "websocket.connect"}
        await asyncio.sleep(0)
        return {"type": "websocket.receive", "bytes": bytes(2)}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.received.append(message["type"])
        if message["type"] == "websocket.send":
            await asyncio.Event().wait()


def test_a_client_that_sends_and_never_reads_loses_its_connection() -> None:
    async def talk() -> tuple[_Session, _Client]:
        waiting, client = ClientEvents(max_passing=3, max_waiting=5), _Client()
        session = _Session(waiting)
        ended = asyncio.Event()
        socket = WebSocket({"type": "websocket"}, client.receive, client.send)
        await socket.accept()
        await asyncio.wait_for(serve_client(socket, session, ended.set), WAIT_S)
        assert ended.is_set()
        return session, client

    session, client = asyncio.run(talk())
    assert session.is_unfinished is True
    assert client.received[-1] == "websocket.close"
