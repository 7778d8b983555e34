"""Download files over HTTP: resume, and never accept more than announced."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from granite_live.models.download.body import Body
from granite_live.models.download.environment import untrusted
from granite_live.models.download.failures import (
    PassingTroubleError,
    Target,
    WrongFileError,
    page_instead,
    raise_for,
)
from granite_live.models.download.patience import Patience
from granite_live.util.errors import DownloadError

if TYPE_CHECKING:
    import httpx2

_PAGES = (b"<!doctype html", b"<html")
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@contextmanager
def telling() -> Iterator[None]:
    """Turn HTTP client errors into our own.

    Raises:
        PassingTroubleError: The connection broke or timed out.
        DownloadError: The URL cannot be used.
    """
    import httpx2

    try:
        yield
    except httpx2.TimeoutException as error:
        raise PassingTroubleError("the server does not answer") from error
    except httpx2.ConnectError as error:
        if (refusal := untrusted(error)) is not None:
            raise refusal from error
        raise PassingTroubleError("there is no connection to the server") from error
    except (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.ProxyError) as error:
        raise PassingTroubleError("the connection broke") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
        raise DownloadError(
            f"The server's answer cannot be understood ({str(error)[:80]}): check the address, or "
            f"take the model from elsewhere with --from."
        ) from error


@contextmanager
def open_body(
    client: httpx2.Client,
    url: str,
    patience: Patience,
    *,
    headers: Mapping[str, str],
    start: int,
    mark: str | None,
    target: Target,
) -> Iterator[Body]:
    """Request the bytes of `url` from `start` on.

    Args:
        client: The HTTP client.
        url: The file's URL.
        patience: Timeouts.
        headers: Extra request headers.
        start: The first byte.
        mark: The version mark of the earlier bytes. If the file has changed, it is sent from its
            beginning.
        target: The resource, for messages.

    Raises:
        PassingTroubleError, DownloadError: The request failed.
        WrongFileError: The server's file is shorter than `start`.
    """
    wanted = {**headers, "Accept-Encoding": "identity"}
    if start:
        wanted["Range"] = f"bytes={start}-"
        if mark is not None:
            wanted["If-Range"] = mark
    with (
        telling(),
        client.stream("GET", url, headers=wanted, timeout=timeouts(patience)) as response,
    ):
        if response.status_code == 416:
            raise WrongFileError("the server has less of it than is here")
        raise_for(response.status_code, response.headers.get("Retry-After"), target)
        check_hops(response)
        check_page(response, target)
        yield _body(response, start, target)


def timeouts(patience: Patience) -> httpx2.Timeout:
    """Return the client's timeouts."""
    import httpx2

    return httpx2.Timeout(patience.stall_s, connect=patience.connect_s)


def check_hops(response: httpx2.Response) -> None:
    """Raise if an https URL redirected to http.

    Raises:
        DownloadError: A redirect drops encryption.
    """
    hops = [hop.url.scheme for hop in (*response.history, response)]
    if hops[0] == "https" and "http" in hops:
        raise DownloadError(
            "The server leads to an address without encryption, which is not followed: take the "
            "model from elsewhere with --from."
        )


def check_page(response: httpx2.Response, target: Target) -> None:
    """Raise if a web page came in place of a file.

    Raises:
        DownloadError: It is a web page, such as a network's login page.
    """
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise page_instead(target.name)


def _body(response: httpx2.Response, start: int, target: Target) -> Body:
    headers = response.headers
    packed = headers.get("Content-Encoding", "identity") != "identity"
    size: int | None = None
    if response.status_code == 206:
        found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
        if found is None or int(found[1]) != start or packed:
            raise WrongFileError("the server resumed it at another place")
        size = int(found[3])
    else:
        start = 0
        length = headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() and not packed else None
    mark = headers.get("ETag")
    return Body(
        start=start,
        size_bytes=size,
        mark=None if mark is None or mark.startswith("W/") else mark,
        chunks=_no_page(_chunks(response, packed=packed), start, target),
        interrupt=lambda: _interrupt(response),
    )


def _no_page(chunks: Iterator[bytes], start: int, target: Target) -> Iterator[bytes]:
    """Yield the chunks; raise if the content starts like a web page."""
    for chunk in chunks:
        if start == 0 and chunk[:200].lstrip().lower().startswith(_PAGES):
            raise page_instead(target.name)
        start += len(chunk)
        yield chunk


def _chunks(response: httpx2.Response, *, packed: bool) -> Iterator[bytes]:
    # Raw chunks arrive without delay; a fixed chunk size would buffer them.
    with telling():
        yield from response.iter_bytes() if packed else response.iter_raw()


def _interrupt(response: httpx2.Response) -> None:
    """Close the socket, which wakes a thread waiting for the next byte."""
    stream = response.extensions.get("network_stream")
    raw = stream.get_extra_info("socket") if stream is not None else None
    if raw is not None:
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
