"""Commands for a running window or `granite-live listen`, through a local socket.

Here are the protocol, the client, and the server of a program without Qt. Requests and answers are
one JSON object on a line each.

A request names the version of the protocol, a verb and perhaps an action:

    {"granite_live": 1, "verb": "captions", "action": "show"}

The answer has the state after the command, or why it was not done:

    {"granite_live": 1, "ok": true, "status": {"program": "window", "state": "listening", ...}}
    {"granite_live": 1, "ok": false, "error": "no_session", "message": "Nothing is being ..."}

Later versions may add fields, which are ignored here, but do not change these.
"""

from __future__ import annotations

import contextlib
import json
import logging
import select
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from granite_live.messages.control import ControlMessage
from granite_live.util import local_socket, paths
from granite_live.util.errors import ControlError, WindowError
from granite_live.util.lifecycle import Closeable, ReportingThread

if TYPE_CHECKING:
    import filelock


_log = logging.getLogger(__name__)


VERSION = 1
MAX_BYTES = 64_000
"""A longer request or answer is refused."""
_KEY = "granite_live"


class Verb(StrEnum):
    """What a running program can be asked to do."""

    TOGGLE = "toggle"
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    CANCEL = "cancel"
    CAPTIONS = "captions"
    DICTATE = "dictate"
    STATUS = "status"


ACTIONS: Mapping[Verb, tuple[str, ...]] = MappingProxyType(
    {Verb.CAPTIONS: ("show", "hide"), Verb.DICTATE: ("hold", "release")}
)
"""The actions of a verb; without an action it switches between the two."""


class RefusedError(Exception):
    """A request cannot be done. `error` is a code for programs, the message is for users."""

    def __init__(self, message: ControlMessage, **arguments: object) -> None:
        super().__init__(message(**arguments))
        self.error = message.name.lower()


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A command for the running program."""

    verb: Verb
    action: str = ""

    def to_line(self) -> bytes:
        """Return the request as a line of JSON."""
        fields = {_KEY: VERSION, "verb": str(self.verb)}
        return _line(fields | ({"action": self.action} if self.action else {}))

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> ControlRequest:
        """Return the request of a JSON object.

        Raises:
            RefusedError: It has another version, or an unknown verb or action.
        """
        version, verb, action = value.get(_KEY), value.get("verb"), value.get("action", "")
        if version != VERSION:
            raise RefusedError(
                ControlMessage.OTHER_VERSION, supported=VERSION, version=str(version)[:20]
            )
        if not isinstance(verb, str) or verb not in set(Verb):
            raise RefusedError(ControlMessage.NOT_A_COMMAND, verb=str(verb)[:40])
        known = Verb(verb)
        if action and action not in ACTIONS.get(known, ()):
            raise RefusedError(ControlMessage.NOT_AN_ACTION, action=str(action)[:40], verb=verb)
        return cls(known, action)


@dataclass(frozen=True, slots=True)
class Status:
    """What the running program does.

    Attributes:
        program: "window" or "listen".
        state: "idle", "starting", "listening", "paused" or "stopping".
        hears: Whether sound arrives from the input.
        captions: Whether captions are shown.
        dictates: Whether the user dictates now.
        pid: The process id.
        version: The version of the program.
    """

    program: str
    state: str
    hears: bool
    captions: bool
    dictates: bool
    pid: int
    version: str


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """The answer to a request: a status, or an error code with a sentence for the user."""

    status: Status | None = None
    error: str = ""
    message: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the command was done."""
        return self.status is not None

    @classmethod
    def refused(cls, error: RefusedError) -> ControlAnswer:
        """Return the answer for a request that cannot be done."""
        return cls(error=error.error, message=str(error.args[0]))

    def to_line(self) -> bytes:
        """Return the answer as a line of JSON."""
        fields: dict[str, Any] = {_KEY: VERSION, "ok": self.is_done}
        if self.status is not None:
            fields["status"] = asdict(self.status)
        else:
            fields |= {"error": self.error, "message": self.message}
        return _line(fields)

    @classmethod
    def parse(cls, line: bytes) -> ControlAnswer:
        """Return the answer of a line.

        Raises:
            ValueError: The line is no answer.
        """
        fields = json.loads(line)
        if not isinstance(fields, dict) or not isinstance(fields.get("ok"), bool):
            raise ValueError("the line is no answer")
        if not fields["ok"]:
            return cls(error=str(fields.get("error")), message=str(fields.get("message")))
        names = Status.__dataclass_fields__
        try:
            return cls(Status(**{name: fields["status"][name] for name in names}))
        except (KeyError, TypeError) as error:
            raise ValueError("the answer has no status") from error


def _line(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields).encode() + b"\n"


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
    import filelock  # clients do without it

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
