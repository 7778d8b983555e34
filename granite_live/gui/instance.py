"""One window a user: a second start brings the first one forward and hands it its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MS = 1_000
_MAX_BYTES = 1_000_000


class Instance(QObject):
    """`called` tells the files that another start was given; maybe none."""

    called = Signal(list)

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        """Make it; `data_dir` is what two windows must not share."""
        super().__init__(parent)
        mark = hashlib.sha256(str(data_dir).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._name = f"granite-live-{mark}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take)

    def is_first(self, files: Sequence[Path]) -> bool:
        """Become the one, or hand `files` to the one there is; say which."""
        for _ in range(2):  # another start may have been faster in between
            if self._call(files):
                return False
            # Nobody answers: what lies there is left of a crash.
            QLocalServer.removeServer(self._name)
            if self._server.listen(self._name):
                return True
        return True

    def close(self) -> None:
        """Let another start become the one."""
        self._server.close()

    def _call(self, files: Sequence[Path]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode())
        socket.waitForBytesWritten(_ANSWER_MS)
        socket.disconnectFromServer()
        return True

    def _take(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.disconnected.connect(lambda: self._read(socket))

    def _read(self, socket: QLocalSocket) -> None:
        data = bytes(socket.read(_MAX_BYTES).data())
        socket.deleteLater()
        try:
            paths = [Path(str(one)) for one in json.loads(data)]
        except (ValueError, TypeError):
            return  # some other program knocked
        self.called.emit(paths)
