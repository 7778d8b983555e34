"""One window for each user: a second start hands its files to the first."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import struct
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import filelock
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from granite_live.util import paths
from granite_live.util.errors import WindowError

_LOCAL, _LOCAL_PEERCRED = 0, 1
"""macOS: SOL_LOCAL, and the option that returns a `struct xucred`."""
_XUCRED = struct.Struct("=IIh")


def is_own_user(descriptor: int) -> bool:
    """Return whether the peer of a connected local socket is a program of this user.

    On Windows the pipe's access list ensures that already.
    """
    if sys.platform == "win32":
        return True
    try:
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            return _user(connection) == os.getuid()
    except (OSError, struct.error):
        return False


def _user(connection: socket.socket) -> int:
    if sys.platform == "darwin":
        facts = connection.getsockopt(_LOCAL, _LOCAL_PEERCRED, 128)
        _version, user, _groups = _XUCRED.unpack_from(facts)
        return int(user)
    size = struct.calcsize("3i")
    _process, user, _group = struct.unpack(
        "3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    )
    return int(user)


ANSWER_S = 10.0
"""The first instance answers within this time, also while it starts."""
_MAX_BYTES = 4_000_000
_CONFIRMATION = b"taken\n"
# The longest socket path on macOS; Linux allows a little more.
_MAX_PATH_BYTES = 103


class SingleInstance(QObject):
    """Emits `files_received` with the files of another start, maybe none."""

    files_received = Signal(list)

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
        mark = hashlib.sha256(str(data_dir).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self.folder = paths.runtime_dir() if folder is None else folder
        self._name = f"granite-live-{mark}"
        if sys.platform != "win32":
            self.folder = _folder_that_fits(self.folder, self._name)
            self._name = str(self.folder / self._name)
        _check_private(self.folder)
        self._lock = filelock.FileLock(self.folder / f"granite-live-{mark}.lock", mode=0o600)
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
            raise self._no_answer_error() from None
        raise WindowError(
            f"The socket '{self._name}' cannot be made ({self._server.errorString()}): look "
            f"whether its folder is yours and has room."
        )

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
        if not is_own_user(int(socket.socketDescriptor())):
            raise WindowError(
                f"The socket '{self._name}' belongs to a program of another user, who is not told "
                f"which files you open: remove it, or set XDG_RUNTIME_DIR to a folder of yours."
            )
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode() + b"\n")
        while socket.bytesToWrite() and socket.waitForBytesWritten(_left_ms(until_s)):
            pass
        while not socket.canReadLine() and socket.waitForReadyRead(_left_ms(until_s)):
            pass
        if bytes(socket.readLine().data()) != _CONFIRMATION:
            raise self._no_answer_error()
        return True

    def _no_answer_error(self) -> WindowError:
        return WindowError(
            f"Another window of Granite Live is open but did not answer within "
            f"{self._answer_s:.0f} s, so the files were not handed over: close it, or end that "
            f"program, and start again."
        )

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            _ClientConnection(socket, self._answer_s).files_received.connect(self.files_received)


class _ClientConnection(QObject):
    """Reads the request of another start and answers. Deleted with its socket."""

    files_received = Signal(list)

    def __init__(self, socket: QLocalSocket, answer_s: float) -> None:
        super().__init__(socket)
        self._socket = socket
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
        if not is_own_user(int(socket.socketDescriptor())):
            self._end()
        elif socket.canReadLine():
            self._answer(bytes(socket.readLine().data()))
        elif socket.bytesAvailable() >= _MAX_BYTES:
            self._end()

    def _answer(self, line: bytes) -> None:
        try:
            told = json.loads(line)
            files = [Path(one) for one in told] if isinstance(told, list) else None
        except (ValueError, TypeError):
            files = None
        if files is None:  # not a client of ours
            self._end()
            return
        self.files_received.emit(files)
        self._socket.write(_CONFIRMATION)
        self._socket.flush()
        self._socket.disconnectFromServer()

    def _end(self) -> None:
        self._timeout.stop()
        self._socket.abort()
        self._socket.deleteLater()


def _left_ms(until_s: float) -> int:
    return max(1, round(1000 * (until_s - time.monotonic())))


def _folder_that_fits(folder: Path, name: str) -> Path:
    """Return `folder`, or the first other one in which the path of a socket is not too long."""
    own = f"granite-live-{os.getuid()}"
    last = Path("/tmp", own)  # refused by `_check_private` if another user made it
    folders = (folder, Path(tempfile.gettempdir(), own), last)
    fits = (one for one in folders if len(os.fsencode(one / name)) <= _MAX_PATH_BYTES)
    return next(fits, last)


def _check_private(folder: Path) -> None:
    """Create the folder if needed and make it private to this user.

    Raises:
        WindowError: The folder is another user's, or cannot be created.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform == "win32":
            return
        facts = folder.lstat()
        is_own = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid()
        if is_own and facts.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise WindowError(
            f"The folder '{folder}' for the window's socket cannot be used ({error.strerror}): set "
            f"XDG_RUNTIME_DIR to a folder of yours."
        ) from error
    if not is_own:
        raise WindowError(
            f"The folder '{folder}' for the window's socket is a link or another user's: set "
            f"XDG_RUNTIME_DIR to a folder of yours."
        )
