"""Whoever means the service harm is refused, and it goes on for the others."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from helpers.served import Served, running_service
from helpers.sine_recordings import write_wav
from helpers.waiting import WAIT_S
from helpers.worker_processes import workers_of

from granite_live.audio.files import read_audio
from granite_live.util import paths
from granite_live.util.pcm import to_int16

SAMPLE = paths.assets_dir() / "samples" / "welcome.flac"
BOUNDARY = "a-boundary"
PATH = "/v1/audio/transcriptions"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, bundle_dir: Path) -> Iterator[Served]:
    # The model loads sooner than the demo, and no text is read.
    options = ("--max-upload", "2", "--bundle", str(bundle_dir))
    with running_service(tmp_path_factory.mktemp("served"), *options) as service:
        yield service
        assert service.stop() == 0
        assert list((service.home / "server").iterdir()) == []


def form(sound: bytes, *, is_cut: bool = False, name: str = "file") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n'
    part = f'Content-Disposition: form-data; name="{name}"; filename="../../x.wav"\r\n\r\n'
    end = "" if is_cut else f"\r\n--{BOUNDARY}--\r\n"
    return f"{head}--{BOUNDARY}\r\n{part}".encode() + sound + end.encode()


def request_head(served: Served, length: int) -> str:
    """Return the head of a request that announces this many bytes."""
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.token}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    )


def post(
    served: Served, body: bytes, headers: dict[str, str] | None = None
) -> tuple[int, str, http.client.HTTPMessage]:
    """Send a form; return status, error code and headers."""
    usual = {
        "Authorization": f"Bearer {served.token}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=WAIT_S)
    try:
        connection.request("POST", PATH, body, usual | (headers or {}))
        answer = connection.getresponse()
        data = json.loads(answer.read())
        return answer.status, data.get("error", {}).get("code", ""), answer.headers
    finally:
        connection.close()


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The form of a recording of one second."""
    sound = to_int16(read_audio(SAMPLE, 16_000)[:16_000])
    return form(write_wav(tmp_path_factory.mktemp("sound") / "second.wav", sound).read_bytes())


def works(served: Served, body: bytes) -> None:
    assert post(served, body)[0] == 200
    assert served.left_files() == []
    assert served.left_files() == []


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": "Bearer wrong"}, 401, "invalid_api_key"),
        ({"Authorization": ""}, 401, "invalid_api_key"),
        ({"Host": "evil.example"}, 403, "wrong_host"),
        ({"Host": "127.0.0.1.evil.example"}, 403, "wrong_host"),
        ({"Origin": "https://evil.example"}, 403, "wrong_origin"),
        ({"Origin": "null"}, 403, "wrong_origin"),
        ({"Content-Type": "application/json"}, 400, "invalid_form"),
        ({"Content-Type": "multipart/form-data"}, 400, "invalid_form"),
    ],
)
def test_what_is_not_allowed_is_refused(
    served: Served, headers: dict[str, str], status: int, code: str
) -> None:
    found = post(served, form(b"x"), headers)
    assert found[:2] == (status, code)
    assert "access-control-allow-origin" not in found[2]


def test_other_sites_cannot_watch_either(served: Served) -> None:
    client = pytest.importorskip("websockets.sync.client")
    exceptions = pytest.importorskip("websockets.exceptions")
    url = f"ws://127.0.0.1:{served.port}/v1/live"
    for options in ({"origin": "https://evil.example"}, {}):
        token = f"?token={served.token}" if options else ""
        with pytest.raises(exceptions.InvalidStatus):
            client.connect(url + token, **options)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (form(b"", is_cut=False), "invalid_file"),
        (form(b"no sound" * 500), "invalid_file"),
        (form(SAMPLE.read_bytes()[:40]), "invalid_file"),
        (form(b"RIFF\xff\xff\xff\xffWAVEfmt "), "invalid_file"),
        (form(SAMPLE.read_bytes(), is_cut=True), "invalid_form"),
        (form(b"x", name="other"), "invalid_form"),
        (b"--" + BOUNDARY.encode() + b"\r\n" + b"A" * 100_000, "invalid_form"),
        (b"", "invalid_form"),
    ],
)
def test_what_is_no_recording_is_refused(served: Served, body: bytes, code: str) -> None:
    assert post(served, body)[:2] == (400, code)
    assert served.left_files() == []


def test_too_much_is_refused_before_it_is_read(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), WAIT_S) as connection:
        connection.sendall(request_head(served, 99_999_999_999).encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 413")


def test_too_much_of_unknown_length_is_refused_while_it_is_read(
    served: Served, second: bytes
) -> None:
    done = subprocess.run(
        ["curl", "--silent", "--header", f"Authorization: Bearer {served.token}",
         "--header", "Transfer-Encoding: chunked", "--form", "model=m",
         "--form", "file=@-;filename=x.wav", f"http://127.0.0.1:{served.port}{PATH}"],
        input=bytes(5_000_000), capture_output=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert not done.stdout or json.loads(done.stdout)["error"]["code"] == "request_too_large"
    works(served, second)


def test_whoever_connects_and_sends_nothing_is_disconnected(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), WAIT_S) as silent:
        silent.sendall(b"POST / HTTP/1.1\r\nHost: loc")
        assert silent.recv(1) == b""


def test_more_than_can_wait_are_told_to_come_again(served: Served, second: bytes) -> None:
    """One recording and 16 that wait are held back half sent, so that exactly one is too many."""
    from granite_live.server.transcribing import MAX_WAITING

    head = (
        f"{request_head(served, len(second))[:-2]}Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with ExitStack() as stack:
        waiting = []
        for _ in range(MAX_WAITING + 1):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), WAIT_S))
            one.sendall(head.encode())
            # The service has made room for it: it asks for the rest.
            assert one.recv(64).startswith(b"HTTP/1.1 100")
            waiting.append(one)
        status, code, headers = post(served, second)
        assert (status, code) == (429, "rate_limit_exceeded")
        assert int(headers["Retry-After"]) > 0
        for one in waiting:
            one.sendall(second)
        answers = [b"".join(iter(lambda: one.recv(4096), b"")) for one in waiting]  # noqa: B023
    assert [answer.split(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * len(waiting)
    works(served, second)


def test_a_client_that_goes_away_leaves_nothing(served: Served, second: bytes) -> None:
    body = form(SAMPLE.read_bytes())
    head = request_head(served, len(body)).encode()
    for sent in (head + body[: len(body) // 2], head + body):
        with socket.create_connection(("127.0.0.1", served.port), WAIT_S) as going:
            going.sendall(sent)
    works(served, second)


def test_a_killed_worker_is_replaced(served: Served, second: bytes) -> None:
    works(served, second)
    for one in workers_of(served.process.pid):
        one.kill()
    works(served, second)


def test_what_a_killed_service_leaves_is_removed_by_the_next(tmp_path: Path) -> None:
    with running_service(tmp_path) as first:
        (folder,) = (tmp_path / "server").iterdir()
        (folder / "left").write_bytes(b"sound")
        first.process.kill()
        first.process.wait()
    with running_service(tmp_path) as second:
        (now,) = (tmp_path / "server").iterdir()
        assert now != folder
        assert second.stop() == 0


def test_without_a_token_pages_of_other_sites_are_still_refused(tmp_path: Path) -> None:
    with running_service(tmp_path, "--no-auth") as open_service:
        assert not (tmp_path / "server-token").exists()
        connection = http.client.HTTPConnection("127.0.0.1", open_service.port, timeout=WAIT_S)
        for headers, status in (({}, 200), ({"Origin": "https://evil.example"}, 403)):
            connection.request("GET", "/v1/models", headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
        connection.close()
