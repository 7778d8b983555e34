"""The log file: private to its owner, and never large."""

from __future__ import annotations

import io
import logging
import logging.handlers
import os
import platform
import sys
from pathlib import Path

from granite_live import __version__, paths

_LOG_BYTES = 1_000_000
_OLD_LOGS = 2


class PrivateLogHandler(logging.handlers.RotatingFileHandler):
    """A rotating log file that only its owner can read: it may name private files."""

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self.baseFilename, flags, 0o600)
        return io.TextIOWrapper(io.FileIO(descriptor, "a"), encoding="utf-8")


def log_defect(error: BaseException) -> Path:
    """Append the error's traceback to the log file and return the file's path.

    Raises:
        OSError: The log cannot be written.
    """
    handler = open_log()
    try:
        system = f"Granite Live {__version__}, Python {platform.python_version()}, {sys.platform}"
        info = (type(error), error, error.__traceback__)
        record = logging.LogRecord(
            "granite_live", logging.ERROR, __file__, 0, "%s: %s", (system, sys.argv[1:]), info
        )
        handler.handle(record)
    finally:
        handler.close()
    return Path(handler.baseFilename)


def open_log() -> PrivateLogHandler:
    """Return a handler that writes to the program's log file; to be closed by the caller.

    Raises:
        OSError: The log cannot be written.
    """
    folder = paths.log_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "granite-live.log"
    handler = PrivateLogHandler(path, maxBytes=_LOG_BYTES, backupCount=_OLD_LOGS)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler
