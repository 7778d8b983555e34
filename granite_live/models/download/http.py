"""What a source of models offers, and files over HTTP: resumed, never longer than announced,
through the proxies and certificates of the environment.
"""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from granite_live.messages.download import DownloadMessage
from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.retries import (
    DownloadTimeouts,
    RequestedResource,
    TemporaryDownloadError,
    WrongFileError,
    raise_for_status,
    web_page_error,
)
from granite_live.models.layout import FileInfo
from granite_live.util.errors import DownloadError

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class FileStream:
    """Bytes of a file from `start` on; `start` is 0 if the source did not resume.

    Attributes:
        start: Offset of the first byte.
        size_bytes: Size of the whole file, None if unknown.
        version_mark: The source's version mark of the file, such as an ETag; None without one.
        chunks: The bytes. Raises TemporaryDownloadError if the connection breaks.
        interrupt: Makes `chunks` end soon. Thread-safe.
    """

    start: int
    size_bytes: int | None
    version_mark: str | None
    chunks: Iterator[bytes]
    interrupt: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """A source's files of a bundle in one revision; the revision is None if it has none."""

    revision: str | None
    files: tuple[FileInfo, ...]


class ModelSource(Protocol):
    """A place that has the files of a bundle."""

    @property
    def origin(self) -> str:
        """The address, for the user and the record; without secrets."""

    @property
    def names_revisions(self) -> bool:
        """Whether the source has revisions and checksums."""

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., object]
    ) -> Listing:
        """Return the source's files of the tier and the shared files.

        Raises:
            DownloadError: The source does not have them or cannot be reached.
        """

    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> AbstractContextManager[FileStream]:
        """Return the bytes of a file from `start` on; see `http.open_body`."""

    def close(self) -> None:
        """Close all connections."""


def missing_files(bundle: CatalogBundle, tier: str, files: Sequence[FileInfo]) -> tuple[str, ...]:
    """Return the required files that are not in `files`."""
    have = {one.path for one in files}
    return tuple(path for path in bundle.required_paths(tier) if path not in have)


_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def check_environment() -> None:
    """Check that an HTTP client can be created in this environment.

    Raises:
        DownloadError: A variable has an unusable value; the message names the variable.
    """
    import httpx2

    try:
        httpx2.Client().close()
    except (ImportError, OSError, ValueError, httpx2.InvalidURL) as error:
        raise _refusal(error) from error


def certificate_error(error: Exception) -> DownloadError | None:
    """Return the error for an untrusted server certificate; None for other errors."""
    if "CERTIFICATE_VERIFY_FAILED" not in str(error):
        return None
    name = next((one for one in _CERTIFICATES if os.environ.get(one)), None)
    whose = DownloadMessage.CERTIFICATES_IN(variable=name, value=os.environ[name]) if name else ""
    return DownloadError(DownloadMessage.CERTIFICATE_NOT_TRUSTED(reason=whose))


def _refusal(error: Exception) -> DownloadError:
    if isinstance(error, OSError):  # includes ssl.SSLError
        name = next((one for one in _CERTIFICATES if os.environ.get(one)), "SSL_CERT_FILE")
        reason = (
            DownloadMessage.NO_CERTIFICATES() if isinstance(error, ssl.SSLError) else error.strerror
        )
        return DownloadError(
            DownloadMessage.CERTIFICATES_UNUSABLE(
                variable=name, value=os.environ.get(name, ""), reason=reason
            )
        )
    for name in (spelling for one in _PROXIES for spelling in (one, one.lower())):
        value = os.environ.get(name, "")
        if value and not _is_usable(value):
            shown = f"{value.partition('://')[0]}://{value.rpartition('@')[2].rpartition('://')[2]}"
            return DownloadError(DownloadMessage.PROXY_UNUSABLE(variable=name, value=shown))
    return DownloadError(DownloadMessage.CONNECTION_NOT_PREPARED(reason=str(error)[:80]))


def _is_usable(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    except ValueError:
        return False
    if parts.scheme in ("socks5", "socks5h"):
        return importlib.util.find_spec("socksio") is not None
    return parts.scheme in ("http", "https") and bool(parts.hostname)


_PAGES = (b"<!doctype html", b"<html")
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@contextmanager
def translate_http_errors() -> Iterator[None]:
    """Turn HTTP client errors into our own.

    Raises:
        TemporaryDownloadError: The connection broke or timed out.
        DownloadError: The URL cannot be used.
    """
    import httpx2

    try:
        yield
    except httpx2.TimeoutException as error:
        raise TemporaryDownloadError(DownloadMessage.NO_ANSWER()) from error
    except httpx2.ConnectError as error:
        if (refusal := certificate_error(error)) is not None:
            raise refusal from error
        raise TemporaryDownloadError(DownloadMessage.NO_CONNECTION()) from error
    except (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.ProxyError) as error:
        raise TemporaryDownloadError(DownloadMessage.CONNECTION_BROKE()) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
        raise DownloadError(
            DownloadMessage.ANSWER_NOT_UNDERSTOOD(reason=str(error)[:80])
        ) from error


@contextmanager
def open_body(
    client: httpx2.Client,
    url: str,
    timeouts: DownloadTimeouts,
    *,
    headers: Mapping[str, str],
    start: int,
    mark: str | None,
    target: RequestedResource,
) -> Iterator[FileStream]:
    """Request the bytes of `url` from `start` on.

    Args:
        client: The HTTP client.
        url: The file's URL.
        timeouts: Timeouts.
        headers: Extra request headers.
        start: The first byte.
        mark: The version mark of the earlier bytes. If the file has changed, it is sent from its
            beginning.
        target: The resource, for messages.

    Raises:
        TemporaryDownloadError, DownloadError: The request failed.
        WrongFileError: The server's file is shorter than `start`.
    """
    wanted = {**headers, "Accept-Encoding": "identity"}
    if start:
        wanted["Range"] = f"bytes={start}-"
        if mark is not None:
            wanted["If-Range"] = mark
    with (
        translate_http_errors(),
        client.stream("GET", url, headers=wanted, timeout=client_timeouts(timeouts)) as response,
    ):
        if response.status_code == 416:
            raise WrongFileError(DownloadMessage.SERVER_HAS_LESS())
        raise_for_status(response.status_code, response.headers.get("Retry-After"), target)
        check_redirects(response)
        check_content_type(response, target)
        yield _body(response, start, target)


def client_timeouts(timeouts: DownloadTimeouts) -> httpx2.Timeout:
    """Return the client's timeouts."""
    import httpx2

    return httpx2.Timeout(timeouts.stall_s, connect=timeouts.connect_s)


def check_redirects(response: httpx2.Response) -> None:
    """Raise if an https URL redirected to http.

    Raises:
        DownloadError: A redirect drops encryption.
    """
    hops = [hop.url.scheme for hop in (*response.history, response)]
    if hops[0] == "https" and "http" in hops:
        raise DownloadError(DownloadMessage.UNENCRYPTED_REDIRECT())


def check_content_type(response: httpx2.Response, target: RequestedResource) -> None:
    """Raise if a web page came in place of a file.

    Raises:
        DownloadError: It is a web page, such as a network's login page.
    """
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise web_page_error(target.name)


def _body(response: httpx2.Response, start: int, target: RequestedResource) -> FileStream:
    headers = response.headers
    packed = headers.get("Content-Encoding", "identity") != "identity"
    size: int | None = None
    if response.status_code == 206:
        found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
        if found is None or int(found[1]) != start or packed:
            raise WrongFileError(DownloadMessage.RESUMED_ELSEWHERE())
        size = int(found[3])
    else:
        start = 0
        length = headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() and not packed else None
    mark = headers.get("ETag")
    return FileStream(
        start=start,
        size_bytes=size,
        version_mark=None if mark is None or mark.startswith("W/") else mark,
        chunks=_reject_web_page(_chunks(response, packed=packed), start, target),
        interrupt=lambda: _interrupt(response),
    )


def _reject_web_page(
    chunks: Iterator[bytes], start: int, target: RequestedResource
) -> Iterator[bytes]:
    """Yield the chunks; raise if the content starts like a web page."""
    for chunk in chunks:
        if start == 0 and chunk[:200].lstrip().lower().startswith(_PAGES):
            raise web_page_error(target.name)
        start += len(chunk)
        yield chunk


def _chunks(response: httpx2.Response, *, packed: bool) -> Iterator[bytes]:
    # Raw chunks arrive without delay; a fixed chunk size would buffer them.
    with translate_http_errors():
        yield from response.iter_bytes() if packed else response.iter_raw()


def _interrupt(response: httpx2.Response) -> None:
    """Close the socket, which wakes a thread waiting for the next byte."""
    stream = response.extensions.get("network_stream")
    raw = stream.get_extra_info("socket") if stream is not None else None
    if raw is not None:
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
