"""The token that programs send to the service, in a file of the user's."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from granite_live.messages.control import ServerMessage
from granite_live.util import paths
from granite_live.util.errors import ServerError

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
