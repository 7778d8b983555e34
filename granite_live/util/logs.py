"""Log files that are private to their owner and bounded in size; and what C libraries print."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import io
import logging
import logging.handlers
import os
import platform
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from granite_live import __version__
from granite_live.util import paths

_log = logging.getLogger(__name__)

LOG_NAME = "granite-live.log"
WORKER_LOG_NAME = "granite-live-worker.log"
_LOG_BYTES = 1_000_000
_OLD_LOGS = 2


class PrivateLogHandler(logging.handlers.RotatingFileHandler):
    """A rotating log file that only its owner can read, because it may name private files.

    A record that cannot be written, as on a full disk, is dropped.
    """

    def _open(self) -> io.TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self.baseFilename, flags, 0o600)
        return io.TextIOWrapper(io.FileIO(descriptor, "a"), encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Suppress the traceback on the user's terminal."""


def log_exception(error: BaseException) -> Path:
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
    """Return a handler that writes to the program's log file; the caller closes it.

    Raises:
        OSError: The log cannot be written.
    """
    return _handler(LOG_NAME, delay=False)


@contextlib.contextmanager
def log_to_file(
    name: str = LOG_NAME, level: int = logging.WARNING, *, crashes: bool = False
) -> Iterator[None]:
    """Log to a file while the body runs, including every unhandled exception.

    The file is created with the first record. If that fails, nothing is logged.

    Args:
        name: The file name in the log folder.
        level: The minimum level.
        crashes: Open the file at once, so that a crash in native code is logged, too.
    """
    handler = _handler(name, delay=True)
    root, hooks = logging.getLogger(), (threading.excepthook, sys.unraisablehook, sys.excepthook)
    level_before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    threading.excepthook, sys.unraisablehook, sys.excepthook = _thread, _unraisable, _uncaught
    # If crashes are logged already, this process's first log has them.
    watches = crashes and not faulthandler.is_enabled()
    watch = _watch_for_crashes(handler) if watches else None
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook, sys.excepthook = hooks
        root.removeHandler(handler)
        root.setLevel(level_before)
        if watch is not None:
            faulthandler.disable()
            os.close(watch)
        handler.close()


def redirect_stderr(name: str) -> None:
    """Redirect standard error permanently to a log file, also for C libraries."""
    handler = _handler(name, delay=True)
    with contextlib.suppress(OSError):
        stream = handler._open()
        os.dup2(stream.fileno(), 2)
        stream.close()


def _handler(name: str, *, delay: bool) -> PrivateLogHandler:
    path = paths.log_dir() / name
    handler = PrivateLogHandler(
        path, maxBytes=_LOG_BYTES, backupCount=_OLD_LOGS, delay=delay, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(process)d] %(message)s"))
    return handler


def _watch_for_crashes(handler: PrivateLogHandler) -> int | None:
    """Log crashes in native code; return the descriptor used for that, None without a log.

    The descriptor keeps its file when the log is rotated.
    """
    try:
        stream = handler._open()
    except OSError:
        return None
    descriptor = os.dup(stream.fileno())
    stream.close()
    faulthandler.enable(descriptor)
    return descriptor


def _thread(died: threading.ExceptHookArgs) -> None:
    name = died.thread.name if died.thread is not None else "?"
    if died.exc_value is not None:
        _log.critical("The thread '%s' failed.", name, exc_info=died.exc_value)


def _unraisable(ignored: sys.UnraisableHookArgs) -> None:
    if ignored.exc_value is not None:
        what = ignored.err_msg or "Exception ignored in"
        _log.error("%s: %r", what, ignored.object, exc_info=ignored.exc_value)


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    _log.critical("Unhandled exception.", exc_info=(kind, error, traceback))


NATIVE_LOG_NAME = "sound-system.log"
_MAX_BYTES = 1_000_000
_LINE_BUFFERED = 1


class NativeLog:
    """The log file of the C libraries. Private, truncated at every start of the program."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def begin(cls, folder: Path) -> Self | None:
        """Make C libraries write to a file in `folder` until the program ends.

        Only with glibc, whose manual allows assigning `stderr`. Elsewhere, and if the file cannot
        be created, nothing changes and None is returned.
        """
        path = folder / NATIVE_LOG_NAME
        try:
            os.confstr("CS_GNU_LIBC_VERSION")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        except (AttributeError, ValueError, OSError):
            return None
        libc = ctypes.CDLL(None)
        libc.fopen.restype = ctypes.c_void_p
        # Append mode, so that no zeros are written after `truncate_if_long` truncates the file.
        file = libc.fopen(os.fsencode(path), b"ae")
        if file is None:
            return None
        libc.setvbuf(ctypes.c_void_p(file), None, _LINE_BUFFERED, 0)
        ctypes.c_void_p.in_dll(libc, "stderr").value = file
        return cls(path)

    def truncate_if_long(self) -> None:
        """Truncate the file if it has become long, as after hours of failing devices."""
        with contextlib.suppress(OSError):  # the file was deleted
            if self._path.stat().st_size > _MAX_BYTES:
                os.truncate(self._path, 0)
