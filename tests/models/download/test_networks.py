"""What a user's network and environment do to a download, each told in one sentence."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from helpers.download_runs import Fetch
from helpers.messages import sentence

from granite_live.messages.download import DownloadMessage
from granite_live.models.download.http import certificate_error
from granite_live.util.errors import DownloadError

PAGE = b"<!DOCTYPE html>\n<html><title>Welcome to the hotel</title></html>"


class Portal:
    """A network that answers everything with its page to sign in."""

    def __init__(self, kind: str) -> None:
        self.requests: list[str] = []
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_HEAD()
                self.wfile.write(PAGE)

            def do_HEAD(self) -> None:
                portal.requests.append(self.path)
                self.send_response(200)
                if kind:
                    self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(PAGE)))
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(params=["text/html; charset=utf-8", "application/octet-stream", ""])
def portal(request: pytest.FixtureRequest) -> Iterator[Portal]:
    portal = Portal(request.param)
    thread = threading.Thread(target=portal.server.serve_forever)
    thread.start()
    yield portal
    portal.server.shutdown()
    thread.join()
    portal.server.server_close()


def test_a_page_to_sign_in_is_known_at_the_first_file(portal: Portal, fetch: Fetch) -> None:
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.WEB_PAGE)):
        fetch(place=portal.url)
    got = [path for path in portal.requests if portal.requests.count(path) > 1]
    assert len(set(got)) <= 1  # looked at, then asked for: of the first file only


def test_a_page_in_place_of_the_hubs_list(
    portal: Portal, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", portal.url)
    with pytest.raises(
        DownloadError,
        match=sentence(DownloadMessage.WEB_PAGE, path=sentence(DownloadMessage.FILE_LIST)),
    ):
        fetch()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:9"),
        ("all_proxy", "ftp://127.0.0.1:9"),
        ("HTTPS_PROXY", "://"),
        ("SSL_CERT_FILE", "/missing.pem"),
        ("SSL_CERT_FILE", "{tmp_path}"),
        ("SSL_CERT_FILE", __file__),
    ],
)
@pytest.mark.parametrize("place", [None, "https://example.invalid/model"])
def test_a_variable_that_cannot_be_used_is_named(
    fetch: Fetch,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    value: str,
    place: str | None,
) -> None:
    value = value.replace("{tmp_path}", str(tmp_path))
    monkeypatch.setenv(name, value)
    with pytest.raises(DownloadError, match=name) as caught:
        fetch(place=place)
    assert value in str(caught.value)


def test_a_socks_proxy_says_what_it_takes(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("socksio") is not None:
        pytest.skip("socksio is installed, so that such a proxy can be used")
    monkeypatch.setenv("ALL_PROXY", "socks5://me:secret@127.0.0.1:9")
    with pytest.raises(DownloadError, match=r"ALL_PROXY.*socksio") as caught:
        fetch()
    assert "secret" not in str(caught.value)


def test_a_certificate_that_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OSError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/mine.pem")
    told = certificate_error(error)
    assert "SSL_CERT_FILE ('/etc/mine.pem')" in str(told)
    assert certificate_error(OSError("connection refused")) is None
