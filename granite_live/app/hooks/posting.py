"""Send a text to a program of this computer. It connects to no other one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from granite_live.messages.control import HookMessage
from granite_live.util.errors import HookError


def check_url(url: str) -> SplitResult:
    """Return the parts of an address of this computer.

    A name other than localhost is refused, since it may lead elsewhere.

    Raises:
        HookError: It is another address, or not one of HTTP.
    """
    import ipaddress

    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here or parts.scheme != "http":
        raise HookError(HookMessage.BAD_URL(url=url))
    return parts


def post(url: str, body: Mapping[str, str], limit_s: float) -> None:
    """Send a JSON object; redirections are not followed.

    Raises:
        HookError: The answer is an error, or there is none in time.
        OSError: There is no connection.
    """
    import http.client  # the window starts without it

    parts = check_url(url)
    # "localhost" is not looked up, so that nobody can answer for it.
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    connection = http.client.HTTPConnection(host, parts.port, timeout=limit_s)
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        headers = {"Content-Type": "application/json", "Host": parts.netloc}
        connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)
        status = connection.getresponse().status
    except TimeoutError as error:
        raise HookError(HookMessage.TIME_LIMIT(seconds=limit_s)) from error
    except http.client.HTTPException as error:
        raise HookError(HookMessage.BAD_ANSWER(reason=type(error).__name__)) from error
    finally:
        connection.close()
    if status >= 300:
        raise HookError(HookMessage.BAD_ANSWER(reason=f"HTTP {status}"))
