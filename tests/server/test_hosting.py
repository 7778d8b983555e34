"""The service in a thread of a program: its events, and the captions for other devices."""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from helpers.waiting import WAIT_S

from granite_live.app.factory import SessionSettings
from granite_live.session.events import FinalText, LevelMeasured
from granite_live.session.messages import ModelSpec
from granite_live.util.errors import ServerError

pytest.importorskip("starlette", reason="needs the extra 'server'")

from granite_live.server.application import ServerSettings
from granite_live.server.live import Watcher
from granite_live.server.network import NetworkShare, local_addresses
from granite_live.server.running import HostedService

TOKEN = "a-token"
FINAL = FinalText(1.0, 1, 0.0, 0.9, "it rains", (), 0.9, "it rains")
DEVICE = "127.0.0.3"
"""Linux answers on all of 127.0.0.0/8, so that addresses in it stand for two devices here."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="uses several loopback addresses")


@pytest.fixture
def watchers() -> Queue[tuple[Watcher, ...]]:
    return Queue()


@pytest.fixture
def service(bundle_dir: Path, watchers: Queue[tuple[Watcher, ...]]) -> Iterator[HostedService]:
    def settings(folder: Path) -> ServerSettings:
        return ServerSettings(
            spec=ModelSpec(str(bundle_dir), "int8", "cpu", 1),
            session=SessionSettings(),
            model_name="test",
            folder=folder,
            token=TOKEN,
            on_watchers=watchers.put,
        )

    failures: list[str] = []
    with HostedService(settings, 0, failures.append) as hosted:
        yield hosted
    assert not failures


@pytest.fixture
def share(service: HostedService) -> NetworkShare:
    made = NetworkShare("127.0.0.2", service.port)
    service.share(made)
    return made


@contextmanager
def requested(
    address: str, port: int, path: str, *, method: str = "GET", source: str = "", **headers: str
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(
        address, port, timeout=WAIT_S, source_address=(source, 0) if source else None
    )
    try:
        connection.request(method, path, headers=headers)
        with connection.getresponse() as response:
            yield response
    finally:
        connection.close()


def status_of(
    address: str, port: int, path: str, *, method: str = "GET", source: str = "", **headers: str
) -> int:
    with requested(address, port, path, method=method, source=source, **headers) as response:
        return response.status


@contextmanager
def watch(
    address: str, port: int, token: str, source: str = ""
) -> Iterator[http.client.HTTPResponse]:
    """Begin to watch; the service knows it when the block begins."""
    path = f"/v1/live/events?token={token}"
    with requested(address, port, path, source=source) as response:
        assert response.readline() == b": watching\n"
        yield response


def next_event(response: http.client.HTTPResponse) -> bytes:
    while not (line := response.readline()).startswith(b"data:"):
        assert line, "the stream has ended"
    return line


def test_those_who_watch_see_what_the_program_posts(service: HostedService) -> None:
    with watch("127.0.0.1", service.port, TOKEN) as response:
        service.post(FINAL)
        assert b'"it rains"' in next_event(response)


def test_levels_are_left_out_for_those_who_do_not_want_them(service: HostedService) -> None:
    level = LevelMeasured(1.0, -30.0, -20.0, clipped=False)
    path = f"/v1/live/events?token={TOKEN}&levels=0"
    with (
        watch("127.0.0.1", service.port, TOKEN) as both,
        requested("127.0.0.1", service.port, path) as texts,
    ):
        assert texts.readline() == b": watching\n"
        service.post(level)
        service.post(FINAL)
        assert b'"level"' in next_event(both)
        assert b'"it rains"' in next_event(texts)


def test_whoever_goes_is_forgotten(
    service: HostedService, watchers: Queue[tuple[Watcher, ...]]
) -> None:
    with watch("127.0.0.1", service.port, TOKEN):
        assert len(watchers.get(timeout=WAIT_S)) == 1
    assert watchers.get(timeout=WAIT_S) == ()


def test_the_end_of_the_service_ends_watching(service: HostedService) -> None:
    with watch("127.0.0.1", service.port, TOKEN) as response:
        service.close()
        assert response.read().strip() == b""
    service.post(FINAL)  # does nothing


def test_another_device_reads_the_captions_with_their_own_token(
    service: HostedService, share: NetworkShare, watchers: Queue[tuple[Watcher, ...]]
) -> None:
    page = f"/captions?token={share.token}"
    assert status_of(share.address, share.port, page, source=DEVICE) == 200
    with watch(share.address, share.port, share.token, DEVICE) as response:
        (watcher,) = watchers.get(timeout=WAIT_S)
        assert (watcher.address, watcher.is_remote) == (DEVICE, True)
        service.post(FINAL)
        assert b'"it rains"' in next_event(response)
        service.unshare()
        assert watchers.get(timeout=WAIT_S) == ()
        while response.readline():
            pass
    with watch("127.0.0.1", service.port, TOKEN) as here:
        (watcher,) = watchers.get(timeout=WAIT_S)
        assert not watcher.is_remote
        service.post(FINAL)
        assert b'"it rains"' in next_event(here)


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/captions?token={main}", "GET", {}, 401),
        ("/captions", "GET", {}, 401),
        ("/v1/live/events?token={share}", "POST", {}, 405),
        ("/v1/models?token={share}", "GET", {}, 403),
        ("/v1/audio/transcriptions?token={share}", "POST", {}, 403),
        ("/healthz", "GET", {}, 403),
        ("/metrics?token={share}", "GET", {}, 403),
        ("/captions?token={share}", "GET", {"Host": "evil.example"}, 403),
        ("/captions?token={share}", "GET", {"Host": "127.0.0.1"}, 403),
        ("/captions?token={share}", "GET", {"Origin": "http://evil.example"}, 403),
        ("/captions?token={share}", "GET", {"Origin": "http://127.0.0.2:1"}, 200),
    ],
)
def test_other_devices_can_only_read_the_captions(
    share: NetworkShare, path: str, method: str, headers: dict[str, str], status: int
) -> None:
    asked = path.format(main=TOKEN, share=share.token)
    assert status_of(share.address, share.port, asked, method=method, **headers) == status


def test_the_token_of_the_share_opens_nothing_else(
    service: HostedService, share: NetworkShare
) -> None:
    assert status_of("127.0.0.1", service.port, f"/captions?token={share.token}") == 401
    assert status_of("127.0.0.1", service.port, "/captions", Host=share.address) == 403
    assert NetworkShare(share.address, share.port).token != share.token


def test_an_address_that_is_taken_is_an_error(service: HostedService) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", service.port))
        taken.listen()
        with pytest.raises(ServerError, match=r"127\.0\.0\.2"):
            service.share(NetworkShare("127.0.0.2", service.port))
    assert status_of("127.0.0.1", service.port, "/healthz") == 200


def test_addresses_of_the_network_are_private_ones() -> None:
    for address in local_addresses():
        assert not address.startswith("127.")
        assert get_free(address)


def get_free(address: str) -> bool:
    """Return whether this computer has the address."""
    with socket.socket() as one:
        one.bind((address, 0))
        return True
