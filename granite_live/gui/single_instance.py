"""One window for each user: a second start hands its files to the first, and commands reach it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import filelock
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from granite_live.app.control import ControlAnswer, ControlRequest, RefusedError
from granite_live.messages.control import SocketMessage
from granite_live.util import local_socket
from granite_live.util.errors import WindowError

ANSWER_S = 10.0
"""The first instance answers within this time, also while it starts."""
_MAX_BYTES = 4_000_000
_CONFIRMATION = b"taken\n"


class SingleInstance(QObject):
    """Emits `files_received` with the files of another start, maybe none.

    Emits `request_received` with a `ControlRequest` and the function that sends its answer.
    """

    files_received = Signal(list)
    request_received = Signal(object, object)

    def __init__(
        self,
        data_dir: Path,
        parent: QObject | None = None,
        *,
        folder: Path | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        """Prepare the lock and the server.

        Args:
            data_dir: The data folder that two instances must not share.
            parent: The Qt parent.
            folder: The socket's folder, by default the user's runtime folder. If its path is too
                long for a socket, a folder of this user in the temporary folder or in /tmp is used.
            answer_s: Seconds to wait for the other instance.

        Raises:
            WindowError: No folder for the socket belongs to this user alone.
        """
        super().__init__(parent)
        name = local_socket.window_socket_name(data_dir)
        self.folder = local_socket.socket_folder(name, folder)
        self._name = name if sys.platform == "win32" else str(self.folder / name)
        local_socket.make_private(self.folder)
        self._lock = filelock.FileLock(self.folder / f"{name}.lock", mode=0o600)
        self._answer_s = answer_s
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def is_first(self, files: Sequence[Path]) -> bool:
        """Become the first instance or pass `files` to the running one; return whether first.

        Raises:
            WindowError: The other instance does not answer, or the socket cannot be created.
        """
        try:
            # Serialize simultaneous starts: each would remove the other's socket.
            with self._lock.acquire(timeout=self._answer_s):
                if self._call(files):
                    return False
                # No server listens: the socket file is left from a crash.
                QLocalServer.removeServer(self._name)
                if self._server.listen(self._name):
                    return True
        except filelock.Timeout:
            raise self._no_answer_error(files) from None
        reason = self._server.errorString()
        raise WindowError(SocketMessage.NOT_MADE(path=self._name, reason=reason))

    def close(self) -> None:
        """Let another start become the first instance."""
        self._server.close()

    def _call(self, files: Sequence[Path]) -> bool:
        """Return whether a running instance accepted the files; False if there is none."""
        until_s = time.monotonic() + self._answer_s
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_left_ms(until_s)):
            return False
        if not local_socket.is_own_user(int(socket.socketDescriptor())):
            raise WindowError(SocketMessage.OTHER_USER(path=self._name))
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode() + b"\n")
        while socket.bytesToWrite() and socket.waitForBytesWritten(_left_ms(until_s)):
            pass
        while not socket.canReadLine() and socket.waitForReadyRead(_left_ms(until_s)):
            pass
        if bytes(socket.readLine().data()) != _CONFIRMATION:
            raise self._no_answer_error(files)
        return True

    def _no_answer_error(self, files: Sequence[Path]) -> WindowError:
        message = SocketMessage.FILES_NOT_OPENED if files else SocketMessage.NO_ANSWER
        return WindowError(message(seconds=self._answer_s))

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            client = _ClientConnection(socket, self._answer_s)
            client.files_received.connect(self.files_received)
            client.request_received.connect(self.request_received)


class _ClientConnection(QObject):
    """Reads the request of another start and answers. Deleted with its socket."""

    files_received = Signal(list)
    request_received = Signal(object, object)

    def __init__(self, socket: QLocalSocket, answer_s: float) -> None:
        super().__init__(socket)
        self._socket, self._is_over = socket, False
        socket.setReadBufferSize(_MAX_BYTES)
        # A client that sends nothing is disconnected after the timeout.
        self._timeout = QTimer(self)
        self._timeout.setSingleShot(True)
        self._timeout.timeout.connect(self._end)
        self._timeout.start(round(answer_s * 1000))
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self._end)
        # Read data that arrived before these signals were connected.
        QTimer.singleShot(0, self._read)

    def _read(self) -> None:
        socket = self._socket
        if not local_socket.is_own_user(int(socket.socketDescriptor())):
            self._end()
        elif socket.canReadLine():
            self._answer(bytes(socket.readLine().data()))
        elif socket.bytesAvailable() >= _MAX_BYTES:
            self._end()

    def _answer(self, line: bytes) -> None:
        try:
            received = json.loads(line)
            files = [Path(one) for one in received] if isinstance(received, list) else None
        except (ValueError, TypeError):
            received = files = None
        if isinstance(received, dict):
            self._take_request(received)
        elif files is not None:
            self.files_received.emit(files)
            self._send(_CONFIRMATION)
        else:  # not a client of ours
            self._end()

    def _take_request(self, fields: dict[str, Any]) -> None:
        def answer(answer: ControlAnswer) -> None:
            if not self._is_over:  # the client may have gone meanwhile
                self._send(answer.to_line())

        try:
            request = ControlRequest.parse(fields)
        except RefusedError as error:
            answer(ControlAnswer.refused(error))
            return
        self.request_received.emit(request, answer)

    def _send(self, line: bytes) -> None:
        self._socket.write(line)
        self._socket.flush()
        self._socket.disconnectFromServer()

    def _end(self) -> None:
        self._is_over = True
        self._timeout.stop()
        self._socket.abort()
        self._socket.deleteLater()


def _left_ms(until_s: float) -> int:
    return max(1, round(1000 * (until_s - time.monotonic())))
