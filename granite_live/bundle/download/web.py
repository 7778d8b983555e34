"""Files over HTTP: from where we stopped, never more than was announced."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from granite_live.bundle.download.body import Body
from granite_live.bundle.download.environment import untrusted
from granite_live.bundle.download.failures import (
    PassingTroubleError,
    Target,
    WrongFileError,
    page_instead,
    raise_for,
)
from granite_live.bundle.download.patience import Patience
from granite_live.errors import DownloadError

if TYPE_CHECKING:
    import httpx2

_PAGES = (b"<!doctype html", b"<html")
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@contextmanager
def telling() -> Iterator[None]:
    """Turn what the line does to us into our own errors.

    Raises:
        PassingTroubleError: It broke, or nothing answers.
        DownloadError: The address leads nowhere that can be read.
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
    """Ask for the bytes of `url` from `start` on.

    Args:
        client: What to ask with.
        url: Of the file.
        patience: How long to wait.
        headers: To send along.
        start: The first byte wanted.
        mark: What the source called the version that the earlier bytes are of; with one, the
            file comes from its beginning if it changed.
        target: What is asked for.

    Raises:
        PassingTroubleError, DownloadError: It does not come.
        WrongFileError: The server has less of it than we have.
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
    """Return how long a client waits."""
    import httpx2

    return httpx2.Timeout(patience.stall_s, connect=patience.connect_s)


def check_hops(response: httpx2.Response) -> None:
    """Do nothing, unless a safe address led to one that everybody on the way can read.

    Raises:
        DownloadError: It did.
    """
    hops = [hop.url.scheme for hop in (*response.history, response)]
    if hops[0] == "https" and "http" in hops:
        raise DownloadError(
            "The server leads to an address without encryption, which is not followed: take the "
            "model from elsewhere with --from."
        )


def check_page(response: httpx2.Response, target: Target) -> None:
    """Do nothing, unless a web page came in place of a file.

    Raises:
        DownloadError: It did, as where a network wants its users to sign in first.
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
    """Give the chunks; a page that does not say so is known by its beginning."""
    for chunk in chunks:
        if start == 0 and chunk[:200].lstrip().lower().startswith(_PAGES):
            raise page_instead(target.name)
        start += len(chunk)
        yield chunk


def _chunks(response: httpx2.Response, *, packed: bool) -> Iterator[bytes]:
    # Raw pieces come as they arrive; a size of our own would hold them back until it is full.
    with telling():
        yield from response.iter_bytes() if packed else response.iter_raw()


def _interrupt(response: httpx2.Response) -> None:
    """Wake a thread that waits for the next byte: it finds the connection closed."""
    stream = response.extensions.get("network_stream")
    raw = stream.get_extra_info("socket") if stream is not None else None
    if raw is not None:
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
