"""Where the program's local sockets are, and whether a peer belongs to the same user."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
import time
from pathlib import Path

from granite_live.messages.control import SocketMessage
from granite_live.util import paths
from granite_live.util.errors import WindowError

_LOCAL, _LOCAL_PEERCRED = 0, 1
"""macOS: SOL_LOCAL, and the option that returns a `struct xucred`."""
_XUCRED = struct.Struct("=IIh")
# The longest socket path on macOS; Linux allows a little more.
_MAX_PATH_BYTES = 103
_READ_BYTES = 1 << 12


def window_socket_name(data_dir: Path) -> str:
    """Return the name of the window's socket, one for each data folder."""
    mark = hashlib.sha256(str(data_dir).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return f"granite-live-{mark}"


def listen_socket_name(data_dir: Path) -> str:
    """Return the name of the socket of `granite-live listen`."""
    return f"{window_socket_name(data_dir)}-l"


def socket_folder(name: str, folder: Path | None = None) -> Path:
    """Return the folder for the socket of this name, without creating it.

    It is `folder`, by default the user's runtime folder. If its path is too long for a socket, it
    is a folder of this user in the temporary folder or in /tmp.
    """
    folder = paths.runtime_dir() if folder is None else folder
    if sys.platform == "win32":
        return folder
    own = f"granite-live-{os.getuid()}"
    last = Path("/tmp", own)  # refused by `make_private` if another user made it
    folders = (folder, Path(tempfile.gettempdir(), own), last)
    fits = (one for one in folders if len(os.fsencode(one / name)) <= _MAX_PATH_BYTES)
    return next(fits, last)


def make_private(folder: Path) -> None:
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
            SocketMessage.FOLDER_UNUSABLE(folder=folder, reason=error.strerror)
        ) from error
    if not is_own:
        raise WindowError(SocketMessage.FOLDER_NOT_OWN(folder=folder))


def receive_line(connection: socket.socket, until_s: float, max_bytes: int) -> bytes:
    """Return what arrives up to the end of a line, of the connection, or of `max_bytes`.

    Args:
        connection: The connected socket.
        until_s: When to give up [time.monotonic].
        max_bytes: No more is read after so many bytes.

    Raises:
        TimeoutError: The line did not end in time.
        OSError: The connection failed.
    """
    line = b""
    while not line.endswith(b"\n") and len(line) < max_bytes:
        connection.settimeout(max(0.001, until_s - time.monotonic()))
        if not (more := connection.recv(_READ_BYTES)):
            break
        line += more
    return line


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
