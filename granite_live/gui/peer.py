"""Check which user runs the program at the other end of a local socket."""

from __future__ import annotations

import os
import socket
import struct
import sys

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
