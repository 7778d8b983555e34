"""Run the service with uvicorn on this computer's own address, for a command or for the window."""

from __future__ import annotations

import asyncio
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import filelock
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from granite_live.app.factory import SessionSettings
from granite_live.messages.control import ServerMessage
from granite_live.server.application import ServerSettings, Service
from granite_live.server.guard import Guard
from granite_live.util import paths
from granite_live.util.errors import ServerError
from granite_live.util.lifecycle import Closeable, ReportingThread, summarize_error

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.server.live import Watcher
    from granite_live.server.network import NetworkShare
    from granite_live.session.events import SessionEvent
    from granite_live.session.messages import ModelSpec
    from granite_live.settings import Settings


_JOIN_S = 5.0
HOST = "127.0.0.1"
HEADERS_S = 10.0
"""A client that has not sent the headers of its first request after this time is disconnected."""
_MAX_CONNECTIONS = 200
_END_S = 3


class ImpatientProtocol(H11Protocol):  # type: ignore[misc]
    """uvicorn's protocol, which also ends connections on which no request comes."""

    def connection_made(self, transport: Any) -> None:
        """Start to wait for the first request."""
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEADERS_S, self._end_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._patience.cancel()
        super().connection_lost(exc)

    def _end_if_silent(self) -> None:
        if self.scope is None and not self.transport.is_closing():
            self.transport.close()


@contextmanager
def working_folder() -> Iterator[Path]:
    """Yield a private folder; remove it at the end, and what killed services left.

    Raises:
        ServerError: There can be none.
    """
    root = paths.data_dir() / "server"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in root.glob("work-*"):
            lock = filelock.FileLock(left / "lock")
            try:
                with lock.acquire(timeout=0):
                    shutil.rmtree(left, ignore_errors=True)
            except (filelock.Timeout, OSError):
                continue  # its service is running
        folder = Path(tempfile.mkdtemp(prefix="work-", dir=root))
        held = filelock.FileLock(folder / "lock", mode=0o600)
        held.acquire(timeout=0)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServerError(ServerMessage.FOLDER_UNUSABLE(folder=root, reason=reason)) from error
    try:
        yield folder
    finally:
        held.release()
        shutil.rmtree(folder, ignore_errors=True)


def open_socket(port: int, address: str = HOST) -> socket.socket:
    """Return a listening socket, usually on the loopback address; 0: any free port.

    Raises:
        ServerError: The port is taken.
    """
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise ServerError(
            ServerMessage.PORT_UNUSABLE(port=port, address=address, reason=reason)
        ) from error
    return listener


class Server:
    """The service on an open socket. `run` returns after `stop`."""

    def __init__(self, settings: ServerSettings, listener: socket.socket) -> None:
        self._listener, self._service = listener, Service(settings)
        self._uvicorn = _uvicorn_server(self._service.application(), lifespan="on")
        # Made here, so that other threads may call before it runs.
        self._loop = asyncio.new_event_loop()
        self._shared: uvicorn.Server | None = None
        self._sharing: asyncio.Task[None] | None = None

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Answer requests until `stop`. `on_ready` is called before: the socket already listens."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._run(on_ready))

    def stop(self) -> None:
        """End soon; from any thread."""
        self._uvicorn.should_exit = True
        self._call(self._end_watching)

    def abandon(self) -> None:
        """End at once; from any thread."""
        self._uvicorn.force_exit = self._uvicorn.should_exit = True

    def post(self, event: SessionEvent) -> None:
        """Show an event to those who watch; from any thread."""
        if self._service.is_ready.is_set():
            self._service.post(event)

    def set_live(self, is_live: bool) -> None:
        """Tell that a live session of this program began or ended; from any thread."""
        self._call(lambda: self._service.set_live(is_live))

    def use_model(self, spec: ModelSpec, name: str) -> None:
        """Use another model from the next request on; from any thread."""
        self._call(lambda: self._service.use_model(spec, name))

    def share(self, share: NetworkShare) -> None:
        """Show the captions to other devices until `unshare`; from any thread while it runs.

        Raises:
            ServerError: The address cannot be used.
        """
        listener = open_socket(share.port, share.address)
        if not self._call(lambda: self._share(share, listener)):
            listener.close()

    def unshare(self) -> None:
        """Disconnect other devices; from any thread."""
        self._call(self._unshare)

    async def _run(self, on_ready: Callable[[], None]) -> None:
        on_ready()
        await self._uvicorn.serve(sockets=[self._listener])
        self._unshare()
        if self._sharing is not None:
            await self._sharing

    def _call(self, work: Callable[[], None]) -> bool:
        """Call this in the service's thread; return False if the service has ended."""
        try:
            self._loop.call_soon_threadsafe(work)
        except RuntimeError:
            return False
        return True

    def _end_watching(self) -> None:
        if self._service.is_ready.is_set():
            self._service.end_watching()

    def _share(self, share: NetworkShare, listener: socket.socket) -> None:
        self._unshare()
        shared = _uvicorn_server(self._service.shared_application(share), lifespan="off")

        async def serve() -> None:
            await self._service.is_ready.wait()
            await shared.serve(sockets=[listener])

        self._shared, self._sharing = shared, asyncio.ensure_future(serve())

    def _unshare(self) -> None:
        if self._shared is not None:
            self._shared.should_exit = True
            self._service.end_watching(only_remote=True)
            self._shared = None


def window_settings(
    stored: Settings,
    model: ModelChoice,
    token: str,
    folder: Path,
    on_watchers: Callable[[tuple[Watcher, ...]], None],
) -> ServerSettings:
    """Return the settings of the window's service: those who watch see the window's session."""
    return ServerSettings(
        spec=model.spec,
        session=replace(SessionSettings.of(stored), keep_sound=False),
        model_name=model.name,
        folder=folder,
        token=token,
        idle_s=60.0 * stored.idle_minutes or None,
        shows_sent_sound=False,
        on_watchers=on_watchers,
    )


class HostedService(Server, Closeable):
    """Runs the service in a thread, from its creation to `close`. For any thread."""

    def __init__(
        self,
        make_settings: Callable[[Path], ServerSettings],
        port: int,
        on_failure: Callable[[str], None],
    ) -> None:
        """Start the service.

        Args:
            make_settings: Returns the settings for a private folder.
            port: The port on the loopback address; 0: any free one.
            on_failure: Called with a sentence from the service's thread if it ends by a defect.

        Raises:
            ServerError: The port or the folder cannot be used.
        """
        self._resources = ExitStack()
        with ExitStack() as stack:
            folder = stack.enter_context(working_folder())
            listener = stack.enter_context(open_socket(port))
            self.port: int = listener.getsockname()[1]
            super().__init__(make_settings(folder), listener)
            self._resources = stack.pop_all()
        self._thread = ReportingThread(
            self.run,
            name="service",
            on_failure=lambda error: on_failure(
                ServerMessage.DEFECT(reason=summarize_error(error))
            ),
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """The address of the service."""
        return f"http://{HOST}:{self.port}"

    def close(self) -> None:
        """End the service; its recordings fail. Takes up to some seconds."""
        self.stop()
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            self.abandon()
            self._thread.join()
        self._resources.close()


def _uvicorn_server(app: Guard, *, lifespan: Literal["on", "off"]) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="websockets-sansio",
        lifespan=lifespan,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_END_S,
        ws_max_size=1_000_000,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
    )
    return uvicorn.Server(config)
