"""Run the service with uvicorn on this computer's own address."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from granite_live.messages.control import ServerMessage
from granite_live.server.application import ServerSettings, Service
from granite_live.util import paths
from granite_live.util.errors import ServerError

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


def open_socket(port: int) -> socket.socket:
    """Return a listening socket on the loopback address; 0 lets the system choose the port.

    Raises:
        ServerError: The port is taken.
    """
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise ServerError(ServerMessage.PORT_UNUSABLE(port=port, reason=reason)) from error
    return listener


class Server:
    """The service on an open socket. `run` returns after `stop`."""

    def __init__(self, settings: ServerSettings, listener: socket.socket) -> None:
        self._listener, self._service = listener, Service(settings)
        config = uvicorn.Config(
            self._service.application(),
            http=ImpatientProtocol,
            ws="websockets-sansio",
            lifespan="on",
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
        self._uvicorn = uvicorn.Server(config)

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Answer requests until `stop`. `on_ready` is called before: the socket already listens."""
        on_ready()
        self._uvicorn.run(sockets=[self._listener])

    def stop(self) -> None:
        """End soon; from any thread."""
        self._uvicorn.should_exit = True

    def abandon(self) -> None:
        """End at once; from any thread."""
        self._uvicorn.force_exit = self._uvicorn.should_exit = True
