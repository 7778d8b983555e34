"""Ask the running program to do something."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from pathlib import Path

from granite_live.app.control.protocol import MAX_BYTES, ControlAnswer, ControlRequest
from granite_live.messages.control import ControlMessage
from granite_live.util import local_socket, paths
from granite_live.util.errors import ControlError

ANSWER_S = 15.0
"""Seconds to wait for an answer. A window that starts answers within ten."""


def send_request(request: ControlRequest, *, answer_s: float = ANSWER_S) -> ControlAnswer | None:
    """Return the answer of the running window, else of `listen`; None if neither runs.

    Raises:
        ControlError: It does not answer, or belongs to another user.
    """
    data_dir = paths.data_dir()
    names = local_socket.window_socket_name(data_dir), local_socket.listen_socket_name(data_dir)
    for name in names:
        if sys.platform == "win32":
            line = _ask_pipe(rf"\\.\pipe\{name}", request)
        else:
            line = _ask(local_socket.socket_folder(name) / name, request, answer_s)
        if line is None:
            continue
        try:
            return ControlAnswer.parse(line)
        except ValueError as error:
            raise ControlError(ControlMessage.NOT_UNDERSTOOD()) from error
    return None


def _ask(path: Path, request: ControlRequest, answer_s: float) -> bytes | None:
    """Return the line that the socket's program answers, None if there is no program."""
    until_s = time.monotonic() + answer_s
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(answer_s)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise ControlError(ControlMessage.NO_ANSWER(seconds=answer_s)) from error
        if not local_socket.is_own_user(connection.fileno()):
            raise ControlError(ControlMessage.OTHER_USER(path=path))
        try:
            connection.sendall(request.to_line())
            return local_socket.receive_line(connection, until_s, MAX_BYTES)
        except TimeoutError as error:
            raise ControlError(ControlMessage.NO_ANSWER(seconds=answer_s)) from error
        except ConnectionError:
            return b""  # reported as an answer that is not understood


def _ask_pipe(name: str, request: ControlRequest) -> bytes | None:
    """Do the same with a named pipe of Windows."""
    try:
        with Path(name).open("r+b", buffering=0) as pipe:
            pipe.write(request.to_line())
            line = b""
            with contextlib.suppress(BrokenPipeError):
                while not line.endswith(b"\n") and len(line) < MAX_BYTES:
                    if not (more := pipe.read(1 << 12)):
                        break
                    line += more
            return line
    except OSError:
        return None
