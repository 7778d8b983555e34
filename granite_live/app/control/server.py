"""A local socket on which a program without Qt answers requests."""

from __future__ import annotations

import contextlib
import json
import logging
import select
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import filelock

from granite_live.app.control.protocol import (
    MAX_BYTES,
    ControlAnswer,
    ControlRequest,
    RefusedError,
)
from granite_live.util import local_socket, paths
from granite_live.util.errors import WindowError
from granite_live.util.lifecycle import Closeable, ReportingThread

_log = logging.getLogger(__name__)

CLIENT_S = 2.0
"""Seconds that a client may take for its request, and for reading the answer."""
_CLOSE_S = CLIENT_S + 1.0


class ControlServer(Closeable):
    """Answers the requests of this user's programs, one at a time, in a thread of its own."""

    def __init__(
        self,
        handle: Callable[[ControlRequest], ControlAnswer],
        listener: socket.socket,
        lock: filelock.BaseFileLock,
        path: Path,
    ) -> None:
        """Take over the parts that `open_control_server` makes, and start answering."""
        self._handle, self._listener, self._lock, self._path = handle, listener, lock, path
        self._waking, self._woken = socket.socketpair()
        self._thread = ReportingThread(self._run, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and remove the socket. Idempotent."""
        if self._waking.fileno() == -1:
            return
        self._waking.send(b"\0")
        self._thread.join(_CLOSE_S)
        for one in (self._waking, self._woken, self._listener):
            one.close()
        self._path.unlink(missing_ok=True)
        self._lock.release()

    def _run(self) -> None:
        while True:
            ready, _, _ = select.select([self._listener, self._woken], [], [])
            if self._woken in ready:
                return
            try:
                connection, _address = self._listener.accept()
            except OSError:
                continue  # the client has gone
            with connection, contextlib.suppress(OSError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        if not local_socket.is_own_user(connection.fileno()):
            return
        line = local_socket.receive_line(connection, time.monotonic() + CLIENT_S, MAX_BYTES)
        try:
            fields = json.loads(line)
        except ValueError:
            return  # not a client of ours
        if not isinstance(fields, dict):
            return
        try:
            answer = self._handle(ControlRequest.parse(fields))
        except RefusedError as error:
            answer = ControlAnswer.refused(error)
        connection.settimeout(CLIENT_S)
        connection.sendall(answer.to_line())


def open_control_server(
    handle: Callable[[ControlRequest], ControlAnswer],
) -> ControlServer | None:
    """Open the socket of `listen`; return None if another one has it or there can be none.

    `handle` is called in the server's thread. It returns soon, or raises `RefusedError`.
    """
    if sys.platform == "win32":
        return None  # Python has no local sockets there
    name = local_socket.listen_socket_name(paths.data_dir())
    folder = local_socket.socket_folder(name)
    try:
        local_socket.make_private(folder)
        lock = filelock.FileLock(folder / f"{name}.lock", mode=0o600)
        lock.acquire(timeout=0)
    except (filelock.Timeout, OSError, WindowError) as error:
        _log.info("This session takes no commands: %s", error)
        return None
    path = folder / name
    listener = socket.socket(socket.AF_UNIX)
    try:
        path.unlink(missing_ok=True)  # left by a program that was killed: the lock is ours
        listener.bind(str(path))
        path.chmod(0o600)  # and nobody else can enter the folder
        listener.listen()
    except OSError as error:
        _log.warning("This session takes no commands: %s", error)
        listener.close()
        lock.release()
        return None
    return ControlServer(handle, listener, lock, path)
