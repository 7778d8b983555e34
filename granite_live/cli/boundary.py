"""The edge between the program and its user: every ending becomes an exit code and a line.

What a user can mend is told in its own words. Anything else is a defect of ours: its
traceback goes to a private log file, and the user gets one line that names the file.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from granite_live.errors import GraniteError, OutputError
from granite_live.logs import log_defect

EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits.h
EXIT_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
EXIT_BROKEN_PIPE = 141  # and for one whose reader went away


def run_guarded(work: Callable[[], int]) -> int:
    """Run `work` and return its exit code, or the one for what it raised."""
    try:
        code = _guarded(work)
        sys.stdout.flush()
    except BrokenPipeError:
        code = EXIT_BROKEN_PIPE
        drop_stdout()
    except OSError as error:  # only the flush is left to fail
        _tell(f"error: Standard output cannot be written to ({error.strerror}).")
        code = OutputError.exit_code
        drop_stdout()
    return code


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except GraniteError as error:
        _tell(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Interrupted.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _tell("error: The disk is full: make room and try again.")
            return OutputError.exit_code
        # This is the outermost edge: nothing may leave as a traceback.
        _tell(_defect(error))
        return EXIT_DEFECT


@contextmanager
def threads_guarded() -> Iterator[None]:
    """Let what a thread dies of go the way of any other defect while the body runs."""

    def hook(died: threading.ExceptHookArgs) -> None:
        if died.exc_value is not None:
            _tell(_defect(died.exc_value))

    before, threading.excepthook = threading.excepthook, hook
    try:
        yield
    finally:
        threading.excepthook = before


def use_utf8() -> None:
    """Make the standard streams UTF-8, whatever the locale says.

    A transcript is text in five languages; under LC_ALL=C Python would refuse to print
    it. What is not UTF-8 (in a file's name) is shown as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a test's stream may have none
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _defect(error: BaseException) -> str:
    what = f"error: Granite Live failed: {type(error).__name__}"
    try:
        path = log_defect(error)
    except OSError as log_error:
        return f"{what}: {error} (no log was written: {log_error.strerror})."
    return f"{what}. This is a defect; please report it with the details in {path}."


def _tell(line: str) -> None:
    try:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - the last resort
    except OSError:
        return  # nobody listens; the exit code still tells


def drop_stdout() -> None:
    """Point standard output nowhere, so that Python's own flush at the end stays quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
