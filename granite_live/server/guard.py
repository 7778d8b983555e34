"""What every request passes first: Host and Origin, the token, which a file holds, the size.

`ApiError` is how a request is refused, in the form of OpenAI's API.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.responses import JSONResponse

from granite_live.messages.control import ServerMessage
from granite_live.util import paths
from granite_live.util.errors import ServerError

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class ApiError(Exception):
    """A request that is refused, with its HTTP status and what OpenAI's clients expect."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str,
        param: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param
        self.headers = headers or {}

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        kind = _TYPES.get(
            self.status, "server_error" if self.status >= 500 else "invalid_request_error"
        )
        return {
            "error": {
                "message": self.message,
                "type": kind,
                "param": self.param,
                "code": self.code,
            }
        }

    def response(self) -> Any:
        """Return the answer."""
        return JSONResponse(self.body, self.status, headers=self.headers)


Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
CAPTION_PATHS = frozenset({"/captions", "/v1/live/events"})
"""What other devices may request: the captions can be read, and nothing can be sent."""
_OPEN_PATHS = frozenset({"/healthz"})
"""Paths that need no token: they tell nothing but that the service is there."""
_REFUSED_WEBSOCKET = 1008


@dataclass(frozen=True, slots=True)
class Guard:
    """An ASGI application that refuses requests which the user did not allow.

    A page of another site can send requests to this computer from the user's browser. Its Host
    header names another host (DNS rebinding), or its Origin is another site; both are refused.

    Attributes:
        app: The application behind it.
        token: What a request must bear, "" if none is needed.
        max_body_bytes: The longest body that may be announced.
        hosts: The names of this computer that requests may use.
        paths: The only paths that may be requested; None for all.
    """

    app: Application
    token: str
    max_body_bytes: int
    hosts: frozenset[str] = LOOPBACK_HOSTS
    paths: frozenset[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        try:
            self._check(scope)
        except ApiError as error:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": _REFUSED_WEBSOCKET})
            else:
                await error.response()(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        if _host_of(f"//{headers.get('host', '')}") not in self.hosts:
            raise ApiError(403, "The Host header does not name this computer.", code="wrong_host")
        origin = headers.get("origin")
        if origin is not None and _host_of(origin) not in self.hosts:
            raise ApiError(403, "Pages of other sites have no access.", code="wrong_origin")
        if self.paths is not None and scope["path"] not in self.paths:
            raise ApiError(403, "Only the captions are shared.", code="not_shared")
        if self.token and scope["path"] not in _OPEN_PATHS:
            self._check_token(headers, scope)
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self.max_body_bytes:
            raise too_large(self.max_body_bytes)

    def _check_token(self, headers: dict[str, str], scope: Scope) -> None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            # An EventSource or WebSocket of a browser cannot send headers.
            query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
            given = query.get("token", [""])[0]
        if not hmac.compare_digest(given.strip().encode(), self.token.encode()):
            raise ApiError(
                401,
                "The token is missing or wrong: send 'Authorization: Bearer TOKEN' with the token "
                "that 'granite-live serve' names.",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )


def too_large(max_bytes: int) -> ApiError:
    """Return the refusal of a body that is longer than this."""
    return ApiError(
        413,
        f"The request is longer than {max_bytes // 1_000_000} MB.",
        code="request_too_large",
        param="file",
    )


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


_TOKEN_BYTES = 32


def token_path() -> Path:
    """Return the file of the token. It may not exist yet."""
    return paths.config_dir() / "server-token"


def load_token() -> str:
    """Return the stored token; make one if there is none.

    Raises:
        ServerError: The file cannot be read or written.
    """
    path = token_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            path.chmod(0o600)
            token = path.read_text(encoding="utf-8").strip()
            if not token:
                raise ServerError(ServerMessage.TOKEN_EMPTY(path=path)) from None
            return token
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            file.write(f"{token}\n")
            return token
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServerError(ServerMessage.TOKEN_UNUSABLE(path=path, reason=reason)) from error
    except UnicodeDecodeError as error:
        raise ServerError(ServerMessage.TOKEN_EMPTY(path=path)) from error
