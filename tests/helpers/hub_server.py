"""A loopback web server with the parts of the hub's API that downloads use.

It also serves the same files as a plain folder below /plain. Faults are queued in a list; each
request for file content takes the next one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

REPOSITORY = "someone/small"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98"
TIER_FILES = [f"{g}.onnx{e}" for g in ("encoder", "embed_tokens", "editor") for e in ("", "_data")]


@dataclass(frozen=True)
class HubFault:
    """A fault of one response; the defaults change nothing.

    status: respond only with it. cut: close after this many bytes. flip: corrupt the byte at this
    offset. extra: announce and send this many bytes too many. stall: after this many bytes send
    nothing until the server ends. trickle_s: wait this long before each byte. no_range: ignore the
    requested range. redirect: to the same file elsewhere. packed: compress without being asked.
    """

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    flip: int | None = None
    extra: int = 0
    stall: int | None = None
    trickle_s: float = 0.0
    no_range: bool = False
    redirect: str = ""
    packed: bool = False


@dataclass
class HubRequest:
    method: str
    path: str
    headers: dict[str, str]
    sent_bytes: int = 0


@dataclass
class FakeHub:
    """The served files, the queued faults, and the requests so far."""

    files: dict[str, bytes]
    commit: str = COMMIT
    gone: set[str] = field(default_factory=set)
    faults: list[HubFault] = field(default_factory=list)
    listing_faults: list[HubFault] = field(default_factory=list)
    requests: list[HubRequest] = field(default_factory=list)
    change_listing: Callable[[dict[str, Any]], None] = lambda _listing: None
    with_ranges: bool = True
    with_head: bool = True
    url: str = ""
    ending: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self, path: str = "") -> int:
        """Return the bytes sent of one file or of all."""
        return sum(one.sent_bytes for one in self.requests if one.path.endswith(path))

    def asked(self, part: str) -> list[HubRequest]:
        return [one for one in self.requests if part in one.path]

    def next_fault(self, faults: list[HubFault]) -> HubFault:
        with self.lock:
            return faults.pop(0) if faults else HubFault()

    def listing(self) -> dict[str, Any]:
        siblings: list[dict[str, Any]] = []
        for path, content in sorted(self.files.items()):
            one: dict[str, Any] = {"rfilename": path, "size": len(content)}
            if path.endswith((".json", ".md", ".txt", "LICENSE", ".py")):
                header = b"blob %d\0" % len(content)
                one["blobId"] = hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
            else:
                digest = hashlib.sha256(content).hexdigest()
                one["blobId"] = "f" * 40
                one["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 134}
            siblings.append(one)
        found = {"id": REPOSITORY, "modelId": REPOSITORY, "sha": self.commit, "siblings": siblings}
        self.change_listing(found)
        return found


def small_files(bundle: Path, *tiers: str) -> dict[str, bytes]:
    """Return the files of the committed bundle as they would be on the hub."""
    found = {}
    for file in sorted(bundle.rglob("*")):
        path = file.relative_to(bundle).as_posix()
        if file.is_file() and ("/" not in path or path.split("/")[0] in tiers):
            found[path] = file.read_bytes()
    found["export.py"] = b"# not for us"
    return found


def write_catalog(path: Path, revision: str = "main", sha256: str = "", about: int = 1000) -> Path:
    """Write a catalog of the server's only bundle."""
    tiers = "".join(
        f"[bundle.tier.{tier}]\nabout_bytes = {size * about}\npreparing_factor = 1.0\n"
        for tier, size in (("fp32", 4), ("fp16w", 2), ("int8", 1))
    )
    path.write_text(
        f"""
[[bundle]]
id = "small"
title = "A small one"
repository = "{REPOSITORY}"
revision = "{revision}"
licence = "MIT"
languages = ["en"]
needed = ["tokenizer.json", "tokenizer_config.json"]
wanted = ["preprocessor_config.json", "granite_export_metadata.json", "LICENSE", "*.txt"]
tier_files = {json.dumps(TIER_FILES)}
{tiers}
[bundle.sha256]
{sha256}
""",
        encoding="utf-8",
    )
    return path


@contextmanager
def serving(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve until the block ends, then close every connection."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.hub = hub
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hub
    finally:
        hub.ending.set()
        server.shutdown()
        thread.join()
        server.close_connections()
        server.server_close()


class _Server(ThreadingHTTPServer):
    hub: FakeHub
    daemon_threads = False
    block_on_close = True

    def __init__(self, *arguments: Any) -> None:
        self._open: set[Any] = set()
        super().__init__(*arguments)

    def get_request(self) -> tuple[Any, Any]:
        request, address = super().get_request()
        self._open.add(request)
        return request, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for one in tuple(self._open):
            try:
                one.shutdown(2)
            except OSError:
                continue  # the client closed first

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect, which the tests do on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        self._answer(is_head=False)

    def do_HEAD(self) -> None:
        self._answer(is_head=True)

    def _answer(self, *, is_head: bool) -> None:
        hub = self.server.hub
        path = unquote(urlsplit(self.path).path)
        request = HubRequest(self.command, path, {k.lower(): v for k, v in self.headers.items()})
        with hub.lock:
            hub.requests.append(request)
        if path.startswith("/api/models/"):
            self._list(hub)
            return
        for prefix in (f"/{REPOSITORY}/resolve/{hub.commit}/", "/plain/", "/cdn/"):
            name = path.removeprefix(prefix)
            if name != path and name in hub.files and name not in hub.gone:
                if is_head:
                    self._head(hub, hub.files[name])
                else:
                    self._send(hub, request, name, hub.next_fault(hub.faults))
                return
        self._status(404)

    def _list(self, hub: FakeHub) -> None:
        fault = hub.next_fault(hub.listing_faults)
        asked = unquote(urlsplit(self.path).path).rpartition("/")[2]
        if fault.status or asked not in ("main", hub.commit):
            self._status(fault.status or 404, fault.headers)
            return
        body = json.dumps(hub.listing()).encode()
        self._status(200, (("Content-Type", "application/json"),), body)

    def _head(self, hub: FakeHub, content: bytes) -> None:
        if not hub.with_head:
            self._status(501)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()

    def _send(self, hub: FakeHub, request: HubRequest, name: str, fault: HubFault) -> None:
        if fault.status:
            self._status(fault.status, fault.headers)
            return
        if fault.redirect:
            self._status(302, (("Location", f"{fault.redirect}/cdn/{name}"),))
            return
        content = hub.files[name]
        tag = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
        start, status = 0, 200
        wanted = request.headers.get("range", "")
        fresh = request.headers.get("if-range", tag) == tag
        if wanted.startswith("bytes=") and hub.with_ranges and not fault.no_range and fresh:
            start, status = int(wanted[6:].split("-")[0]), 206
            if start >= len(content):
                self._status(416, (("Content-Range", f"bytes */{len(content)}"),))
                return
        body = bytearray(content[start:])
        if fault.flip is not None and body:
            body[fault.flip % len(body)] ^= 0xFF
        body += bytes(fault.extra)
        self.send_response(status)
        if fault.packed:
            body = bytearray(gzip.compress(bytes(body)))
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        if status == 206:
            total = len(content) + fault.extra
            self.send_header("Content-Range", f"bytes {start}-{start + len(body) - 1}/{total}")
        self.end_headers()
        self._pour(hub, request, bytes(body), fault)

    def _pour(self, hub: FakeHub, request: HubRequest, body: bytes, fault: HubFault) -> None:
        limits = [one for one in (fault.cut, fault.stall) if one is not None]
        end = min([len(body), *limits])
        step = 1 if fault.trickle_s else 1 << 16
        for at in range(0, end, step):
            piece = body[at : min(at + step, end)]
            if fault.trickle_s and hub.ending.wait(fault.trickle_s):
                break
            self.wfile.write(piece)
            request.sent_bytes += len(piece)
        self.wfile.flush()
        if fault.stall is not None:
            hub.stalled.set()
            hub.ending.wait()
        if end < len(body):
            self.close_connection = True

    def _status(
        self, status: int, headers: tuple[tuple[str, str], ...] = (), body: bytes = b""
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
