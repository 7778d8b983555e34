"""The routes of the service."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from granite_live.server.formats import TextStream, checked_parameters, json_of, text_of
from granite_live.server.guard import CAPTION_PATHS, LOOPBACK_HOSTS, ApiError, Guard
from granite_live.server.live import EventHub, PushedSession, Watcher, serve_client
from granite_live.server.network import NetworkShare
from granite_live.server.transcribing import CanceledError, Job, Transcriber
from granite_live.server.upload import Upload
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.session.events import SessionEvent
    from granite_live.session.messages import ModelSpec

MAX_BODY_BYTES = 2_000_000_000
LIVE_RATES_HZ = (8_000, 96_000)
_KEEP_ALIVE_S = 15.0
_FAILED = 1011
# The page loads nothing, and its address, which may have the token, goes nowhere.
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the service is started with.

    Attributes:
        spec: The model.
        session: How speech is found and texts are written.
        model_name: The name of the model in `/v1/models`.
        folder: A private folder for what is on the disk only for a while.
        token: What requests must bear, "" if none is needed.
        max_body_bytes: The longest request.
        idle_s: Seconds without work after which the model is freed; None for never.
        shows_sent_sound: Whether those who watch see the texts of sound that a client sends; else
            they see only what the program posts.
        on_watchers: Called with all who watch when that changes, in the service's thread.
    """

    spec: ModelSpec
    session: SessionSettings
    model_name: str
    folder: Path
    token: str = ""
    max_body_bytes: int = MAX_BODY_BYTES
    idle_s: float | None = None
    shows_sent_sound: bool = True
    on_watchers: Callable[[tuple[Watcher, ...]], None] = lambda _watchers: None


class Service:
    """Answers the requests."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._began_s = time.monotonic()
        self._is_sending = False
        self._live_dropped = self._live_given_up = 0
        self.is_ready = asyncio.Event()
        """Set once requests can be answered."""

    def application(self) -> Guard:
        """Return the ASGI application."""
        routes = [
            Route("/healthz", self._health),
            Route("/metrics", self._metrics),
            Route("/v1/models", self._models),
            Route("/v1/models/{name:path}", self._model),
            Route("/v1/audio/transcriptions", self._transcribe, methods=["POST"]),
            Route("/v1/live/events", self._watch),
            Route("/captions", self._captions),
            WebSocketRoute("/v1/live", self._live),
        ]
        handlers: dict[Any, Any] = {
            ApiError: lambda _request, error: error.response(),
            HTTPException: _http_error,
            Exception: _defect,
        }
        app = Starlette(routes=routes, exception_handlers=handlers, lifespan=self._lifespan)
        self._app = app
        return Guard(app, self._settings.token, self._settings.max_body_bytes)

    def shared_application(self, share: NetworkShare) -> Guard:
        """Return the part of `application` for other devices of the local network."""
        hosts = frozenset({share.address})
        return Guard(self._app, share.token, 0, hosts, CAPTION_PATHS)

    @asynccontextmanager
    async def _lifespan(self, _app: object) -> AsyncIterator[None]:
        settings = self._settings
        self._hub, self._session_turn = EventHub(settings.on_watchers), asyncio.Lock()
        self._transcriber = Transcriber(settings.spec, settings.session, settings.idle_s)
        self.is_ready.set()
        try:
            yield
        finally:
            self._hub.close()
            await self._transcriber.close()

    def end_watching(self, *, only_remote: bool = False) -> None:
        """End the streams of events, which would keep the service from ending."""
        self._hub.close(only_remote=only_remote)

    def post(self, event: SessionEvent) -> None:
        """Show an event to those who watch, from any thread, once the service runs."""
        self._hub.post(event)

    def set_live(self, is_live: bool) -> None:
        """Count a live session, which has a model of its own in memory."""
        if is_live:
            self._transcriber.live_session_began()
        else:
            self._transcriber.live_session_ended()

    def use_model(self, spec: ModelSpec, name: str) -> None:
        """Use another model from the next request on."""
        self._settings = replace(self._settings, spec=spec, model_name=name)
        self._transcriber.use_model(spec)

    # -- files --------------------------------------------------------------------------------

    async def _transcribe(self, request: Request) -> Response:
        settings = self._settings
        async with self._transcriber.place():
            form = Upload(settings.folder, settings.max_body_bytes)
            try:
                try:
                    kind = request.headers.get("content-type", "")
                    await form.read(kind, request.stream())
                except ClientDisconnect as error:
                    raise CanceledError from error
                wanted, granularities = checked_parameters(form)
                assert form.file is not None
                job = Job(form.file)
                if form.field("stream") == "true" and wanted in ("json", "text"):
                    return await self._stream(job, form)
                transcript = await self._until_gone(request, job)
            except CanceledError:
                return Response(status_code=499)
            finally:
                if not form.is_streaming:
                    form.close()
        if wanted in ("json", "verbose_json"):
            language = form.field("language") or "unknown"
            return JSONResponse(json_of(transcript, wanted, granularities, language))
        return PlainTextResponse(text_of(transcript, wanted))

    async def _until_gone(self, request: Request, job: Job) -> Any:
        """Transcribe, but stop as soon as the client closes its connection."""

        async def wait_for_end() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            job.cancel()

        watching = asyncio.ensure_future(wait_for_end())
        try:
            return await self._transcriber.transcribe(job)
        finally:
            watching.cancel()

    async def _stream(self, job: Job, form: Upload) -> Response:
        """Return each utterance as soon as it has its text, then all of the text."""
        news = TextStream()
        job.on_text = news.add
        form.is_streaming = True

        async def work() -> None:
            try:
                async with self._transcriber.place():
                    transcript = await self._transcriber.transcribe(job)
                news.end({"type": "transcript.text.done", "text": transcript.text})
            except ApiError as error:
                news.end({"type": "error", **error.body})
            except CanceledError:
                return
            finally:
                form.close()

        working = asyncio.ensure_future(work())

        async def lines() -> AsyncIterator[str]:
            try:
                async for one in news.events():
                    yield f"data: {json.dumps(one, ensure_ascii=False)}\n\n"
            finally:
                job.cancel()
                await asyncio.wait([working])

        return StreamingResponse(lines(), media_type="text/event-stream")

    # -- live ---------------------------------------------------------------------------------

    async def _live(self, socket: WebSocket) -> None:
        low, high = LIVE_RATES_HZ
        rate = socket.query_params.get("sample_rate", "16000")
        if not rate.isdecimal() or not low <= int(rate) <= high:
            error = ApiError(400, f"sample_rate is not from {low} to {high}.", code="invalid_value")
            await socket.send_denial_response(error.response())
            return
        if self._is_sending:
            retry = {"Retry-After": "5"}
            error = ApiError(503, "Another program is sending sound.", code="busy", headers=retry)
            await socket.send_denial_response(error.response())
            return
        self._is_sending = True
        # A session whose sound has ended may still be finishing its texts.
        async with self._session_turn:
            try:
                await socket.accept()
                settings = self._settings
                session = PushedSession(
                    *(settings.spec, settings.session),
                    self._hub.post if settings.shows_sent_sound else lambda _event: None,
                    *(int(rate), settings.folder),
                )
                await session.start()
            except BaseException as error:
                self._is_sending = False
                if not isinstance(error, GraniteError):
                    raise
                await socket.close(_FAILED, str(error)[:100])
                return
            self.set_live(True)
            try:
                await serve_client(socket, session, self._sound_ended)
            finally:
                self._live_dropped += session.events.dropped
                self._live_given_up += session.events.given_up.is_set()
                self.set_live(False)

    def _sound_ended(self) -> None:
        self._is_sending = False

    async def _watch(self, request: Request) -> Response:
        last = request.headers.get("last-event-id", request.query_params.get("after", ""))
        after = int(last) if last.isdecimal() else None
        address = request.client.host if request.client else ""
        wants_levels = request.query_params.get("levels") != "0"
        watcher = Watcher(address, datetime.now(UTC), address not in LOOPBACK_HOSTS)

        async def lines() -> AsyncIterator[bytes]:
            with self._hub.watching(after, watcher, wants_levels=wants_levels) as watching:
                yield b": watching\n\n"
                while True:
                    try:
                        async with asyncio.timeout(_KEEP_ALIVE_S):
                            found = await watching.next()
                    except TimeoutError:
                        yield b": still here\n\n"
                        continue
                    if found is None:
                        return
                    yield found[1]

        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)

    async def _captions(self, _request: Request) -> Response:
        page = Path(__file__).with_name("captions.html").read_text(encoding="utf-8")
        return HTMLResponse(page, headers=_PAGE_HEADERS)

    # -- about the service ----------------------------------------------------------------------

    async def _models(self, _request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [self._described_model()]})

    async def _model(self, request: Request) -> Response:
        if request.path_params["name"] != self._settings.model_name:
            raise ApiError(404, "There is no such model.", code="model_not_found", param="model")
        return JSONResponse(self._described_model())

    def _described_model(self) -> dict[str, Any]:
        name = self._settings.model_name
        return {"id": name, "object": "model", "created": 0, "owned_by": "granite-live"}

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _metrics(self, _request: Request) -> Response:
        work, hub = self._transcriber, self._hub
        figures = {
            "granite_live_uptime_seconds gauge": round(time.monotonic() - self._began_s, 3),
            "granite_live_files_waiting gauge": work.waiting,
            "granite_live_files_done_total counter": work.done,
            "granite_live_files_failed_total counter": work.failed,
            "granite_live_files_refused_total counter": work.refused,
            "granite_live_audio_seconds_total counter": round(work.audio_s, 3),
            "granite_live_model_loaded gauge": int(work.is_loaded),
            "granite_live_live_sessions gauge": int(self._session_turn.locked()),
            "granite_live_live_events_dropped_total counter": self._live_dropped,
            "granite_live_live_clients_dropped_total counter": self._live_given_up,
            "granite_live_watchers gauge": hub.watchers,
            "granite_live_watchers_dropped_total counter": hub.dropped,
        }
        lines = []
        for described, value in figures.items():
            lines += [f"# TYPE {described}", f"{described.split()[0]} {value}"]
        text = "\n".join(lines) + "\n"
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


async def _http_error(_request: Request, error: HTTPException) -> Response:
    return ApiError(error.status_code, str(error.detail), code="invalid_request").response()


async def _defect(_request: Request, _error: Exception) -> Response:
    # Starlette raises it again for uvicorn, which logs it.
    return ApiError(500, "The request failed because of a defect.", code="defect").response()
