"""Commands for a running program: the protocol, and the socket of `listen`."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from granite_live.app.control import (
    VERSION,
    ControlAnswer,
    ControlRequest,
    ControlServer,
    RefusedError,
    Status,
    Verb,
    open_control_server,
    send_request,
)
from granite_live.messages.control import ControlMessage
from granite_live.util import local_socket, paths
from granite_live.util.errors import ControlError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs Unix domain sockets")

LISTENING = Status("listen", "listening", True, False, False, 42, "1.2.3")


class Program:
    """A program that notes what it is asked, and refuses to pause."""

    def __init__(self) -> None:
        self.asked: list[ControlRequest] = []

    def handle(self, request: ControlRequest) -> ControlAnswer:
        self.asked.append(request)
        if request.verb is Verb.PAUSE:
            raise RefusedError(ControlMessage.NO_SESSION)
        return ControlAnswer(LISTENING)


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def server(program: Program) -> Iterator[ControlServer]:
    opened = open_control_server(program.handle)
    assert opened is not None
    with opened:
        yield opened


def listen_socket() -> Path:
    name = local_socket.listen_socket_name(paths.data_dir())
    return local_socket.socket_folder(name) / name


def exchange(data: bytes) -> bytes:
    """Send data to the socket as any program can; return all that it answers."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(listen_socket()))
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(1 << 12):
            answer += more
        return answer


def test_a_command_reaches_the_program(server: ControlServer, program: Program) -> None:
    request = ControlRequest(Verb.CAPTIONS, "show")
    assert send_request(request) == ControlAnswer(LISTENING)
    assert program.asked == [request]


def test_a_refusal_has_a_code_and_a_sentence(server: ControlServer) -> None:
    answer = send_request(ControlRequest(Verb.PAUSE))
    assert answer is not None
    assert not answer.is_done
    assert answer.error == "no_session"
    assert answer.message == ControlMessage.NO_SESSION()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"granite_live": 2, "verb": "stop"}, "other_version"),
        ({"verb": "stop"}, "other_version"),
        ({"granite_live": 1, "verb": "explode"}, "not_a_command"),
        ({"granite_live": 1, "verb": ["stop"]}, "not_a_command"),
        ({"granite_live": 1, "verb": "captions", "action": "burn"}, "not_an_action"),
        ({"granite_live": 1, "verb": "stop", "action": "now"}, "not_an_action"),
    ],
)
def test_what_is_not_in_the_protocol_is_refused(
    server: ControlServer, program: Program, fields: dict[str, object], error: str
) -> None:
    answer = json.loads(exchange(json.dumps(fields).encode() + b"\n"))
    assert (answer["granite_live"], answer["ok"], answer["error"]) == (VERSION, False, error)
    assert program.asked == []


def test_fields_of_later_versions_are_passed_over(server: ControlServer) -> None:
    answer = json.loads(exchange(b'{"granite_live": 1, "verb": "status", "color": "red"}\n'))
    assert answer["ok"]
    assert answer["status"]["state"] == "listening"


@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\n\r\n", b"[1]\n", b"{" * 70_000])
def test_what_is_no_request_gets_no_answer(
    server: ControlServer, program: Program, data: bytes
) -> None:
    with contextlib.suppress(ConnectionError):  # closed while more was sent
        assert exchange(data) == b""
    assert send_request(ControlRequest(Verb.STATUS)) == ControlAnswer(LISTENING)
    assert len(program.asked) == 1


def test_whoever_says_nothing_does_not_keep_others_waiting_for_long(server: ControlServer) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(listen_socket()))
        assert send_request(ControlRequest(Verb.STATUS)) == ControlAnswer(LISTENING)


def test_only_this_user_can_reach_the_socket(server: ControlServer) -> None:
    assert listen_socket().stat().st_mode & 0o777 == 0o600
    assert listen_socket().parent.stat().st_mode & 0o777 == 0o700


def test_nobody_runs() -> None:
    assert send_request(ControlRequest(Verb.STATUS)) is None


def test_a_second_program_takes_no_commands_and_the_first_still_does(
    server: ControlServer, program: Program
) -> None:
    assert open_control_server(Program().handle) is None
    assert send_request(ControlRequest(Verb.STOP)) == ControlAnswer(LISTENING)
    assert len(program.asked) == 1


def test_the_socket_of_a_killed_program_is_replaced(program: Program) -> None:
    left = listen_socket()
    left.parent.mkdir(mode=0o700, parents=True)
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(left))
    assert left.is_socket()
    assert send_request(ControlRequest(Verb.STATUS)) is None
    opened = open_control_server(program.handle)
    assert opened is not None
    with opened:
        assert send_request(ControlRequest(Verb.STATUS)) == ControlAnswer(LISTENING)
    assert not left.exists()


def test_a_program_that_does_not_answer_is_reported() -> None:
    path = listen_socket()
    path.parent.mkdir(mode=0o700, parents=True)
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(path))
        hanging.listen()
        with pytest.raises(ControlError, match="did not answer within 0 s"):
            send_request(ControlRequest(Verb.STATUS), answer_s=0.2)


def test_another_users_program_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other user is simulated."""
    path = listen_socket()
    path.parent.mkdir(mode=0o700, parents=True)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        user = os.getuid() + 1
        with monkeypatch.context() as patch:
            patch.setattr(os, "getuid", lambda: user)
            patch.setattr(local_socket, "socket_folder", lambda _name: path.parent)
            with pytest.raises(ControlError, match="another user"):
                send_request(ControlRequest(Verb.STATUS))
        connection, _address = other.accept()
        with connection:
            assert connection.recv(1 << 10) == b""
