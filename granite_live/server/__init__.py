"""The local HTTP service: an OpenAI-shaped transcription API, and live events.

It needs the extra `granite-live[server]`: Starlette, uvicorn, websockets and python-multipart.
"""

from __future__ import annotations

import importlib.util
import sys

from granite_live.messages.control import ServerMessage
from granite_live.util.errors import ServerError

LIBRARIES = ("starlette", "uvicorn", "websockets", "python_multipart", "segno")
"""The modules of the extra `server`."""


def require_libraries() -> None:
    """Check that the service can be imported.

    Raises:
        ServerError: Libraries are missing; the message has the command that installs them.
    """
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        names = " ".join(name.replace("_", "-") for name in missing)
        raise ServerError(ServerMessage.LIBRARIES_MISSING(names=names, python=sys.executable))
